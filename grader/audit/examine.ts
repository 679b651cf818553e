import { readyOwn } from "../catalogue/check";
import type { TestResult, TestState } from "../labgrader/result";
import type { RunEvent } from "../labgrader/runner";
import type { TestCase } from "../labgrader/suite";
import type { Submission } from "../submission/intake";
import { suiteOf } from "../suites";

/** One program against its lab's suite, on one base seed: plain data, so that it can be sent to another process. */
export interface Task {
  readonly submission: Submission;
  readonly baseSeed: number;
  /** Runs of each test, instead of what the suite says. */
  readonly seeds?: number | undefined;
  /** The test to begin with; then the examination ends with the first test that fails. Without: all tests are run. */
  readonly firstDetectionFrom?: string | undefined;
}

/** What one test said of a program. */
export interface TestOutcome {
  readonly number: string;
  readonly state: TestState;
  /** Runs until it was decided: if it failed, the last of them is the first that failed. */
  readonly seedsRun: number;
  readonly seedsPlanned: number;
  /** CPU time of this process meanwhile, user and system, in milliseconds. */
  readonly cpuMs: number;
  /** The seed of the run that failed. */
  readonly seed?: number | undefined;
  /** Why it did not pass, in a line. */
  readonly headline?: string | undefined;
}

/** What became of a {@link Task}. */
export interface Examination {
  readonly baseSeed: number;
  /** In the order in which they were run. */
  readonly tests: readonly TestOutcome[];
  /** CPU time in all, in milliseconds: the tests, and making the program ready. */
  readonly cpuMs: number;
  /** Why there is no result, which is neither the program's nor the suite's merit. */
  readonly lost?: string | undefined;
}

/** The program that was made ready last, by its files: several rounds of it come in a row. */
let ready: { readonly files: string; readonly run: ReadyRun } | undefined;
type ReadyRun = Awaited<ReturnType<typeof readyOwn>>;

/** Runs the suite on a program of ours, in this process. */
export async function examine(task: Task): Promise<Examination> {
  const { submission, baseSeed, seeds, firstDetectionFrom } = task;
  const startedAt = cpuMs();
  const run = await readyRun(submission);
  const tests: TestOutcome[] = [];
  const runSome = async (select?: (test: TestCase) => boolean): Promise<void> => {
    let since = cpuMs();
    const onEvent = (event: RunEvent): void => {
      if (event.kind !== "test-end") return;
      const now = cpuMs();
      tests.push(outcomeOf(event.result, rounded(now - since)));
      since = now;
    };
    await run({ baseSeed, seeds, clock: cpuMs, select, onEvent });
  };
  if (firstDetectionFrom === undefined) await runSome();
  else
    for (const test of beginningWith(firstDetectionFrom, suiteOf(submission.lab).tests)) {
      await runSome((other) => other === test);
      if (tests.at(-1)?.state === "failed") break;
    }
  return { baseSeed, tests, cpuMs: rounded(cpuMs() - startedAt) };
}

async function readyRun(submission: Submission): Promise<ReadyRun> {
  const files = JSON.stringify([submission.lab.number, submission.files]);
  if (ready?.files !== files) ready = { files, run: await readyOwn(submission) };
  return ready.run;
}

function outcomeOf(result: TestResult, cpuMs: number): TestOutcome {
  const { number, state, seedsRun, seedsPlanned, failure } = result;
  const headline = failure?.text.split("\n")[0];
  return { number, state, seedsRun, seedsPlanned, cpuMs, seed: failure?.seed, headline };
}

function beginningWith(number: string, tests: readonly TestCase[]): readonly TestCase[] {
  const isFirst = (test: TestCase): boolean => test.number === number;
  return [...tests.filter(isFirst), ...tests.filter((test) => !isFirst(test))];
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** To whole microseconds: a difference has digits that mean nothing. */
function rounded(millis: number): number {
  return Math.round(millis * 1_000) / 1_000;
}
