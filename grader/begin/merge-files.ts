import { tasksWithStubs, withImportOfStubs } from "./stubs";
import { inStyleOf, styledText } from "./text-style";
import { threeWayMerge } from "./three-way";

/** Three versions of a file, and what to call two of them. */
export interface Versions {
  /** The skeleton of the lab before, as it was handed out. */
  readonly base: string;
  /** What the student made of it. */
  readonly ours: string;
  /** The skeleton of the lab that begins. */
  readonly theirs: string;
  /** "your lab 1" */
  readonly oursName: string;
  /** "lab 2's skeleton" */
  readonly theirsName: string;
}

/** A file in which a lab can begin. */
export interface MergedText {
  readonly text: string;
  /** Lines of the markers `<<<<<<<`, from 1. */
  readonly conflicts: readonly number[];
  /** Tasks that were not written before and still are not. */
  readonly openTasks: readonly string[];
  /** Tasks that the old skeleton did not have. */
  readonly newTasks: readonly string[];
  /** True if nobody wrote anything into the old skeleton. */
  readonly isUntouched: boolean;
}

const CONFLICT = { begin: "<<<<<<<", middle: "=======", end: ">>>>>>>" } as const;

/** Line of the first conflict marker that was left in a file, from 1; undefined if there is none. */
export function conflictMarkerIn(text: string): number | undefined {
  const marker = /^(<{7} |>{7} )/;
  const index = styledText(text).lines.findIndex((line) => marker.test(line));
  return index < 0 ? undefined : index + 1;
}

/** Carries what a student wrote over into the next skeleton. Line ends are those of the student's file. */
export async function mergeFiles({
  base,
  ours,
  theirs,
  oursName,
  theirsName,
}: Versions): Promise<MergedText> {
  const [old, own, next] = [styledText(base), styledText(ours), styledText(theirs)];
  const lines: string[] = [];
  const conflicts: number[] = [];
  for (const piece of await threeWayMerge(old.lines, withImportOfStubs(own.lines, old.lines), next.lines)) {
    if (piece.kind === "merged") {
      lines.push(...piece.lines);
      continue;
    }
    conflicts.push(lines.length + 1);
    lines.push(`${CONFLICT.begin} ${oursName}`, ...piece.ours, CONFLICT.middle);
    lines.push(...piece.theirs, `${CONFLICT.end} ${theirsName}`);
  }
  const before = tasksWithStubs(old.lines);
  return {
    text: inStyleOf(lines, own),
    conflicts,
    openTasks: tasksWithStubs(own.lines),
    newTasks: tasksWithStubs(lines).filter((task) => !before.includes(task)),
    isUntouched: isSameText(base, ours),
  };
}

/** Whether two texts differ in their line ends at most. */
export function isSameText(one: string, other: string): boolean {
  return inStyleOf(styledText(one).lines, ONE_STYLE) === inStyleOf(styledText(other).lines, ONE_STYLE);
}

const ONE_STYLE = { lines: [], lineEnd: "\n", endsWithNewline: true } as const;
