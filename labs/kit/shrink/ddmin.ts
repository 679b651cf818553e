/**
 * Tries smaller lists, in their order: perhaps several at once, but what counts is the first that does.
 * @returns which one, and what to go on with: that list, or what is left of it; undefined if none does
 */
export type TryFirst<T> = (candidates: readonly (readonly T[])[]) => Promise<Found<T> | undefined>;

export interface Found<T> {
  readonly index: number;
  readonly left: readonly T[];
}

/**
 * Delta debugging (Zeller and Hildebrandt 2002): leaves out half of a list, quarters, …, single items, as long as what is
 * left still does. In the end no single item can be left out.
 * @param tryFirst decides; it also ends the search by refusing everything
 * @param breadth how many lists it is given at a time
 */
export async function ddmin<T>(
  items: readonly T[],
  tryFirst: TryFirst<T>,
  breadth = 1,
): Promise<readonly T[]> {
  let kept = items;
  let size = Math.ceil(kept.length / 2);
  while (kept.length > 0) {
    let isSmaller = false;
    // From the end: what comes late hangs on what comes early, seldom the other way round.
    for (let end = kept.length; end > 0; ) {
      const pieces = piecesBefore(end, size, breadth);
      const base = kept;
      const found = await tryFirst(pieces.map(({ from, to }) => [...base.slice(0, from), ...base.slice(to)]));
      isSmaller ||= found !== undefined;
      kept = found?.left ?? kept;
      end = Math.min(pieces[found?.index ?? pieces.length - 1].from, kept.length);
    }
    if (size > 1) size = Math.ceil(size / 2);
    else if (!isSmaller) return kept;
  }
  return kept;
}

/** The last pieces of a list before `end`, the last one first: at least one, at most `count`. */
function piecesBefore(end: number, size: number, count: number): { from: number; to: number }[] {
  const pieces: { from: number; to: number }[] = [];
  for (let to = end; to > 0 && pieces.length < count; to -= size)
    pieces.push({ from: Math.max(0, to - size), to });
  return pieces;
}
