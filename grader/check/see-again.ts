import pc from "picocolors";
import { runText, type World } from "../../labs/kit";
import { ReasonsSoFar } from "../labgrader/reasons";
import { prettyTest } from "../labgrader/reporters/pretty";
import type { SuiteResult } from "../labgrader/result";
import { inThisProcess, runSuite } from "../labgrader/runner";
import { shrinkHere } from "../labgrader/shrink-here";
import type { TestCase } from "../labgrader/suite";
import { bundle } from "../submission/bundle";
import type { Submission } from "../submission/intake";
import { load } from "../submission/load";
import { publicSuiteOf } from "../suites";
import { PUBLIC_BASE_SEED } from "./grade-public-tests";

/** Which runs are shown, and how much of them. */
export interface Showing {
  /** Without: every seed of each test. */
  readonly seed?: number | undefined;
  readonly seeds?: number | undefined;
  /** True: event by event. */
  readonly trace: boolean;
  /** True: every run is made twice. */
  readonly checkDeterminism: boolean;
}

/**
 * Runs tests in this process and prints them. The code is the student's own, and nothing is graded here; what a
 * server does, and when, is the same as under the judge.
 */
export async function seeAgain(
  submission: Submission,
  chosen: readonly TestCase[],
  { seed, seeds, trace, checkDeterminism }: Showing,
): Promise<SuiteResult> {
  const { makeHost } = load(await bundle(submission), submission.lab);
  const reasons = new ReasonsSoFar();
  return runSuite(publicSuiteOf(submission.lab), {
    ...inThisProcess(makeHost, { clock: () => performance.now() }),
    baseSeed: PUBLIC_BASE_SEED,
    seed,
    seeds,
    checksDeterminism: checkDeterminism,
    shrink: shrinkHere(makeHost),
    select: (test) => chosen.includes(test),
    onWorld: (test, world) => {
      if (trace) console.log(traceWords(test, world));
    },
    onEvent: (event) => {
      if (event.kind === "test-end") console.log(prettyTest(event.result, reasons.toldBy(event.result)));
    },
  });
}

function traceWords(test: TestCase, world: World): string {
  const head = `${test.number} seed ${world.seed}, ${world.ids.length} servers, trace ${world.traceHash}`;
  return `${pc.dim(head)}\n${runText(world)}`;
}
