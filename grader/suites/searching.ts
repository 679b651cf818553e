import type { NodeId, Stage, StateView, StepView, Term } from "../../labs/kit";

/** Words for searches: what may happen in one of their stages, and where it ends. They name no timer: those are the student's. */
export type Allow = (step: StepView, state: StateView) => boolean;

/** All of these conditions. */
export function all(...conditions: readonly Allow[]): Allow {
  return (step, state) => conditions.every((allows) => allows(step, state));
}

/** Timers run out at these nodes only. */
export function timersOf(...ids: readonly NodeId[]): Allow {
  return ({ kind, node }) => kind !== "timer" || ids.includes(node);
}

/** No leader's timers: who sends its entries at once needs none for a few messages, and each is one more thing to try. */
export const noLeadersTimers: Allow = ({ kind, node }, state) =>
  kind !== "timer" || state.status(node).role !== "leader";

/** Nothing happens at these nodes, and nothing that they have sent arrives. */
export function without(...ids: readonly NodeId[]): Allow {
  return ({ node, from }) => !ids.includes(node) && (from === undefined || !ids.includes(from));
}

/** Elections alone: nothing that leaders and followers say to each other arrives. */
export const onlyElections: Allow = ({ message }) =>
  message?.type !== "AppendEntries" && message?.type !== "AppendEntriesReply";

/** Before elections: timers, and whatever servers say before they ask for votes. */
const onlyBefore: Allow = (step, state) =>
  onlyElections(step, state) &&
  step.message?.type !== "RequestVote" &&
  step.message?.type !== "RequestVoteReply";

/** Messages of this term, or a later one. */
export function fromTerm(term: Term): Allow {
  return ({ message }) => message === undefined || (message.term ?? 0) >= term;
}

/** True if a server leads. */
export function leads(state: StateView, id: NodeId): boolean {
  return state.status(id).role === "leader";
}

/** True if a candidate's request is on its way. */
function asksForVotes(state: StateView, id: NodeId, term: Term): boolean {
  return state.messages.some(
    ({ from, message }) => from === id && message.type === "RequestVote" && message.term === term,
  );
}

/** Two servers stand for election, each in its term, and all that they have asked for is on its way. */
export function bothStand(first: Standing, second: Standing, timers: number): Stage {
  return {
    budget: { timers },
    states: 500,
    allow: all(timersOf(first.id, second.id), onlyBefore),
    until: (state) =>
      asksForVotes(state, first.id, first.term) && asksForVotes(state, second.id, second.term),
  };
}

interface Standing {
  readonly id: NodeId;
  readonly term: Term;
}

/** S1 leads and has taken a command. */
export const S1_HAS_A_COMMAND: Stage = {
  budget: { timers: 2, proposals: 1 },
  states: 1_000,
  allow: timersOf("S1"),
  until: (state) => leads(state, "S1") && state.count("proposals") === 1,
};

/** True if a message with entries is on its way. */
export function sendsEntries(state: StateView, id: NodeId): boolean {
  return state.messages.some(({ from, message }) => from === id && (message.entries?.length ?? 0) > 0);
}

/** True if an answer is on its way that says that entries were stored. */
export function hasStored(state: StateView, id: NodeId): boolean {
  return state.messages.some(
    ({ from, message }) => from === id && message.success === true && (message.matchIndex ?? 0) > 0,
  );
}
