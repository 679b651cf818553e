import type { Failure, World } from "../kit";
import { NONE } from "../kit/trace/trace";
import { type Choice, chooseRecords, isEvent } from "./choice";
import { documentOf } from "./document";
import { packed } from "./packing";
import { toldRecords } from "./told-records";

/** A file has fewer bytes than this. */
export const DIAGRAM_BYTES_MAX = 2_000_000;

/** Events that a diagram shows at most: of a longer run its last part, and what led to what its story tells. */
export const DIAGRAM_EVENTS_MAX = 6_000;

/** How much smaller each attempt is, if messages are so large that the file would be too big. */
const SMALLER = 0.6;

export interface DiagramInput {
  readonly world: World;
  readonly failure: Pick<Failure, "story">;
  /** What was run: "1.3  A server votes once per term". */
  readonly title: string;
  /** A sentence about this diagram: for instance that the run was made shorter. */
  readonly note?: string | undefined;
}

/**
 * Draws a failed run as a space-time diagram: one HTML file that needs nothing else, not even a network, and runs no
 * script but its own. Words of a student's program are data in it, never markup.
 * @returns the text of the file, at most {@link DIAGRAM_BYTES_MAX} bytes in UTF-8
 */
export function diagramOf({ world, failure: { story }, title, note }: DiagramInput): string {
  const told = toldRecords(story, world, isEvent);
  const wrong = told[story.lines.findIndex(({ isWrong }) => isWrong)] ?? NONE;
  for (let eventsMax = DIAGRAM_EVENTS_MAX; ; eventsMax = Math.floor(eventsMax * SMALLER)) {
    const choice = chooseRecords(world.trace, told, eventsMax);
    const data = packed({ world, choice, told, wrong });
    const page = documentOf({ data, story, title, notes: [note, leftOutWords(choice)] });
    if (bytesIn(page) < DIAGRAM_BYTES_MAX || eventsMax < 1) return page;
  }
}

function leftOutWords({ events, eventsInAll }: Choice): string | undefined {
  if (events === eventsInAll) return undefined;
  const left = eventsInAll - events;
  return `The run has ${eventsInAll.toLocaleString("en")} events. Here are its last ones, and those that led to what the story tells; ${left.toLocaleString("en")} are left out, at places that say so.`;
}

function bytesIn(text: string): number {
  return Buffer.byteLength(text, "utf8");
}
