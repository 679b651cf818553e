import type { RecordedMove } from "../schedule";
import { KIND, NONE, type StatusChange, type Trace } from "../trace/trace";

/** What handlers leave in a trace if they changed something that lasts. */
const CHANGES: readonly number[] = [KIND.status, KIND.write, KIND.apply, KIND.complete];

/** Parts of a schedule that may be enough to see something again, the smallest first. All of it comes last. */
export function likelyCauses(
  trace: Trace,
  schedule: readonly RecordedMove[],
  evidence: readonly number[],
): RecordedMove[][] {
  const chain = chainOf(trace, evidence);
  const past = pastOf(trace, schedule, evidence);
  const elections = [...past].filter((record) => changesRole(trace, record));
  const ruling = chainOf(trace, [...evidence, ...elections]);
  const turning = new Set([...past].filter((record) => chain.has(record) || changesSomething(trace, record)));
  // A stop or a start is no handler with causes: those of servers in the story may matter.
  const isFault = ({ move }: RecordedMove): boolean => move.kind === "stop" || move.kind === "start";
  const parts = [chain, ruling, turning, past].map((records) =>
    schedule.filter((move) => records.has(move.record) || isFault(move)),
  );
  const sizes = new Set<number>();
  return [...parts, [...schedule]]
    .sort((a, b) => a.length - b.length)
    .filter(({ length }) => length > 0 && !sizes.has(length) && sizes.add(length));
}

/** The handlers that led straight to some records: what was delivered was sent, what ran out was set. */
function chainOf(trace: Trace, evidence: readonly number[]): Set<number> {
  const chain = new Set<number>();
  const open = evidence.map((record) => handlerOf(trace, record));
  for (let handler = open.pop(); handler !== undefined; handler = open.pop()) {
    if (handler === NONE || chain.has(handler)) continue;
    chain.add(handler);
    open.push(handlerOf(trace, trace.causeOf(handler)));
  }
  return chain;
}

/** All that can have had a part in it: the chain, and what its servers had done before each link of it (Lamport 1978). */
function pastOf(trace: Trace, schedule: readonly RecordedMove[], evidence: readonly number[]): Set<number> {
  const past = new Set<number>();
  const open = evidence.map((record) => handlerOf(trace, record));
  const before = previousOnNode(trace, schedule);
  for (let record = open.pop(); record !== undefined; record = open.pop()) {
    if (record === NONE || past.has(record)) continue;
    past.add(record);
    open.push(handlerOf(trace, trace.causeOf(record)), before.get(record) ?? NONE);
  }
  return past;
}

/** For each move, the one before it at the same node. */
function previousOnNode(trace: Trace, schedule: readonly RecordedMove[]): Map<number, number> {
  const before = new Map<number, number>();
  const last = new Map<number, number>();
  for (const { record } of schedule) {
    const node = trace.nodeOf(record);
    before.set(record, last.get(node) ?? NONE);
    last.set(node, record);
  }
  return before;
}

function handlerOf(trace: Trace, record: number): number {
  return record === NONE ? NONE : trace.handlerOf(record);
}

function changesSomething(trace: Trace, handler: number): boolean {
  for (let i = handler + 1; i < trace.length && !trace.isHandler(i); i++)
    if (trace.causeOf(i) === handler && CHANGES.includes(trace.kindOf(i))) return true;
  return false;
}

/** True if a server went to another term or role: most of what came between is mostly not needed. */
function changesRole(trace: Trace, handler: number): boolean {
  for (let i = handler + 1; i < trace.length && !trace.isHandler(i); i++) {
    if (trace.causeOf(i) !== handler || trace.kindOf(i) !== KIND.status) continue;
    const { before, after } = trace.dataOf(i) as StatusChange;
    if (before.role !== after.role || before.currentTerm !== after.currentTerm) return true;
  }
  return false;
}
