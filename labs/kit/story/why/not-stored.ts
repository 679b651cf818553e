import { TIMING } from "../../contract";
import { MICROS_PER_MILLI, NONE } from "../../trace/trace";
import { entriesWords, plural, timesWords } from "../words";
import type { EntryOnItsWay, Peer } from "./entry-on-its-way";
import { type Letter, lossWords } from "./letters";
import type { Answer } from "./question";
import { stuckBehind, wronglyRefused } from "./refusals";
import { atWords } from "./waits";

/** Designs may take a little time over a message; virtual. */
const GRACE = 5 * TIMING.answerWithin * MICROS_PER_MILLI;

/** In this time a leader has sent what it took; virtual. */
const SOON = (TIMING.commitWithin / 2) * MICROS_PER_MILLI;

/** The entry has not come to servers that should store it: the reason for one of them that stands for all. */
export function notStored(way: EntryOnItsWay): Answer | undefined {
  const { view, peers, leader, group } = way;
  const lacking = peers.filter(({ node, stored }) => stored === NONE && group.includes(node));
  const storing = 1 + peers.filter(({ stored }) => stored !== NONE).length;
  const isCommittable = storing >= view.majority && group.includes(leader);
  if (lacking.length === 0) return undefined;
  // With a majority the entry can be committed: then it is only those who lack it that do not apply it.
  if (isCommittable && !view.nodes[leader].applied[way.entry.index - 1] && !isKnownCommitted(way))
    return undefined;
  for (const look of [neverSent, wronglyRefused, stuckBehind, unanswered, onlyLost]) {
    for (const peer of lacking) {
      const answer = look(way, peer);
      if (answer !== undefined) return answer;
    }
  }
  return undefined;
}

function isKnownCommitted({ view, leader, entry }: EntryOnItsWay): boolean {
  return (view.statusBefore(leader, view.trace.length).commitIndex ?? 0) >= entry.index;
}

/** The leader never sends the entry to a peer, although nothing that the peer says keeps it from that. */
function neverSent(way: EntryOnItsWay, { node, sent, bringing, answers }: Peer): Answer | undefined {
  const { view, leader, entry, taken } = way;
  if (bringing.length > 0 || answers.some(({ message }) => message.success !== true)) return undefined;
  // Who tries again and again may ask only a moment after the last try; and some designs send with the next heartbeat.
  if (view.now - view.trace.microsOf(taken) < SOON) return undefined;
  // Without an answer it may rightly try what it has tried before.
  if (sent.length > 0 && !answers.some(({ arrival }) => arrival !== NONE)) return undefined;
  const [chief, self] = [view.names[leader], view.names[node]];
  const isStill = new Set(sent.map(({ message }) => message.prevLogIndex ?? 0)).size <= 1;
  const earlier = sent.length === 0 ? lastBefore(way, node) : undefined;
  const isEarlierLost = earlier !== undefined && lossWords(view.trace, earlier) !== undefined;
  const before =
    earlier === undefined
      ? ""
      : ` The last that it sent was ${contentWords(earlier)}, ${atWords(view, earlier.send)}${isEarlierLost ? ", and that was lost" : ""}.`;
  const what =
    sent.length === 0
      ? "sends it nothing at all"
      : `sends it ${plural(sent.length, "AppendEntries", "AppendEntries")} without it, the last with ${contentWords(sent[sent.length - 1])}`;
  return {
    cause: isEarlierLost ? "not-applied: not sent again" : "not-applied: never sent",
    reason: `Entry ${entry.index} never goes out to ${self}: since ${chief} took it, it ${what}.${before}`,
    evidence: [
      ...(earlier === undefined ? [] : [isEarlierLost ? earlier.loss : earlier.send]),
      taken,
      ...sent.slice(-2).map((letter) => (letter.arrival === NONE ? letter.send : letter.arrival)),
    ],
    wrong: isStill ? taken : undefined,
    rule: "Figure 2, Leaders: if last log index ≥ nextIndex for a follower, send AppendEntries with log entries starting at nextIndex, and again until it stores them (§5.3).",
    next: isEarlierLost
      ? `What has ${chief} noted about ${self} when it sent that, and what takes it back if no answer comes?`
      : `What is nextIndex for ${self} at ${chief}, and who looks at it after the command has come?`,
  };
}

