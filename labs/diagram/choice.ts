import { isTold } from "../kit/story/run-text";
import { KIND, NONE, type Trace } from "../kit/trace/trace";

/** Of the events before the last part, so much of the room is for those that led to what the story tells. */
const SHARE_FOR_CAUSES = 0.2;

/** Which part of a trace is drawn. */
export interface Choice {
  /** The records that are kept, in order. */
  readonly records: readonly number[];
  /** How many of all events are kept. */
  readonly events: number;
  readonly eventsInAll: number;
}

/** True for records that have a place of their own in a drawing; the others belong to one of these. */
export function isEvent(trace: Trace, i: number): boolean {
  return isTold(trace, i) || isInjected(trace, i);
}

/** A message that a test sends in the name of a node: no handler of that node sent it. */
function isInjected(trace: Trace, i: number): boolean {
  return trace.kindOf(i) === KIND.send && trace.causeOf(i) === NONE;
}

/**
 * Chooses what is drawn of a run that may be too long: its last part, and what led to the events that its story tells.
 * @param told the records that the story tells
 */
export function chooseRecords(trace: Trace, told: readonly number[], eventsMax: number): Choice {
  const events: number[] = [];
  for (let i = 0; i < trace.length; i++) if (isEvent(trace, i)) events.push(i);
  const kept =
    events.length <= eventsMax ? new Set(events) : lastPartAndCauses(trace, events, told, eventsMax);
  return { records: withEffects(trace, kept), events: kept.size, eventsInAll: events.length };
}

function lastPartAndCauses(
  trace: Trace,
  events: readonly number[],
  told: readonly number[],
  eventsMax: number,
): Set<number> {
  const kept = new Set<number>();
  const room = Math.floor(eventsMax * SHARE_FOR_CAUSES);
  for (const record of told)
    for (const cause of causesOf(trace, record)) if (kept.size < room) kept.add(cause);
  for (let i = events.length - 1; i >= 0 && kept.size < eventsMax; i--) kept.add(events[i]);
  return kept;
}

/** An event, the event that brought it about, and so on, back to the beginning. */
function* causesOf(trace: Trace, record: number): Generator<number> {
  for (let at = record; at !== NONE; ) {
    if (isEvent(trace, at)) yield at;
    at = trace.causeOf(at);
  }
}

/** All that belongs to events: what their handlers did, and the message or timer that set them off. */
function withEffects(trace: Trace, events: ReadonlySet<number>): number[] {
  const origins = new Set<number>();
  for (const event of events) if (trace.causeOf(event) !== NONE) origins.add(trace.causeOf(event));
  const records: number[] = [];
  for (let i = 0; i < trace.length; i++)
    if (events.has(i) || origins.has(i) || events.has(trace.causeOf(i))) records.push(i);
  return records;
}
