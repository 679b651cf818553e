import { TIMING } from "../../contract";
import { MICROS_PER_MILLI, NONE } from "../../trace/trace";
import { timesWords } from "../words";
import type { EntryOnItsWay, Peer } from "./entry-on-its-way";
import type { Letter } from "./letters";
import type { Answer } from "./question";
import { atWords } from "./waits";

/** So many refusals with no step back between them are no chance. */
const REFUSALS_MIN = 3;

/** A request and what the peer said to it. */
interface Exchange {
  readonly request: Letter;
  readonly answer: Letter;
}

/** A follower refuses although the entry before is certainly there: index 0, or what it has acknowledged in this term. */
export function wronglyRefused(way: EntryOnItsWay, peer: Peer): Answer | undefined {
  const { view, leader } = way;
  const { names, trace } = view;
  const self = names[peer.node];
  let vouched = 0;
  for (const { request, answer } of exchanges(way, peer)) {
    const { success, matchIndex = 0 } = answer.message;
    const before = request.message.prevLogIndex ?? 0;
    const committed = view.statusBefore(peer.node, request.arrival).commitIndex ?? 0;
    const isCommitted = before > 0 && before <= committed;
    if (success === true) vouched = Math.max(vouched, matchIndex);
    else if (
      (before <= vouched || isCommitted) &&
      isCurrent(way, peer, request) &&
      view.livesThrough(peer.node, way.taken)
    ) {
      return {
        cause: "not-applied: wrongly refused",
        reason: `${self} refuses what it should store: ${atWords(view, request.arrival)} it gets entries after ${before} of the current term from ${names[leader]}, ${before === 0 ? "before which nothing has to be there" : isCommitted ? `and it has committed up to ${committed} itself` : `and has said itself that its log agrees up to ${vouched}`}, and says no.`,
        evidence: [request.arrival, answer.arrival].filter((record) => record !== NONE),
        wrong: trace.handlerOf(request.arrival),
        rule: "Figure 2, AppendEntries receiver, steps 1 and 2: refuse only an old term, or a log without an entry at prevLogIndex whose term is prevLogTerm.",
        next: `What does ${self} find at prevLogIndex, and with what does it compare it?`,
      };
    }
  }
  return undefined;
}

/** The follower refuses rightly, again and again, and the leader does not find the place where the logs agree. */
export function stuckBehind(way: EntryOnItsWay, peer: Peer): Answer | undefined {
  const { view, leader, entry } = way;
  const { names } = view;
  const refused = exchanges(way, peer).filter(
    ({ answer }) => answer.message.success !== true && answer.arrival !== NONE,
  );
  if (refused.length < REFUSALS_MIN) return undefined;
  const [chief, self] = [names[leader], names[peer.node]];
  const places = refused.map(({ request }) => request.message.prevLogIndex ?? 0);
  const recent = places.slice(-2 * REFUSALS_MIN);
  const [lowest, highest] = [Math.min(...recent), Math.max(...recent)];
  const last = refused.slice(-2 * REFUSALS_MIN);
  // It goes back for long: that is slow, but it is on its way.
  const isOnItsWay = places.length === new Set(places).size;
  if (isOnItsWay) return undefined;
  const steps = last.flatMap(({ request, answer }) => [request.arrival, answer.arrival]);
  const first = refused.findIndex(({ request }) => (request.message.prevLogIndex ?? 0) === highest);
  const hint = refused[first].answer.message.matchIndex ?? 0;
  const [example] = last;
  const place = example.request.message.prevLogIndex ?? 0;
  const promised = example.answer.message.matchIndex ?? 0;
  if (lowest === highest && place > 0 && promised >= place && isCurrent(way, peer, example.request))
    return {
      cause: "not-applied: refusal names what it refuses",
      reason: `${self} leads ${chief} in a circle: ${timesWords(refused.length)} it has refused what comes after entry ${place}, and each time it says that entry ${promised} might match, so that ${chief} tries there again and entry ${entry.index} never comes.`,
      evidence: steps.slice(0, 6),
      wrong: example.request.arrival,
      rule: "The contract, AppendEntriesReply: on refusal matchIndex is the highest index that might match; the one that was just refused does not, nor does any after it.",
      next: `How does ${self} work out matchIndex when it refuses: if the entry at prevLogIndex is missing, and if it is there with another term?`,
    };
  const rest = `and so ${self} never gets entry ${entry.index}.`;
  return lowest === highest
    ? {
        cause: "not-applied: nextIndex does not go back",
        reason: `${chief} does not go back: ${self} has refused ${timesWords(refused.length)}, each time what comes after entry ${highest}, and ${chief} goes on sending just that, ${rest}`,
        evidence: steps.slice(0, 6),
        wrong: last[0].answer.arrival,
        rule: "Figure 2, Leaders: if AppendEntries fails because of log inconsistency, decrement nextIndex and retry (§5.3).",
        next: `What becomes of nextIndex for ${self} at ${chief} when the refusal (it might match ${hint}) arrives?`,
      }
    : {
        cause: "not-applied: nextIndex goes round",
        reason: `${chief} goes back and forth: ${self} refuses entries after ${listOf(recent)}, and ${chief} comes back to the same places, ${rest}`,
        evidence: steps.slice(0, 8),
        rule: "§5.3: after a rejection the leader decrements nextIndex and retries; eventually it reaches a point where the logs match.",
        next: `From what does ${chief} work out nextIndex after a refusal: is the new one always lower than the one that was refused, and what moves it up again?`,
      };
}

function listOf(places: readonly number[]): string {
  return [...new Set(places)]
    .sort((a, b) => a - b)
    .slice(0, 4)
    .join(", ");
}

/** Requests that arrived, each with its answer, in the order in which they arrived: one may overtake another. */
function exchanges({ view }: EntryOnItsWay, { sent, answers }: Peer): Exchange[] {
  const { trace } = view;
  const arrived = sent.filter(({ arrival }) => arrival !== NONE).sort((a, b) => a.arrival - b.arrival);
  const answerTo = new Map<number, Letter>();
  for (const answer of answers) {
    const arrival = trace.causeOf(answer.send);
    if (!answerTo.has(arrival)) answerTo.set(arrival, answer);
  }
  return arrived.flatMap((request) => {
    const answer = answerTo.get(request.arrival);
    return answer === undefined ? [] : [{ request, answer }];
  });
}

/** True if the follower was in the request's term then: it had no newer one to refuse it for. */
function isCurrent({ view, entry }: EntryOnItsWay, { node }: Peer, { arrival }: Letter): boolean {
  const until = view.trace.microsOf(arrival) + TIMING.answerWithin * MICROS_PER_MILLI;
  return (
    view.statusBefore(node, arrival).currentTerm <= entry.term &&
    view.statusAt(node, until).currentTerm === entry.term
  );
}
