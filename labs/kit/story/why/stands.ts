import { type Term, TIMING } from "../../contract";
import { MICROS_PER_MILLI, type Micros } from "../../trace/trace";
import type { RunView } from "./run-view";

/** Designs may take a little time before they ask for votes; virtual. */
const GRACE: Micros = 5 * TIMING.answerWithin * MICROS_PER_MILLI;

/** A server became a candidate of a new term, as it said itself. */
export interface Stand {
  readonly node: number;
  readonly term: Term;
  /** The event that made it stand. */
  readonly record: number;
  readonly at: Micros;
}

/**
 * The candidacies of a server that it told of itself and asked nobody for votes in: who has no peers has nobody to ask.
 * One that is so young, or was over so soon, that it may not have come to ask is none of them.
 */
export function silentStands(view: RunView, node: number): Stand[] {
  const { trace } = view;
  const turns = view.turnsOf(node);
  return turns.flatMap(({ record, status: { role, currentTerm: term } }, i) => {
    if (role !== "candidate" || term <= (turns[i - 1]?.status.currentTerm ?? 0)) return [];
    const stand = { node, term, record: trace.handlerOf(record), at: trace.microsOf(record) };
    return hasAsked(view, node, term) || !hadTimeToAsk(view, stand, i) ? [] : [stand];
  });
}

/** True if a server said after a time that it stands in a new term, whether it asked anybody or not. */
export function hasStoodSince(view: RunView, node: number, since: Micros): boolean {
  return silentStands(view, node).some(({ at }) => at >= since);
}

function hasAsked(view: RunView, node: number, term: Term): boolean {
  return (
    view.lettersOfTerm("RequestVote", term).some(({ from }) => from === node) ||
    view.lettersOf("PreVote").some(({ from }) => from === node) // whoever asks for these stands in its own way
  );
}

/** @param turn which of the server's turns it was */
function hadTimeToAsk(view: RunView, { node, record, at }: Stand, turn: number): boolean {
  if (view.servers === 1) return true;
  const next = view.turnsOf(node)[turn + 1];
  const until = at + GRACE;
  const isOver = next !== undefined && view.trace.microsOf(next.record) <= until;
  return view.now > until && !isOver && view.livesThrough(node, record) && !view.wasFrozen(node, at, until);
}
