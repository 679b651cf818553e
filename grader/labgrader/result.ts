import type { Story } from "../../labs/kit";
import type { Visibility } from "./suite";

/**
 * How a test ended. "not-written": a stub of the skeleton was reached. "not-run": it builds on tests whose tasks are
 * not written. "error": the grader itself failed, which is never the student's fault.
 */
export type TestState = "passed" | "failed" | "not-written" | "not-run" | "error";

/** What a report says of one test of one submission. */
export interface TestVerdict {
  readonly number: string;
  readonly title: string;
  readonly path: readonly string[];
  readonly visibility: Visibility;
  readonly state: TestState;
  readonly points: number;
  readonly maxPoints: number;
  /** Why it did not pass. */
  readonly failure?: TestFailure | undefined;
  /** True in a student's copy: this test shows only its result, and `failure.text` is in the grader's words alone. */
  readonly isWithheld?: true | undefined;
}

/** One test of one submission, and the work that it was. */
export interface TestResult extends TestVerdict {
  readonly seedsRun: number;
  readonly seedsPlanned: number;
  /** Simulated events over all its runs. */
  readonly events: number;
  /** Virtual milliseconds over all its runs. */
  readonly virtualMs: number;
  /** Wall-clock milliseconds from its first run to its verdict. Tests run side by side: sums mean nothing. Never part of the verdict. */
  readonly wallMs: number;
}

export interface TestFailure {
  /** The message for the student: a whole story, or a line. */
  readonly text: string;
  /** The story as data, if a run of the simulated world failed. */
  readonly story?: Story | undefined;
  /** The seed of the run. */
  readonly seed?: number | undefined;
  /** The command that shows the run again. */
  readonly replay?: string | undefined;
  /** The command that plays the run on the code that there is by then, if the run is kept. */
  readonly mended?: string | undefined;
  /** The file in which the run is drawn, if it is: as whoever shows this result can find it. */
  readonly diagram?: string | undefined;
}

/** A whole suite on one submission. */
export interface SuiteResult<Test extends TestVerdict = TestResult> {
  readonly suite: string;
  readonly points: number;
  readonly maxPoints: number;
  readonly tests: readonly Test[];
}

/** Adds up. The order of `tests` is kept. */
export function suiteResult(suite: string, tests: readonly TestResult[]): SuiteResult {
  return {
    suite,
    points: sum(tests.map(({ points }) => points)),
    maxPoints: sum(tests.map(({ maxPoints }) => maxPoints)),
    tests,
  };
}

/** How many tests ended in which state. */
export function countStates(tests: readonly TestVerdict[]): Readonly<Record<TestState, number>> {
  const counts = { passed: 0, failed: 0, "not-written": 0, "not-run": 0, error: 0 };
  for (const { state } of tests) counts[state] += 1;
  return counts;
}

function sum(numbers: readonly number[]): number {
  return Math.round(numbers.reduce((total, number) => total + number, 0) * 100) / 100;
}
