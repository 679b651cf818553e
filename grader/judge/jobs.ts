import type { Graded } from "./graded";
import type { GradeOptions } from "./judging";

/** What a judge is told over its channel. */
export interface Job {
  /** The submission: a folder or an archive. */
  readonly place: string;
  /** "1" */
  readonly lab: string;
  readonly options: Omit<GradeOptions, "onEvent" | "onWorld">;
}

/** What it answers. */
export interface Answer {
  readonly graded: Graded;
  /** What the walls around its cells lack on this machine; undefined if nothing, or if none was needed. */
  readonly reduced: string | undefined;
}
