/** A stretch of the base that one side replaced. Either length may be 0. */
interface Hunk {
  readonly side: "ours" | "theirs";
  /** First line in the base, from 0. */
  readonly start: number;
  readonly length: number;
  /** How many lines the side has in its place. */
  readonly sideLength: number;
}

/** What became of a stretch of the base: merged lines, or both sides where they contradict each other. */
export type Piece =
  | { readonly kind: "merged"; readonly lines: readonly string[] }
  | { readonly kind: "conflict"; readonly ours: readonly string[]; readonly theirs: readonly string[] };

/**
 * A three-way merge by lines. Spaces at a line's end make no difference; where only they differ, `ours` stays.
 *
 * Unlike diff3 it takes changes that touch without overlapping: students replace a stub, and the next lab's stub may
 * follow on its very next line. What both sides insert at one place remains a conflict, for its order is unknown.
 */
export async function threeWayMerge(
  base: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
): Promise<Piece[]> {
  const hunks = [...(await hunksOf(base, ours, "ours")), ...(await hunksOf(base, theirs, "theirs"))].sort(
    (a, b) => a.start - b.start || a.length - b.length,
  );
  const pieces: Piece[] = [];
  const at = { base: 0, ours: 0, theirs: 0 };
  const untouched = (end: number): void => {
    const length = end - at.base;
    pieces.push({ kind: "merged", lines: ours.slice(at.ours, at.ours + length) });
    at.base += length;
    at.ours += length;
    at.theirs += length;
  };
  for (const group of overlapping(hunks)) {
    untouched(group[0].start);
    const length = Math.max(...group.map((hunk) => hunk.start + hunk.length)) - at.base;
    const taken = (side: Hunk["side"]): number =>
      group
        .filter((hunk) => hunk.side === side)
        .reduce((sum, hunk) => sum + hunk.sideLength - hunk.length, length);
    const ourLines = ours.slice(at.ours, at.ours + taken("ours"));
    const theirLines = theirs.slice(at.theirs, at.theirs + taken("theirs"));
    pieces.push(settled(group, ourLines, theirLines));
    at.base += length;
    at.ours += ourLines.length;
    at.theirs += theirLines.length;
  }
  untouched(base.length);
  return pieces;
}

/** Where a side differs from the base. node-diff3 describes its types for ES modules only: hence the import here. */
async function hunksOf(
  base: readonly string[],
  other: readonly string[],
  side: Hunk["side"],
): Promise<Hunk[]> {
  const { diffIndices } = await import("node-diff3");
  return diffIndices(base.map(withoutEnd), other.map(withoutEnd)).map(({ buffer1, buffer2 }) => ({
    side,
    start: buffer1[0],
    length: buffer1[1],
    sideLength: buffer2[1],
  }));
}

/** Sorted hunks in groups: those of a group replace the same lines of the base, or insert at the same place. */
function overlapping(hunks: readonly Hunk[]): Hunk[][] {
  const groups: Hunk[][] = [];
  let end = 0;
  for (const hunk of hunks) {
    const group = groups.at(-1);
    const isSamePlace = group?.every(({ start, length }) => start === hunk.start && length === 0);
    if (group && (hunk.start < end || (isSamePlace && hunk.length === 0))) group.push(hunk);
    else groups.push([hunk]);
    end = Math.max(end, hunk.start + hunk.length);
  }
  return groups;
}

function settled(group: readonly Hunk[], ours: readonly string[], theirs: readonly string[]): Piece {
  if (group.every(({ side }) => side === "theirs")) return { kind: "merged", lines: theirs };
  const isSame =
    ours.length === theirs.length &&
    ours.every((line, index) => withoutEnd(line) === withoutEnd(theirs[index]));
  if (isSame || group.every(({ side }) => side === "ours")) return { kind: "merged", lines: ours };
  return { kind: "conflict", ours, theirs };
}

function withoutEnd(line: string): string {
  return line.trimEnd();
}
