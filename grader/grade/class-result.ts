import type { Graded } from "../judge/graded";
import { printableTest } from "../labgrader/reporters/printable-test";
import type { SuiteResult, TestResult, TestVerdict } from "../labgrader/result";
import { printableName } from "../submission/printable-name";
import { printable } from "../tools/printable";

/** One lab of one submission in a grading. */
export interface SubmissionResult<Test extends TestVerdict = TestResult> {
  /** The submission's folder name. */
  readonly student: string;
  /** "1" */
  readonly lab: string;
  readonly graded:
    | Exclude<Graded, { readonly kind: "graded" }>
    | NotHandedIn
    | { readonly kind: "graded"; readonly result: SuiteResult<Test> };
}

/**
 * There is nothing of this lab in the submission, though others have handed it in; `text` tells its author what there is.
 * It counts as 0 in sums, but it is not a program that fails, and nothing that the grader could not grade.
 */
export interface NotHandedIn {
  readonly kind: "not-handed-in";
  readonly text: string;
}

/** The mark of a lab that a student has not handed in. No test has it. */
export const NOT_HANDED_IN = "·";

/** What somebody needs to know to grade the same again: with this, the same files get the same verdicts. */
export interface Basis {
  readonly baseSeed: number;
  /** Runs of each test; absent if each had as many as the suite says. */
  readonly seeds?: number | undefined;
  /** The release of the course that graded: "0.1.0" */
  readonly course: string;
}

/** The grading of one lab: what the terminal table, the JSON file and the HTML report show. */
export interface ClassResult<Test extends TestVerdict = TestResult> {
  /** "Lab 1 · Leader election" */
  readonly title: string;
  readonly maxPoints: number;
  readonly submissions: readonly SubmissionResult<Test>[];
  /** How it was graded. No student's copy has it: the base seed is the course's secret. */
  readonly basis?: Basis | undefined;
  /** What the walls around submissions lacked on the machine that graded; absent if nothing. */
  readonly reducedIsolation?: string | undefined;
}

/**
 * What a submission brought, its name too, with all that its author wrote made printable. Everything that a grading
 * shows or writes comes through here, once: the table, the files and the pages hold no raw word of a submission.
 */
export function printableSubmission({ student, lab, graded }: SubmissionResult): SubmissionResult {
  const name = printableName(student);
  if (graded.kind !== "graded")
    return { student: name, lab, graded: { ...graded, text: printable(graded.text) } };
  const tests = graded.result.tests.map(printableTest);
  return { student: name, lab, graded: { ...graded, result: { ...graded.result, tests } } };
}

/** Points of a submission; undefined where the grader failed, which must never look like a zero. */
export function pointsOf({ graded }: SubmissionResult<TestVerdict>): number | undefined {
  switch (graded.kind) {
    case "graded":
      return hasGraderError(graded.result) ? undefined : graded.result.points;
    case "problem":
    case "not-handed-in":
      return 0;
    case "grader-error":
      return undefined;
  }
}

/** Points that say something about the lab: of those who have handed it in, and whom the grader could grade. */
export function pointsHandedIn(submissions: readonly SubmissionResult<TestVerdict>[]): number[] {
  return submissions
    .filter(({ graded }) => graded.kind !== "not-handed-in")
    .map(pointsOf)
    .filter((points) => points !== undefined);
}

/** The middle one of some numbers; undefined if there are none. */
export function median(numbers: readonly number[]): number | undefined {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return undefined;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A line for an overview: what its author should look at first. */
export function firstLookOf({ graded }: SubmissionResult<TestVerdict>): string {
  switch (graded.kind) {
    case "problem":
    case "not-handed-in":
    case "grader-error":
      return graded.text.split("\n")[0];
    case "graded": {
      const { tests } = graded.result;
      const failed =
        tests.find(({ state }) => state === "failed") ?? tests.find(({ state }) => state !== "passed");
      if (failed === undefined) return "complete";
      return `${failed.number}  ${failed.failure?.text.split("\n")[0] ?? failed.title}`;
    }
  }
}

export function hasGraderError(result: SuiteResult<TestVerdict>): boolean {
  return result.tests.some(({ state }) => state === "error");
}
