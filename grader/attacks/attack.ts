import type { Submission } from "./submission";

/** What becomes of an attack, compared with what the same code would earn without it. */
export type Verdict =
  /** It runs and changes nothing: points are those of the same code without it. */
  | "no effect"
  /** Tests in which it shows are failed. */
  | "fewer points"
  /** It shows in every test. */
  | "no points"
  /** It is not run at all, and its author is told why. It does not count as an attempt. */
  | "refused";

/** A small submission that means harm, or only looks like it, and what must become of it. */
export interface Attack {
  /** "06c": the number of its line, and a letter. */
  readonly id: string;
  /** What it does. */
  readonly does: string;
  readonly submission: Submission;
  readonly verdict: Verdict;
  /** What the report has to say about it. */
  readonly says?: RegExp;
  /** The same code without the attack. If nothing is said: the reference solution. */
  readonly honest?: Submission;
  /** The submission's name, where that is the attack. */
  readonly called?: string;
  /** A hole: what happens today instead. The attack is not run until that is mended and this is taken away. */
  readonly open?: string;
  /** Tests to be run, where the usual few would take too long or not show it. */
  readonly only?: readonly string[];
}

/** One idea, in all its forms. */
export interface Line {
  /** 1 to 36. */
  readonly number: number;
  readonly title: string;
  /** What happens, for the instructor: one or two sentences. */
  readonly happens: string;
  readonly attacks: readonly Attack[];
}

/** Lines that belong together. */
export interface Group {
  readonly title: string;
  readonly lines: readonly Line[];
}

/** The attack's name as a submission. */
export function nameOfAttack({ id, called }: Attack): string {
  return called ?? id;
}
