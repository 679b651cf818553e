import type { KvItem } from "../kv";
import { Canvas } from "./canvas";
import type { Axis, Mark } from "./timeline-axis";

/** Columns right of the last event: for the sign at the offender, and for open operations to run on. */
export const MARGIN = 3;

/** Columns that a bar needs beside its label: both ends, a line at the left, and spaces. */
export const BAR_FRAME = 5;

/** The bars of one client, with their labels inside. */
export function barLane(
  items: readonly KvItem[],
  labelOf: (item: KvItem) => string,
  offender: KvItem | undefined,
  axis: Axis,
): Canvas {
  const canvas = new Canvas();
  for (const item of items) {
    const { from, to } = axis.spanOf(item);
    const bar = barText(labelOf(item), item, item === offender, to - from + 1);
    canvas.write(canvas.freeRow(from, to - from), from, bar);
  }
  return canvas;
}

/** `├── put "a" ──┤`, `┣━━ get → "a" ━━┫ ✗` or `├─ put "b" ? ┄┄┄┄┄›` */
function barText(label: string, item: KvItem, isOffender: boolean, columns: number): string {
  const free = Math.max(0, columns - label.length - 4);
  const left = free >> 1;
  const [open, line, close] = isOffender ? ["┣", "━", "┫ ✗"] : ["├", "─", "┤"];
  if (item.completed === undefined) return `├─ ${label} ${"┄".repeat(Math.max(0, free - 1) + MARGIN - 1)}›`;
  return `${open}${line.repeat(left)} ${label} ${line.repeat(free - left)}${close}`;
}

/** The marks of one lane: the text right of its sign, or left of it where the figure ends. */
export function markLane(marks: readonly Mark[], axis: Axis): Canvas {
  const canvas = new Canvas();
  const width = axis.end + MARGIN;
  for (const mark of marks) {
    const column = axis.columnOf(mark);
    const isRight = column + mark.text.length + 2 <= width || column < mark.text.length + 2;
    const text = isRight ? `▪ ${mark.text}` : `${mark.text} ▪`;
    const start = isRight ? column : column - text.length + 1;
    canvas.write(canvas.freeRow(start, text.length), start, text);
  }
  return canvas;
}
