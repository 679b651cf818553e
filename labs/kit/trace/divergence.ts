import type { Millis } from "../contract";
import { type DataDifference, dataDifference } from "./same-data";
import { KIND, NONE, type Trace } from "./trace";

/** What a comparison of two runs needs of a world. */
export interface Course {
  readonly trace: Trace;
  /** What ended the run, if something did. */
  readonly failure: { readonly story: { readonly headline: string } } | undefined;
}

/** The first point in which two runs are not the same. */
export interface Divergence {
  /** The first record that differs. A run that is over by then has no such record. */
  readonly record: number;
  /** The event to which that record belongs in each run: a handler or the record itself; {@link NONE} if it is over. */
  readonly events: readonly [first: number, second: number];
  /** The last event before, the same in both; {@link NONE} if there is none. */
  readonly lastCommon: number;
  /**
   * The event in which the runs part: mostly the one above; but a timer that runs out at another time was set by an
   * earlier one, which looked the same. {@link NONE} if no server did anything else.
   */
  readonly origin: number;
  /** What the server at the origin did otherwise. */
  readonly what: Difference;
}

/** How two runs differ where they part. */
export type Difference =
  /** A timer that was set for another time. `undefined`: it did not run out. */
  | { readonly kind: "delay"; readonly timer: string; readonly delays: readonly [Delay, Delay] }
  /** The same effects in another order. */
  | { readonly kind: "order" }
  /** The same effect, or answer, with something else in it; `of` is its record. */
  | ({ readonly kind: "field"; readonly of: number } & DataDifference)
  /** Other effects. Each is the record of the first that the other run does not have, if there is one. */
  | { readonly kind: "effects"; readonly effects: readonly [number | undefined, number | undefined] }
  /** One run is over, or both end in different words, and all that servers did was the same. */
  | { readonly kind: "end" }
  /** The test did something else, or the world: no server did. */
  | { readonly kind: "test" };

type Delay = Millis | undefined;

/**
 * Compares two runs record by record.
 * @returns undefined if they are the same, and end in the same way
 */
export function firstDivergence(first: Course, second: Course): Divergence | undefined {
  const [a, b] = [first.trace, second.trace];
  const record = firstDifference(a, b);
  if (record === a.length && record === b.length && isSameEnd(first, second)) return undefined;
  const events = [eventOf(a, record), eventOf(b, record)] as const;
  const { origin, what } = partingOf(a, b, record);
  const until = Math.min(record, ...events.filter((event) => event !== NONE));
  return { record, events, lastCommon: lastEventBefore(a, until), origin, what };
}

function firstDifference(a: Trace, b: Trace): number {
  let i = 0;
  while (i < a.length && i < b.length && isSame(a, b, i)) i++;
  return i;
}

function isSame(a: Trace, b: Trace, i: number): boolean {
  return (
    a.kindOf(i) === b.kindOf(i) &&
    a.microsOf(i) === b.microsOf(i) &&
    a.nodeOf(i) === b.nodeOf(i) &&
    a.peerOf(i) === b.peerOf(i) &&
    a.causeOf(i) === b.causeOf(i) &&
    dataDifference(contentOf(a, i), contentOf(b, i)) === undefined
  );
}

/** What a record says at the time when it is written: an invocation is filled in when it completes. */
function contentOf(trace: Trace, i: number): unknown {
  const data = trace.dataOf(i);
  switch (trace.kindOf(i)) {
    case KIND.send:
      return trace.messageOf(i);
    case KIND.invoke:
      return { operation: Reflect.get(Object(data), "operation") };
    default:
      return data;
  }
}

function isSameEnd(first: Course, second: Course): boolean {
  return first.failure?.story.headline === second.failure?.story.headline;
}

/** The event that record `i` belongs to, or that it is; {@link NONE} if the run is over. */
function eventOf(trace: Trace, i: number): number {
  if (i >= trace.length) return NONE;
  return isEffect(trace, i) ? trace.handlerOf(i) : i;
}

/** True for what a server did, as a part of a handler. */
function isEffect(trace: Trace, i: number): boolean {
  return trace.causeOf(i) !== NONE && trace.kindOf(i) !== KIND.drop && !trace.isHandler(i);
}

function lastEventBefore(trace: Trace, end: number): number {
  for (let i = end - 1; i >= 0; i--) {
    const kind = trace.kindOf(i);
    if (trace.isHandler(i) || kind === KIND.fault || kind === KIND.step) return i;
  }
  return NONE;
}

/** Where the runs part, and how, if they first differ in record `i`. */
function partingOf(a: Trace, b: Trace, i: number): Pick<Divergence, "origin" | "what"> {
  const handler = commonHandler(a, b, i);
  if (handler !== NONE) return { origin: handler, what: differenceIn(a, b, handler) };
  if (i >= a.length || i >= b.length) return { origin: NONE, what: { kind: "end" } };
  return otherTimer(a, b, i) ?? answerOf(a, b, i) ?? { origin: NONE, what: { kind: "test" } };
}

