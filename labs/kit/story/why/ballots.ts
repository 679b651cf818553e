import { type Term, TIMING } from "../../contract";
import { KIND, MICROS_PER_MILLI, type Micros, NONE } from "../../trace/trace";
import { highestLog, isUpToDate } from "./highest-log";
import { type Letter, lossWords } from "./letters";
import type { RunView } from "./run-view";

/** What became of one server's vote. */
export type Fate =
  | "granted"
  /** The voter had voted for another candidate of the term, or for itself. */
  | "voted"
  /** The voter was in a newer term. */
  | "newer-term"
  /** The voter's log may be more up to date than the candidate's. */
  | "log"
  /** The voter may still have counted on a leader: check quorum, leases and pre-votes do that. */
  | "leader-known"
  /** Refused, and whatever the design there was no reason to. */
  | "wrongly-refused"
  /** Refused; why cannot be seen from outside. */
  | "refused"
  | "unanswered"
  | "not-asked"
  | "request-lost"
  | "reply-lost"
  /** Granted, but the vote came when the candidate had gone on. */
  | "late"
  /** Request or reply is on its way, or waits at a frozen server. */
  | "pending";

/** One server's part in a candidacy. */
export interface Ballot {
  readonly voter: number;
  readonly fate: Fate;
  /** The record that shows it best: the request's arrival at the voter, if it arrived. {@link NONE} if there is none. */
  readonly record: number;
  /** The answer's arrival or loss, or {@link NONE}. */
  readonly answer: number;
}

/** Whose ballots are looked at. */
interface Standing {
  readonly node: number;
  readonly term: Term;
  readonly isPre: boolean;
  readonly end: number;
  readonly send: number;
}

/** Designs may answer a little later than at once; virtual time. */
const GRACE: Micros = 5 * TIMING.answerWithin * MICROS_PER_MILLI;

/** For so long after it heard from a leader, with clocks that go wrong by a tenth, a server may rightly count on it. */
const TRUST: Micros = 1.25 * TIMING.electionTimeoutMax * MICROS_PER_MILLI;

/** @param requests those that the candidate sent to the voter */
export function ballotOf(
  view: RunView,
  standing: Standing,
  requests: readonly Letter[],
  voter: number,
): Ballot {
  const { trace } = view;
  if (requests.length === 0) return { voter, fate: "not-asked", record: standing.send, answer: NONE };
  const arrived = requests.find(({ arrival }) => arrival !== NONE);
  if (arrived === undefined) {
    const lost = requests.find((letter) => lossWords(trace, letter) !== undefined);
    const fate = lost === undefined ? "pending" : "request-lost";
    return { voter, fate, record: lost?.loss ?? requests[0].send, answer: NONE };
  }
  const record = arrived.arrival;
  const reply = replyOf(view, standing, voter, record);
  if (reply === undefined) {
    const fate = mustHaveAnswered(view, voter, record)
      ? "unanswered"
      : mayTrustLeader(view, voter, record)
        ? "leader-known"
        : "pending";
    return { voter, fate, record, answer: NONE };
  }
  if (reply.message.voteGranted !== true)
    return { voter, fate: refusal(view, standing, arrived, reply, voter), record, answer: reply.arrival };
  if (reply.arrival === NONE) {
    const fate = reply.loss === NONE ? "pending" : "reply-lost";
    return { voter, fate, record, answer: reply.loss };
  }
  const isLate = standing.end !== NONE && standing.end < reply.arrival && !isEndedBy(view, standing, reply);
  return { voter, fate: isLate ? "late" : "granted", record, answer: reply.arrival };
}

/** True if it was this very answer that ended the candidacy: by electing it. */
function isEndedBy({ trace }: RunView, { end }: Standing, { arrival }: Letter): boolean {
  return trace.causeOf(end) === arrival;
}

/** The voter's answer: a grant if there is one among its answers, for a request that comes twice is answered twice. */
function replyOf(view: RunView, standing: Standing, voter: number, record: number): Letter | undefined {
  const type = standing.isPre ? "PreVoteReply" : "RequestVoteReply";
  const replies = view
    .lettersBetween(type, voter, standing.node)
    .filter(
      ({ send, message }) =>
        send > record &&
        (message.term === standing.term ||
          ((message.term ?? 0) > standing.term && message.voteGranted !== true)),
    );
  return (
    replies.find(({ message }) => message.voteGranted === true && message.term === standing.term) ??
    replies[0]
  );
}

/** True if a server that got a request and lived on should have answered by now. */
function mustHaveAnswered(view: RunView, voter: number, record: number): boolean {
  const { trace } = view;
  if (view.nodes[voter].isScripted || view.nodes[voter].isPaused) return false;
  // Who counts on a leader may ignore a candidate (dissertation §4.2.3).
  if (mayTrustLeader(view, voter, record)) return false;
  return view.now > trace.microsOf(record) + GRACE && view.livesThrough(voter, record);
}

/** Why a vote was refused, as far as it can be seen. In doubt the voter is right. */
function refusal(
  view: RunView,
  { node, term, isPre }: Standing,
  { arrival, message }: Letter,
  reply: Letter,
  voter: number,
): Fate {
  if ((reply.message.term ?? 0) > term) return "newer-term";
  if (view.statusBefore(voter, arrival).currentTerm > term) return "newer-term";
  if (!isPre && mayHaveVoted(view, voter, node, term, reply.send)) return "voted";
  const own = { term: message.lastLogTerm ?? 0, index: message.lastLogIndex ?? 0 };
  if (!isUpToDate(own, highestLog(view, voter, reply.send))) return "log";
  if (mayTrustLeader(view, voter, arrival)) return "leader-known";
  return isPre || view.nodes[voter].isScripted ? "refused" : "wrongly-refused";
}

/** True if a server stood in a term itself, or was asked by another candidate of it before. */
function mayHaveVoted(view: RunView, voter: number, candidate: number, term: Term, before: number): boolean {
  return view
    .lettersOfTerm("RequestVote", term)
    .some(
      ({ send, arrival, from, to }) =>
        (from === voter && send < before) ||
        (to === voter && from !== candidate && arrival !== NONE && arrival < before),
    );
}

/** True if a server leads, or heard from a leader lately, or was started again lately and cannot know. */
export function mayTrustLeader(view: RunView, node: number, record: number): boolean {
  const { trace } = view;
  const earliest = trace.microsOf(record) - TRUST;
  if (view.statusBefore(node, record).role === "leader") return true;
  for (let i = record - 1; i >= 0 && trace.microsOf(i) >= earliest; i--) {
    if (trace.nodeOf(i) !== node) continue;
    const kind = trace.kindOf(i);
    if (kind === KIND.start && isRestart(view, node, i)) return true;
    if ((kind === KIND.deliver || kind === KIND.send) && trace.messageOf(i).type === "AppendEntries")
      return true;
  }
  return false;
}

function isRestart(view: RunView, node: number, start: number): boolean {
  const [earlier] = view.recordsOf(node, KIND.start, 0, start);
  return earlier !== undefined;
}
