import { keyOf } from "../random/keyed";
import type { RunEvent } from "../schedule";
import { lineOf } from "../story/excerpt";
import type { Invocation, Proposal } from "../trace/requests";
import { KIND, type Trace } from "../trace/trace";
import type { World } from "../world/world";

/** Events of a run that its file tells. */
export const COURSE_MAX = 1_000;
/** Characters of an event in words, and in data. */
const WORDS_MAX = 200;
const DATA_MAX = 600;
/** Characters that are shown where data differ. */
const EXCERPT_BEFORE = 40;
const EXCERPT_AFTER = 20;
const DIGEST_LENGTH = 8;

/** What happened in a run, event by event. Of a long run, its beginning. */
export function courseOf({ trace, names }: Pick<World, "trace" | "names">): RunEvent[] {
  const course: RunEvent[] = [];
  for (let i = 0; i < trace.length && course.length < COURSE_MAX; i++) {
    if (!trace.isHandler(i) && trace.kindOf(i) !== KIND.fault) continue;
    const { time, event, outcome } = lineOf(trace, names, i);
    const words = `${time}  ${event}${outcome === "" ? "" : `   ${outcome}`}`;
    const data = JSON.stringify(dataOf(trace, i));
    const digest = keyOf(0, data).toString(16).padStart(DIGEST_LENGTH, "0");
    course.push({ digest, words: words.slice(0, WORDS_MAX), data: data.slice(0, DATA_MAX) });
  }
  return course;
}

/** Where a run leaves the course of another one. */
export interface Parting {
  /** The event, from 1. */
  readonly event: number;
  /** The last event that both have, in words. Undefined: they differ from the beginning. */
  readonly common: string | undefined;
  /** The event in each of them; undefined if it is over by then. */
  readonly recorded: string | undefined;
  readonly now: string | undefined;
}

/** @returns undefined if the two are the same, as far as they are told */
export function partingOf(recorded: readonly RunEvent[], now: readonly RunEvent[]): Parting | undefined {
  for (let i = 0; i < Math.max(recorded.length, now.length); i++) {
    const [before, after] = [recorded[i], now[i]];
    if (before?.digest === after?.digest) continue;
    const common = now[i - 1]?.words;
    const isAlike = withoutTime(before?.words) === withoutTime(after?.words);
    const tell = ({ words, data }: RunEvent, other: RunEvent | undefined): string =>
      isAlike ? `${words}   ${excerptAt(data, other?.data ?? "")}` : words;
    return {
      event: i + 1,
      common,
      recorded: before && tell(before, after),
      now: after && tell(after, before),
    };
  }
  return undefined;
}

/** What words leave out: a piece of the data, around the place where it differs from other data. */
function excerptAt(data: string, other: string): string {
  let at = 0;
  while (at < data.length && data[at] === other[at]) at++;
  const start = Math.max(0, at - EXCERPT_BEFORE);
  return `(${start === 0 ? "" : "…"}${data.slice(start, at + EXCERPT_AFTER)}…)`;
}

function withoutTime(words = ""): string {
  return words.slice(words.indexOf("  "));
}

/** An event and all that its server did, but for the times. */
function dataOf(trace: Trace, event: number): unknown[] {
  const parts = [trace.kindOf(event), trace.nodeOf(event), trace.peerOf(event), contentOf(trace, event)];
  if (trace.isHandler(event)) {
    for (let i = event + 1; i < trace.length && !trace.isHandler(i); i++)
      if (trace.causeOf(i) === event) parts.push(trace.kindOf(i), trace.peerOf(i), contentOf(trace, i));
  }
  return parts;
}

function contentOf(trace: Trace, i: number): unknown {
  switch (trace.kindOf(i)) {
    case KIND.send:
    case KIND.deliver:
      return trace.messageOf(i);
    case KIND.timer:
      return trace.timerOf(i);
    case KIND.propose: {
      const { command, answer } = trace.dataOf(i) as Proposal;
      return [command, answer];
    }
    case KIND.invoke:
      return (trace.dataOf(i) as Invocation).operation;
    case KIND.complete:
      return (trace.dataOf(i) as Invocation).result;
    default:
      return trace.dataOf(i);
  }
}
