import type { Mark } from "./timeline-axis";

/** Marks that one lane may have. A lane with more takes more room than the operations that it is to explain. */
const LANE_MAX = 5;

/**
 * Of a lane with many marks only the last ones, which are nearest to what went wrong, are drawn; the others become one
 * mark that counts them, where the first of them stood.
 * @param marks in order of time
 */
export function foldMarks(marks: readonly Mark[]): Mark[] {
  const folded: Mark[] = [];
  for (const lane of new Set(marks.map((mark) => mark.lane))) {
    const own = marks.filter((mark) => mark.lane === lane);
    const early = own.slice(0, Math.max(0, own.length - LANE_MAX));
    if (early.length < 2) folded.push(...own);
    else
      folded.push(
        { at: early[0].at, lane, text: `${early.length} more, from here on` },
        ...own.slice(early.length),
      );
  }
  return folded.sort((a, b) => a.at - b.at);
}
