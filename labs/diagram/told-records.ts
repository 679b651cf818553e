import type { Story, World } from "../kit";
import { lineOf } from "../kit/story/excerpt";
import { millisWords } from "../kit/story/words";
import { NONE, type Trace } from "../kit/trace/trace";

/** How a story says that a line stands for several records: the line that is drawn is the last of them. */
const TIMES = / \(×\d+\)$/;

/**
 * The records that a story tells, one for each of its lines; {@link NONE} where a line is not found. A story is words,
 * made by `lineOf`: what the same function says of a record tells which line it is.
 */
export function toldRecords(
  { lines }: Pick<Story, "lines">,
  { trace, names }: Pick<World, "trace" | "names">,
  isEvent: (trace: Trace, i: number) => boolean,
): number[] {
  const wanted = new Map<string, number>();
  for (const { time, event, outcome } of lines) wanted.set(keyOf(time, event, outcome), NONE);
  const times = new Set(lines.map(({ time }) => time));
  for (let i = 0; i < trace.length; i++) {
    if (!isEvent(trace, i) || !times.has(millisWords(trace.timeOf(i)))) continue;
    const { time, event, outcome } = lineOf(trace, names, i);
    const key = keyOf(time, event, outcome);
    if (wanted.has(key)) wanted.set(key, i);
  }
  return lines.map(({ time, event, outcome }) => wanted.get(keyOf(time, event, outcome)) ?? NONE);
}

function keyOf(time: string, event: string, outcome: string): string {
  return [time, event.replace(TIMES, ""), outcome].join("\n");
}
