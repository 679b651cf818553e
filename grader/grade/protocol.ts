import type { TestResult } from "../labgrader/result";
import type { SourceFile } from "../submission/intake";

/** What a worker is told on its standard input, as JSON. */
export interface Job {
  readonly lab: string;
  readonly files: readonly SourceFile[];
  /** Where they came from, as the instructor named it: for the command that replays a run. */
  readonly folder: string;
  readonly baseSeed: number;
  readonly seeds?: number | undefined;
  /** The tests to run, by number. */
  readonly tests: readonly string[];
  /** Only this seed, and say before each event which server gets it: to find the handler that does not return. */
  readonly locate?: { readonly seed: number } | undefined;
}

/** What a worker says on its file descriptor 3, one JSON object a line. */
export type Note =
  /** The submission's own code runs from here on: what goes wrong now is its doing. */
  | { readonly kind: "loading" }
  | { readonly kind: "run"; readonly test: string; readonly seed: number }
  | { readonly kind: "alive" }
  | { readonly kind: "event"; readonly what: string }
  | { readonly kind: "result"; readonly result: TestResult }
  | { readonly kind: "problem"; readonly text: string }
  /** The grader's own code failed: never the student's fault. */
  | { readonly kind: "fault"; readonly text: string }
  | { readonly kind: "done" };

/** The worker's channel to its supervisor. */
export const CHANNEL = 3;