/** The handler, the same in both runs, of which record `i` is an effect in at least one of them. */
function commonHandler(a: Trace, b: Trace, i: number): number {
  for (const trace of [a, b]) {
    if (i >= trace.length || !isEffect(trace, i)) continue;
    const handler = trace.handlerOf(i);
    if (handler < i) return handler;
  }
  return NONE;
}

/** How the effects of a handler differ, of which the first ones may be the same. */
function differenceIn(a: Trace, b: Trace, handler: number): Difference {
  const [first, second] = [effectsOf(a, handler), effectsOf(b, handler)];
  const at = first.findIndex((i, n) => second[n] === undefined || !isSameEffect(a, i, b, second[n]));
  const [left, right] = at === -1 ? [[], second.slice(first.length)] : [first.slice(at), second.slice(at)];
  const inFirst = left.find((i) => !right.some((j) => isSameEffect(a, i, b, j)));
  const inSecond = right.find((j) => !left.some((i) => isSameEffect(a, i, b, j)));
  if (left.length === 0 && right.length === 0) return { kind: "test" }; // only what became of a message differs
  if (inFirst === undefined && inSecond === undefined && left.length === right.length)
    return { kind: "order" };
  if (inFirst !== undefined && inSecond !== undefined && isAlike(a, inFirst, b, inSecond)) {
    const difference = dataDifference(contentOf(a, inFirst), contentOf(b, inSecond));
    if (difference !== undefined) return { kind: "field", of: inFirst, ...difference };
  }
  return { kind: "effects", effects: [inFirst, inSecond] };
}

/** What a handler did: its records follow it, before the next event. */
function effectsOf(trace: Trace, handler: number): number[] {
  const effects: number[] = [];
  for (let i = handler + 1; i < trace.length && !trace.isHandler(i); i++)
    if (isEffect(trace, i) && trace.causeOf(i) === handler) effects.push(i);
  return effects;
}

function isSameEffect(a: Trace, i: number, b: Trace, j: number): boolean {
  return (
    a.kindOf(i) === b.kindOf(j) &&
    a.peerOf(i) === b.peerOf(j) &&
    dataDifference(contentOf(a, i), contentOf(b, j)) === undefined
  );
}

/** True for two effects that are one and the same but for what is in them. */
function isAlike(a: Trace, i: number, b: Trace, j: number): boolean {
  if (a.kindOf(i) !== b.kindOf(j) || a.peerOf(i) !== b.peerOf(j)) return false;
  switch (a.kindOf(i)) {
    case KIND.setTimer:
    case KIND.cancelTimer:
      return false; // another name is another timer
    case KIND.send:
      return a.messageOf(i).type === b.messageOf(j).type;
    default:
      return true;
  }
}

/** A timer that both runs have set alike, and that runs out at different times: one is the earlier of the two events. */
function otherTimer(a: Trace, b: Trace, i: number): Pick<Divergence, "origin" | "what"> | undefined {
  const sides = a.microsOf(i) <= b.microsOf(i) ? ([a, b] as const) : ([b, a] as const);
  for (const [trace, other] of [sides, [...sides].reverse()]) {
    if (trace.kindOf(i) !== KIND.timer) continue;
    const set = trace.causeOf(i);
    const delayIn = (run: Trace): Delay => {
      const fired = firedBy(run, set, i);
      return fired === NONE ? undefined : run.timeOf(fired) - run.timeOf(set);
    };
    if (set >= i || delayIn(trace) === delayIn(other)) continue;
    return {
      origin: trace.handlerOf(set),
      what: { kind: "delay", timer: trace.timerOf(i), delays: [delayIn(a), delayIn(b)] },
    };
  }
  return undefined;
}

/** The record, from `from` on, of a timer running out that record `set` had set. */
function firedBy(trace: Trace, set: number, from: number): number {
  for (let i = from; i < trace.length; i++)
    if (trace.kindOf(i) === KIND.timer && trace.causeOf(i) === set) return i;
  return NONE;
}

/** The same command to the same server, with another answer. */
function answerOf(a: Trace, b: Trace, i: number): Pick<Divergence, "origin" | "what"> | undefined {
  const isOne = (trace: Trace): boolean => trace.kindOf(i) === KIND.propose;
  if (!isOne(a) || !isOne(b) || a.nodeOf(i) !== b.nodeOf(i)) return undefined;
  const difference = dataDifference(a.dataOf(i), b.dataOf(i));
  if (difference === undefined || !difference.path.startsWith("answer")) return undefined;
  return { origin: i, what: { kind: "field", of: i, ...difference } };
}
