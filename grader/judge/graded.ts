import type { SuiteResult } from "../labgrader/result";

/** What came of grading one lab of one submission. */
export type Graded =
  | { readonly kind: "graded"; readonly result: SuiteResult }
  /** The submission cannot be run at all; `text` tells its author why. It does not count as an attempt. */
  | { readonly kind: "problem"; readonly text: string }
  /** The grader could not do its work. Never a zero. */
  | { readonly kind: "grader-error"; readonly text: string };
