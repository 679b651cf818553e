import type { AppliedEntry, KvResult, LogIndex, NodeId, Term } from "../contract";
import type { Effect, Reaction } from "../host/reaction";

/**
 * What has happened at a node and matters for ever after, beyond its state: two histories that differ here are not the
 * same, or a second leader of a term could hide behind the first one's having stepped down.
 */
export interface Facts {
  /** Terms that it has led. */
  readonly led: readonly Term[];
  /** To whom it gave its vote, term by term. */
  readonly votes: ReadonlyMap<Term, NodeId>;
  /** What it has applied at each index, over all its lives, as text. */
  readonly applied: ReadonlyMap<LogIndex, string>;
  /** At a client: operations begun, and the results so far. */
  readonly begun: number;
  readonly results: readonly KvResult[];
}

export const NO_FACTS: Facts = { led: [], votes: new Map(), applied: new Map(), begun: 0, results: [] };

/** The facts after a node has done something. */
export function factsAfter(
  before: Facts,
  { effects, role, currentTerm }: Pick<Reaction, "effects" | "role" | "currentTerm">,
  node: number,
  names: readonly NodeId[],
  isBeginning = false,
): Facts {
  let { led, votes, applied, results } = before;
  if (role === "leader" && !led.includes(currentTerm)) led = [...led, currentTerm];
  for (const effect of effects) {
    votes = votesAfter(votes, effect, node, names);
    if (effect.kind === "apply") applied = new Map(applied).set(effect.entry.index, entryText(effect.entry));
    if (effect.kind === "complete") results = [...results, effect.result];
  }
  const begun = before.begun + (isBeginning ? 1 : 0);
  const isSame =
    led === before.led &&
    votes === before.votes &&
    applied === before.applied &&
    results === before.results &&
    begun === before.begun;
  return isSame ? before : { led, votes, applied, begun, results };
}

function votesAfter(
  votes: ReadonlyMap<Term, NodeId>,
  effect: Effect,
  node: number,
  names: readonly NodeId[],
): ReadonlyMap<Term, NodeId> {
  if (effect.kind !== "send") return votes;
  const { type, term, voteGranted } = effect.message;
  const isGrant = type === "RequestVoteReply" && voteGranted === true;
  if (term === undefined || !(isGrant || type === "RequestVote")) return votes;
  const candidate = names[isGrant ? effect.to : node]; // whoever stands for election votes for itself
  return votes.get(term) === candidate ? votes : new Map(votes).set(term, candidate);
}

function entryText({ term, command }: AppliedEntry): string {
  return JSON.stringify([term, command]);
}

/** True if two nodes' histories break Election Safety or State Machine Safety together. */
export function areAtOdds(a: Facts, b: Facts): boolean {
  for (const term of a.led) if (b.led.includes(term)) return true;
  if (a.applied.size === 0 || b.applied.size === 0) return false;
  for (const [index, text] of a.applied) {
    const other = b.applied.get(index);
    if (other !== undefined && other !== text) return true;
  }
  return false;
}

/** True if one node alone has broken a rule: voted twice in a term, gone back in terms, applied two entries at one index. */
export function isOdd(
  before: Facts,
  after: Facts,
  termBefore: Term,
  { currentTerm }: Pick<Reaction, "currentTerm">,
): boolean {
  if (currentTerm < termBefore) return true;
  for (const [term, candidate] of before.votes) if (after.votes.get(term) !== candidate) return true;
  for (const [index, text] of before.applied) if (after.applied.get(index) !== text) return true;
  return false;
}