/** What a leader sent to a peer last, in its term, before it took the entry. */
function lastBefore({ view, leader, entry, taken }: EntryOnItsWay, node: number): Letter | undefined {
  return view
    .lettersOf("AppendEntries")
    .findLast(
      ({ from, to, send, message }) =>
        from === leader && to === node && send < taken && message.term === entry.term,
    );
}

/** The entry arrives, and there is no answer. */
function unanswered(way: EntryOnItsWay, { node, bringing, answers }: Peer): Answer | undefined {
  const { view, leader, entry } = way;
  const { trace, names } = view;
  const arrived = bringing.find(
    ({ arrival, send }) =>
      arrival !== NONE &&
      view.now > trace.microsOf(arrival) + GRACE &&
      !answers.some((answer) => answer.send > send) &&
      view.statusBefore(node, arrival).currentTerm <= entry.term,
  );
  if (arrived === undefined || view.nodes[node].isScripted || !view.livesThrough(node, arrived.arrival))
    return undefined;
  return {
    cause: "not-applied: unanswered",
    reason: `${names[node]} does not answer: ${atWords(view, arrived.arrival)} it gets entry ${entry.index} from ${names[leader]} and says nothing.`,
    evidence: [arrived.arrival],
    wrong: arrived.arrival,
    rule: "Figure 2, AppendEntries: the receiver always answers, with its term and success.",
    next: `On which way through its handler does ${names[node]} return without a reply?`,
  };
}

/** Requests or answers were lost, and the leader stopped trying. */
function onlyLost(way: EntryOnItsWay, { node, bringing, answers, sent }: Peer): Answer | undefined {
  const { view, leader, entry } = way;
  const { trace, names } = view;
  const lost = [...bringing, ...answers].filter((letter) => lossWords(trace, letter) !== undefined);
  const last = bringing.at(-1);
  if (lost.length === 0 || last === undefined) return undefined;
  const after = sent.filter(({ send }) => send > last.send);
  // While nothing gets through, it may rightly try with something smaller: what it makes of an answer is what counts.
  const isHeard = answers.some(({ send, arrival }) => send > last.send && arrival !== NONE);
  const isFrozen = view.wasFrozen(leader, last.at, view.now) || view.wasFrozen(node, last.at, view.now);
  const isGivenUp =
    view.now - last.at > TIMING.commitWithin * MICROS_PER_MILLI &&
    !isFrozen &&
    (isHeard || after.length === 0);
  const tried = timesWords(bringing.length);
  return {
    cause: isGivenUp ? "not-applied: not sent again" : "not-applied: lost",
    reason: isGivenUp
      ? `${names[leader]} does not try again: it sent entry ${entry.index} to ${names[node]} ${tried}, last ${atWords(view, last.send)}, what it sent or the answer was lost, and since then it has sent ${after.length === 0 ? "nothing" : `${plural(after.length, "AppendEntries", "AppendEntries")} without it`}.`
      : `Entry ${entry.index} was sent to ${names[node]} ${tried}, and messages were lost ${timesWords(lost.length)}.`,
    evidence: [
      way.taken,
      ...lost.slice(-3).map(({ loss }) => loss),
      ...after.slice(-1).map((letter) => (letter.arrival === NONE ? letter.send : letter.arrival)),
    ],
    rule: "§5.3: if packets are lost, the leader retries AppendEntries indefinitely until all followers store all log entries.",
    next: `What has ${names[leader]} noted about ${names[node]} when it sent the entry, and what takes that back if no answer comes?`,
  };
}

/** "entries 2–3", "no entries, after 4". */
export function contentWords({ message: { entries, prevLogIndex } }: Letter): string {
  return entries?.length
    ? entriesWords(prevLogIndex, entries.length)
    : `no entries, after ${prevLogIndex ?? 0}`;
}
