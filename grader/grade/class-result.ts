import type { SuiteResult } from "../labgrader/result";
import type { Graded } from "./supervise";

/** One lab of one submission in a grading. */
export interface SubmissionResult {
  /** The submission's folder name. */
  readonly student: string;
  /** "1" */
  readonly lab: string;
  readonly graded: Graded;
}

/** A whole grading: what the terminal table, the JSON file and the HTML report show. */
export interface ClassResult {
  /** "Lab 1 · Leader election" */
  readonly title: string;
  readonly maxPoints: number;
  readonly submissions: readonly SubmissionResult[];
}

/** Points of a submission; undefined where the grader failed, which must never look like a zero. */
export function pointsOf({ graded }: SubmissionResult): number | undefined {
  switch (graded.kind) {
    case "graded":
      return hasGraderError(graded.result) ? undefined : graded.result.points;
    case "problem":
      return 0;
    case "grader-error":
      return undefined;
  }
}

/** A line for an overview: what its author should look at first. */
export function firstLookOf({ graded }: SubmissionResult): string {
  switch (graded.kind) {
    case "problem":
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

export function hasGraderError(result: SuiteResult): boolean {
  return result.tests.some(({ state }) => state === "error");
}
