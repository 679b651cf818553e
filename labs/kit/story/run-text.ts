import { KIND, type Trace } from "../trace/trace";
import type { World } from "../world/world";
import { lineOf } from "./excerpt";
import { plural } from "./words";

/** Fewer routine events in a row than this are told one by one. */
const FOLD_FROM = 4;

/** What a handler does that is worth a line, in the middle of heartbeats too. */
const NEWS: readonly number[] = [KIND.status, KIND.log, KIND.apply, KIND.write];

/**
 * A run as text, a line for each thing that happened: what `npm run replay` prints.
 * @param isWhole false: rows of heartbeats, their answers and their timers that change nothing become one line
 */
export function runText({ trace, names }: Pick<World, "trace" | "names">, isWhole = false): string {
  const lines: string[] = [];
  let routine: string[] = [];
  const unfold = (): void => {
    if (routine.length < FOLD_FROM) lines.push(...routine);
    else lines.push(`${"…".padStart(10)}  ${plural(routine.length, "event")} of heartbeats without news`);
    routine = [];
  };
  for (let i = 0; i < trace.length; i++) {
    if (!isTold(trace, i)) continue;
    const { time, event, outcome } = lineOf(trace, names, i);
    const line = `${time.padStart(10)}  ${outcome === "" ? event : `${event.padEnd(44)}   ${outcome}`}`;
    if (!isWhole && isRoutine(trace, i)) {
      routine.push(line);
      continue;
    }
    unfold();
    lines.push(line);
  }
  unfold();
  return lines.join("\n");
}

/** True if a record is worth a line of its own; the others are told with the handler to which they belong. */
export function isTold(trace: Trace, i: number): boolean {
  const kind = trace.kindOf(i);
  return trace.isHandler(i) || kind === KIND.drop || kind === KIND.fault || kind === KIND.step;
}

/** True if a record is part of the leader's routine: a heartbeat, its answer, the timer behind it, and nothing else. */
export function isRoutine(trace: Trace, i: number): boolean {
  const kind = trace.kindOf(i);
  if (kind === KIND.drop) return isHeartbeatTraffic(trace, i);
  if (kind === KIND.deliver && !isHeartbeatTraffic(trace, i)) return false;
  if (kind !== KIND.deliver && kind !== KIND.timer) return false;
  let sends = 0;
  for (let effect = i + 1; effect < trace.length && !trace.isHandler(effect); effect++) {
    if (trace.causeOf(effect) !== i) continue;
    if (NEWS.includes(trace.kindOf(effect))) return false;
    if (trace.kindOf(effect) !== KIND.send) continue;
    if (!isHeartbeatTraffic(trace, effect)) return false;
    sends += 1;
  }
  return kind === KIND.deliver || sends > 0;
}

function isHeartbeatTraffic(trace: Trace, i: number): boolean {
  const { type, entries, success } = trace.messageOf(i);
  return (
    (type === "AppendEntries" && entries?.length === 0) || (type === "AppendEntriesReply" && success === true)
  );
}
