import type { SuiteResult, TestResult } from "../labgrader/result";
import { inThisProcess, type RunEvent, runSuite } from "../labgrader/runner";
import type { TestCase } from "../labgrader/suite";
import { bundle } from "../submission/bundle";
import type { Submission } from "../submission/intake";
import { load } from "../submission/load";
import { suiteOf } from "../suites";
import type { Mutant } from "./catalogue";

/** How much of a suite to run on a program of ours. */
export interface Effort {
  readonly baseSeed: number;
  /** Runs of each test, instead of what the suite says. */
  readonly seeds?: number | undefined;
  readonly select?: ((test: TestCase) => boolean) | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** What `wallMs` and the time that a test may take are measured with, in milliseconds. Without: the time of day. */
  readonly clock?: (() => number) | undefined;
}

/** Runs a lab's hidden suite on one of our own programs, in this process: they are trusted. */
export async function gradeOwn(submission: Submission, effort: Effort): Promise<SuiteResult> {
  return (await readyOwn(submission))(effort);
}

/** The same in two steps, for who runs the suite on one program several times: making it ready costs more than a test. */
export async function readyOwn(submission: Submission): Promise<(effort: Effort) => Promise<SuiteResult>> {
  const { makeHost } = load(await bundle(submission), submission.lab);
  return (effort) => {
    const { clock = () => performance.now(), seeds } = effort;
    return runSuite(suiteOf(submission.lab), { ...effort, ...inThisProcess(makeHost, { clock, seeds }) });
  };
}

/** What became of a mutant. */
export interface Verdict {
  readonly mutant: Mutant;
  /** The tests that failed, in order. */
  readonly caughtBy: readonly TestResult[];
  /** The result of the test that is meant to catch it; undefined if there is no such test. */
  readonly intended: TestResult | undefined;
}

/** Runs the suite, or only the intended test, on a mutant. */
export async function tryMutant(mutant: Mutant, effort: Effort, onlyIntended: boolean): Promise<Verdict> {
  const select = onlyIntended ? ({ number }: TestCase) => number === mutant.caughtBy : effort.select;
  const { tests } = await gradeOwn(mutant.submission, { ...effort, select });
  return {
    mutant,
    caughtBy: tests.filter(({ state }) => state === "failed"),
    intended: tests.find(({ number }) => number === mutant.caughtBy),
  };
}
