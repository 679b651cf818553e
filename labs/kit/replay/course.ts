import { keyOf } from "../random/keyed";
import type { RunEvent } from "../schedule";
import { lineOf } from "../story/excerpt";
import type { Invocation, Proposal } from "../trace/requests";
import { KIND, type StatusChange, type Trace } from "../trace/trace";
import type { World } from "../world/world";

/** Events of a run that its file tells. */
export const COURSE_MAX = 1_000;
/** Characters of an event in words, and in data. */
const WORDS_MAX = 200;
const DATA_MAX = 600;
/** Between two things that a server did. */
const BETWEEN = "; ";
/** Characters that are shown where data differ. */
const EXCERPT_BEFORE = 60;
const EXCERPT_AFTER = 60;
const DIGEST_LENGTH = 8;

/** What happened in a run, event by event. Of a long run, its beginning. */
export function courseOf({ trace, names }: Pick<World, "trace" | "names">): RunEvent[] {
  const course: RunEvent[] = [];
  for (let i = 0; i < trace.length && course.length < COURSE_MAX; i++) {
    if (!trace.isHandler(i) && trace.kindOf(i) !== KIND.fault) continue;
    const { time, event, outcome } = lineOf(trace, names, i);
    const words = `${time}  ${event}${outcome === "" ? "" : `   ${outcome}`}`;
    const digest = keyOf(0, JSON.stringify(dataOf(trace, i)))
      .toString(16)
      .padStart(DIGEST_LENGTH, "0");
    const data = deedsOf(trace, names, i).join(BETWEEN);
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

/** What words leave out: the first thing that is not the same in other data, or what is left of it around that place. */
function excerptAt(data: string, other: string): string {
  let at = 0;
  while (at < data.length && data[at] === other[at]) at++;
  if (at === data.length) return "(and nothing more)";
  const before = data.lastIndexOf(BETWEEN, at);
  const after = data.indexOf(BETWEEN, at + BETWEEN.length);
  const begin = before === -1 ? 0 : before + BETWEEN.length;
  const start = Math.max(begin, at - EXCERPT_BEFORE);
  const end = Math.min(after === -1 ? data.length : after, at + EXCERPT_AFTER);
  return `(${start === begin ? "" : "…"}${data.slice(start, end)}${end === after || end === data.length ? "" : "…"})`;
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

/** The same for people: what came, and each thing that the server did. */
function deedsOf(trace: Trace, names: World["names"], event: number): string[] {
  const deeds = [jsonOf(contentOf(trace, event))];
  if (trace.isHandler(event)) {
    for (let i = event + 1; i < trace.length && !trace.isHandler(i); i++)
      if (trace.causeOf(i) === event) deeds.push(deedWords(trace, names, i));
  }
  return deeds.filter((deed) => deed !== "");
}

/** sends S2 {"type":"RequestVote",…} */
function deedWords(trace: Trace, names: World["names"], i: number): string {
  const content = jsonOf(contentOf(trace, i));
  switch (trace.kindOf(i)) {
    case KIND.send:
      return `sends ${names[trace.peerOf(i)]} ${content}`;
    case KIND.setTimer:
      return `sets timer ${content}`;
    case KIND.cancelTimer:
      return `cancels timer ${content}`;
    case KIND.write:
      return `writes ${content}`;
    case KIND.log:
      return `logs ${content}`;
    case KIND.status:
      return `is now ${jsonOf((trace.dataOf(i) as StatusChange).after)}`;
    case KIND.apply:
      return `applies ${content}`;
    default:
      return `says ${content}`;
  }
}

/** Of what is nothing at all, nothing. */
function jsonOf(data: unknown): string {
  return JSON.stringify(data) ?? "";
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
