/** A frame of a stack as V8 writes it, "at Raft.onMessage (/my labs/raft.ts:57:9)", or as the others do, "onMessage@…". */
const FRAME = /^(?:at (?:.*? \()?(?:async )?|[^@]*@)(.+):(\d+):(\d+)\)?$/;

/** Frames that are never the student's: this kit, the runtime, installed packages. */
const FOREIGN = /[\\/]labs[\\/]kit[\\/]|^node:|[\\/]node_modules[\\/]|^internal[\\/]|^<anonymous>|^eval at /;

/** Characters of a stack, and of one of its frames, that are looked at: a student's error may have any text as its stack. */
const STACK_MAX = 100_000;
const FRAME_MAX = 1_000;

/**
 * Where the lines of a bundle come from: for each of its lines, pieces in their order, each [column from which it
 * counts, place it comes from], "raft.ts:57".
 */
export type LineMap = readonly (readonly (readonly [column: number, place: string])[])[];

const maps = new Map<string, LineMap>();

/** From now on frames of `file` are told by the places that its lines come from. */
export function setLineMap(file: string, map: LineMap): void {
  maps.set(file, map);
}

/**
 * The line of the student's own code in which an error began: "raft.ts:57".
 * @returns undefined where the platform gives no stack, or none of it is the student's
 */
export function studentLine(error: unknown): string | undefined {
  const stack: unknown = error instanceof Error ? error.stack : undefined;
  if (typeof stack !== "string") return undefined;
  // The message comes first, however long it is; the frames are at the end.
  for (const line of stack.slice(-STACK_MAX).split("\n")) {
    if (line.length > FRAME_MAX) continue;
    const [, file, row, column] = FRAME.exec(line.trim()) ?? [];
    if (file === undefined || row === undefined || FOREIGN.test(file)) continue;
    const map = maps.get(file);
    if (map === undefined) return `${file.replace(/^.*[\\/]/, "")}:${row}`;
    const place = placeIn(map[Number(row) - 1] ?? [], Number(column) - 1);
    if (place !== undefined) return place;
  }
  return undefined;
}

function placeIn(pieces: LineMap[number], column: number): string | undefined {
  return (pieces.findLast(([from]) => from <= column) ?? pieces[0])?.[1];
}
