import type { KvItem } from "../kv";
import type { Canvas } from "./canvas";
import { Axis, type Mark } from "./timeline-axis";
import { foldMarks } from "./timeline-folding";
import { BAR_FRAME, barLane, MARGIN, markLane } from "./timeline-lanes";
import { labelWords, spanWords } from "./words";

export interface FigureOptions {
  /** The operation to point at. */
  readonly offender?: KvItem | undefined;
  readonly marks?: readonly Mark[] | undefined;
  /** Columns that no line exceeds. */
  readonly widthMax?: number | undefined;
}

const WIDTH_MAX = 110;

/** A figure of few operations need not be wider. */
const WIDTH_COMFORTABLE = 92;

/** How long values in labels may be, tried one after the other until all fits. */
const VALUE_LENGTHS = [28, 18, 12, 8];

/** How long they may be in a list. */
const LISTED_VALUE_LENGTH = 40;

/**
 * Draws operations as bars over an axis of virtual time, a lane for each client, and marks in lanes below. The axis
 * keeps the order of events but is not to scale. Where labels do not fit into their bars even when shortened, the bars
 * have numbers and a list stands below; where that does not fit either, early marks are left out.
 */
export function timelineFigure(items: readonly KvItem[], options: FigureOptions = {}): string[] {
  if (items.length === 0) return [];
  const { offender, widthMax = WIDTH_MAX } = options;
  let marks = foldMarks(marksInView(items, options.marks ?? []));
  for (const length of VALUE_LENGTHS) {
    const lines = draw({ items, marks, offender, widthMax, labelOf: (item) => labelWords(item, length) });
    if (lines !== undefined) return lines;
  }
  const labelOf = (item: KvItem) => `${items.indexOf(item) + 1}`;
  let lines = draw({ items, marks, offender, widthMax, labelOf });
  while (lines === undefined && marks.length > 0) {
    marks = marks.slice(Math.ceil(marks.length / 2));
    lines = draw({ items, marks, offender, widthMax, labelOf });
  }
  const list = items.map(
    (item) =>
      `${labelOf(item)}  ${item.client}  ${labelWords(item, LISTED_VALUE_LENGTH)}  ${spanWords(item)}`,
  );
  const all = lines === undefined ? list : [...lines, "", ...list];
  return all.map((line) => line.slice(0, widthMax));
}

interface Drawing {
  readonly items: readonly KvItem[];
  readonly labelOf: (item: KvItem) => string;
  readonly marks: readonly Mark[];
  readonly offender: KvItem | undefined;
  readonly widthMax: number;
}

/** @returns undefined if it is too wide */
function draw({ items, labelOf, marks, offender, widthMax }: Drawing): string[] | undefined {
  const clients = namesOf(items.map(({ client }) => client));
  const others = namesOf(marks.map(({ lane }) => lane));
  const gutter = Math.max(...[...clients, ...others, "ms"].map((name) => name.length)) + 2;
  const frame = gutter + MARGIN;
  const room = (item: KvItem) => labelOf(item).length + BAR_FRAME;
  const axis = new Axis(items, marks, room, Math.min(widthMax, WIDTH_COMFORTABLE) - frame);
  if (axis.end > widthMax - frame) return undefined;
  const lane = (name: string, { lines }: Canvas) =>
    lines.map((line, i) => (i === 0 ? name : "").padEnd(gutter) + line);
  return [
    ...axis.lines(offender).map((line, i) => (i === 0 ? "ms" : "").padEnd(gutter) + line),
    ...clients.flatMap((name) => {
      const own = items.filter(({ client }) => client === name);
      return lane(name, barLane(own, labelOf, offender, axis));
    }),
    ...others.flatMap((name) => {
      const own = marks.filter((mark) => mark.lane === name);
      return lane(name, markLane(own, axis));
    }),
  ].map((line) => line.slice(0, widthMax));
}

/** Before the first operation only the last mark of each lane still matters; after the last, none does. */
function marksInView(items: readonly KvItem[], marks: readonly Mark[]): Mark[] {
  const first = Math.min(...items.map(({ invoked }) => invoked.at));
  const last = Math.max(...items.map(({ invoked, completed }) => completed?.at ?? invoked.at));
  const sorted = marks.filter(({ at }) => at <= last).sort((a, b) => a.at - b.at);
  return sorted.filter(({ at, lane }, i) => {
    const isOutdated = sorted.slice(i + 1).some((later) => later.lane === lane && later.at <= first);
    return at >= first || !isOutdated;
  });
}

/** Each name once: S2 before S10, and names without a number last. */
function namesOf(names: readonly string[]): string[] {
  const numberIn = (name: string) => Number(/\d+/.exec(name)?.[0] ?? Number.MAX_VALUE);
  return [...new Set(names)].sort((a, b) => numberIn(a) - numberIn(b) || (a < b ? -1 : 1));
}
