import { type AppliedEntry, TIMING } from "../../contract";
import { KIND, MICROS_PER_MILLI, NONE } from "../../trace/trace";
import { listWords, plural } from "../words";
import { type EntryOnItsWay, hasApplied, type Peer } from "./entry-on-its-way";
import type { Answer } from "./question";
import { atWords } from "./waits";

/** Designs may apply a little later; virtual. */
const GRACE = 5 * TIMING.answerWithin * MICROS_PER_MILLI;
/** So many heartbeats without the news are no chance. */
const HEARTBEATS_MIN = 3;

/** The leader has committed the entry: who was not told, or was told and did not apply it. */
export function notTold(way: EntryOnItsWay): Answer | undefined {
  const { leader, group, peers } = way;
  const committed = committedAt(way);
  if (group.includes(leader) && !hasApplied(way, leader)) return committedInVain(way, leader, committed);
  for (const peer of peers) {
    if (!group.includes(peer.node) || hasApplied(way, peer.node)) continue;
    const answer = toldInVain(way, peer) ?? untold(way, peer, committed);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** The event at which the leader committed the entry, as its status or its state machine shows it. */
function committedAt({ view, leader, entry }: EntryOnItsWay): number {
  const turn = view.turnsOf(leader).find(({ status }) => (status.commitIndex ?? 0) >= entry.index);
  if (turn !== undefined) return view.trace.handlerOf(turn.record);
  for (const record of view.recordsOf(leader, KIND.apply))
    if ((view.trace.dataOf(record) as AppliedEntry).index === entry.index)
      return view.trace.handlerOf(record);
  return NONE;
}

/** A follower stores the entry, and the leader does not tell it that it is committed. */
function untold(way: EntryOnItsWay, { node, sent, stored }: Peer, committed: number): Answer | undefined {
  const { view, leader, entry } = way;
  const { names } = view;
  const [chief, self] = [names[leader], names[node]];
  const later = sent.filter(({ send }) => send > Math.max(stored, committed));
  const told = later.filter(({ message }) => (message.leaderCommit ?? 0) >= entry.index);
  if (stored === NONE || committed === NONE || told.length > 0) return undefined;
  if (later.length > 0 && later.length < HEARTBEATS_MIN) return undefined;
  const last = later.at(-1);
  return {
    cause: "not-applied: followers not told",
    reason: `${chief} has committed entry ${entry.index} and does not tell ${self}, who stores it: ${last === undefined ? "it sends it nothing any more" : `since then it has sent ${plural(later.length, "AppendEntries", "AppendEntries")}, the last with leaderCommit ${last.message.leaderCommit ?? 0}`}.`,
    evidence: [
      stored,
      committed,
      ...later.slice(0, 3).map(({ send, arrival }) => (arrival === NONE ? send : arrival)),
    ],
    wrong: last === undefined ? undefined : view.trace.handlerOf(later[0].send),
    rule: "Figure 2, AppendEntries: leaderCommit is the leader's commitIndex. Followers learn from it what is committed (§5.3).",
    next: `Which value does ${chief} send as leaderCommit, in heartbeats too?`,
  };
}

/** A follower was told that the entry is committed, stores it, and did not apply it. */
function toldInVain(way: EntryOnItsWay, { node, sent, answers }: Peer): Answer | undefined {
  const { view, entry } = way;
  const { trace } = view;
  const told = sent.find(({ arrival, message }) => {
    if (arrival === NONE || (message.leaderCommit ?? 0) < entry.index) return false;
    const reach = (message.prevLogIndex ?? 0) + (message.entries?.length ?? 0);
    const isAccepted = answers.some(
      ({ send, message: { success } }) => trace.causeOf(send) === arrival && success === true,
    );
    return reach >= entry.index && isAccepted;
  });
  if (told === undefined || view.now - trace.microsOf(told.arrival) < GRACE) return undefined;
  if (!view.livesThrough(node, told.arrival) || view.nodes[node].isPaused) return undefined;
  return committedInVain(way, node, told.arrival);
}

/** A server knows that the entry is committed, and has not handed it to its state machine. */
function committedInVain({ view, entry }: EntryOnItsWay, node: number, record: number): Answer | undefined {
  if (record === NONE) return undefined;
  const { names, trace } = view;
  const self = names[node];
  const { applied } = view.nodes[node];
  const instead = applied[entry.index - 1];
  const indexes = [...view.recordsOf(node, KIND.apply)].slice(-3);
  const what =
    instead !== undefined
      ? `what it has applied there is of term ${instead.term}`
      : applied.length === 0
        ? "it has applied nothing at all"
        : `it has applied ${plural(applied.length, "entry", "entries")} only`;
  return {
    cause: "not-applied: committed in vain",
    reason: `${self} knows that entry ${entry.index} is committed, ${atWords(view, record)}, and does not apply it: ${what}.`,
    evidence: [record, ...indexes.map((index) => trace.handlerOf(index))],
    wrong: record,
    rule: "Figure 2, All Servers: if commitIndex > lastApplied, increment lastApplied and apply log[lastApplied], until there is nothing left (§5.3).",
    next: `From which index to which does ${self} apply after this, and ${listWords(["commitIndex", "lastApplied"])} are what then?`,
  };
}
