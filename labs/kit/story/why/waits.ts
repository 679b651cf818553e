import { TIMING } from "../../contract";
import { KIND, MICROS_PER_MILLI, type Micros, NONE } from "../../trace/trace";
import { millisWords } from "../words";
import type { RunView } from "./run-view";
import { hasStoodSince } from "./stands";

/** How long a server that hears from no leader may wait at most, twice, with clocks that go wrong by a tenth. */
export const LONG_WAIT: Micros = 2.25 * TIMING.electionTimeoutMax * MICROS_PER_MILLI;

/** Why a running server that does not lead has not stood for election for long. */
export interface Wait {
  readonly node: number;
  readonly kind: "no-timer" | "reset" | "idle";
  /** no-timer: the event that left it without one. reset: the last event that set its timer anew. */
  readonly record: number;
  /** reset: what sets the timer anew, most often: a type of message and its sender. */
  readonly by?: { readonly type: string; readonly from: number; readonly times: number } | undefined;
}

/** @returns undefined if the server leads, or has stood lately */
export function waitOf(view: RunView, node: number): Wait | undefined {
  const { trace, nodes, now } = view;
  if (view.statusBefore(node, trace.length).role === "leader") return undefined;
  if (nodes[node].timers.size === 0) return { node, kind: "no-timer", record: lostTimer(view, node) };
  const since = now - LONG_WAIT;
  const hasStood = (type: string) =>
    view.lettersOf(type).some(({ from, at }) => from === node && at >= since);
  if (hasStood("RequestVote") || hasStood("PreVote") || hasStoodSince(view, node, since)) return undefined;
  const counts = new Map<string, { type: string; from: number; times: number; record: number }>();
  for (let i = trace.length - 1; i >= 0 && trace.microsOf(i) >= since; i--) {
    if (trace.nodeOf(i) !== node || trace.kindOf(i) !== KIND.setTimer) continue;
    const handler = trace.handlerOf(i);
    if (handler === NONE || trace.kindOf(handler) !== KIND.deliver) continue;
    const { type } = trace.messageOf(handler);
    const key = `${type} ${trace.peerOf(handler)}`;
    const count = counts.get(key) ?? { type, from: trace.peerOf(handler), times: 0, record: handler };
    count.times += 1;
    counts.set(key, count);
  }
  const [by] = [...counts.values()].sort((a, b) => b.times - a.times);
  return by === undefined
    ? { node, kind: "idle", record: NONE }
    : { node, kind: "reset", record: by.record, by };
}

/** The event after which no timer of a server was running any more. */
function lostTimer({ trace }: RunView, node: number): number {
  for (let i = trace.length - 1; i >= 0; i--) {
    if (trace.nodeOf(i) !== node) continue;
    const kind = trace.kindOf(i);
    if (kind === KIND.timer || kind === KIND.start) return i;
    if (kind === KIND.cancelTimer) return trace.handlerOf(i);
  }
  return NONE;
}

/** How long the wait was that ended with a timer's running out; undefined for another kind of event. */
export function waitBefore({ trace }: RunView, record: number): Micros | undefined {
  if (trace.kindOf(record) !== KIND.timer) return undefined;
  return trace.microsOf(record) - trace.microsOf(trace.causeOf(record));
}

/** "at 310 ms" */
export function atWords({ trace }: RunView, record: number): string {
  return `at ${millisWords(trace.timeOf(record))}`;
}
