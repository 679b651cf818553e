import { TIMING } from "../../contract";
import { KIND, MICROS_PER_MILLI, NONE } from "../../trace/trace";
import { messageWords } from "../words";
import { mayTrustLeader } from "./ballots";
import type { Answer } from "./question";
import type { RunView } from "./run-view";
import { silentStands } from "./stands";
import { atWords } from "./waits";
import type { Vacancy } from "./why-no-leader";

/** Designs may take a little time over a message; virtual. */
const GRACE = 5 * TIMING.answerWithin * MICROS_PER_MILLI;

/** Which messages bring their receiver into their term, whatever the design. */
const BRING_TERMS: readonly string[] = [
  "AppendEntries",
  "AppendEntriesReply",
  "RequestVote",
  "RequestVoteReply",
];

/** A server got a message of a newer term, and stayed in its old one (Figure 2, All Servers). */
export function behindTheTerm({ view, nodes, since }: Vacancy): Answer | undefined {
  const { trace, names } = view;
  for (let i = since; i < trace.length; i++) {
    const node = trace.nodeOf(i);
    if (trace.kindOf(i) !== KIND.deliver || !nodes.includes(node)) continue;
    const message = trace.messageOf(i);
    const { type, term = 0 } = message;
    const before = view.statusBefore(node, i);
    if (!BRING_TERMS.includes(type) || term <= before.currentTerm) continue;
    // Who counts on a leader may turn a candidate away without going into its term (dissertation §4.2.3).
    if (type === "RequestVote" && mayTrustLeader(view, node, i)) continue;
    const until = trace.microsOf(i) + GRACE;
    if (until > view.now || !view.livesThrough(node, i)) continue;
    const after = view.statusAt(node, until);
    if (after.currentTerm >= term) continue;
    return {
      cause: "no-leader: newer term ignored",
      reason: `Nobody could win, because ${names[node]} does not go along with newer terms: ${atWords(view, i)} it gets ${type} of term ${term} and stays ${after.role} of term ${after.currentTerm}.`,
      evidence: [i],
      wrong: i,
      rule: "Figure 2, All Servers: if a request or response contains a term greater than currentTerm, set currentTerm to it and become a follower (§5.1).",
      next: `What does ${names[node]} do with the term of “${messageWords(message)}” before it looks at anything else?`,
    };
  }
  return undefined;
}

/** A candidate got the votes of a majority while it stood, and did not become the leader. */
export function wonInVain({ view, candidacies }: Vacancy): Answer | undefined {
  const { names, trace } = view;
  for (const { node, term, isPre, ballots, votes, isWon, end, record } of candidacies) {
    if (isPre || isWon || votes < view.majority || view.nodes[node].isScripted) continue;
    const grants = ballots.filter(({ fate }) => fate === "granted").map(({ answer }) => answer);
    const last = grants.sort((a, b) => a - b)[view.majority - 2] ?? record;
    const until = trace.microsOf(last) + GRACE;
    if (until > view.now || (end !== NONE && trace.microsOf(end) <= until)) continue;
    if (!view.livesThrough(node, record)) continue;
    if (view.majority === 1) return wonAlone(view, node);
    return {
      cause: "no-leader: majority of votes in vain",
      reason: `Nobody could win, because ${names[node]} does not notice that it has won: ${atWords(view, last)} it has ${votes} votes of ${view.servers} servers in term ${term}, its own included, and does not become the leader.`,
      evidence: [record, ...grants],
      wrong: last,
      rule: "Figure 2, Candidates: if votes received from majority of servers, become leader.",
      next: `How many votes has ${names[node]} counted then, and with what does it compare them?`,
    };
  }
  return undefined;
}

/** The only server of a cluster has all votes that there are as soon as it stands, and no reply tells it so. */
function wonAlone(view: RunView, node: number): Answer | undefined {
  const first = silentStands(view, node).find(({ record }) => view.livesThrough(node, record));
  if (first === undefined) return undefined;
  const { term, record } = first;
  const self = view.names[node];
  return {
    cause: "no-leader: own vote in vain",
    reason: `${self} is the only server, and its own vote is a majority: ${atWords(view, record)} it stands for election in term ${term}, and does not become the leader.`,
    evidence: [record],
    wrong: record,
    rule: "Figure 2, Candidates: if votes received from majority of servers, become leader.",
    next: `Who counts ${self}'s own vote, if no reply ever comes?`,
  };
}

/** A vote makes its candidate give up: only the leader of its term, or a newer term, may do that. */
export function gaveUp({ view, candidacies }: Vacancy): Answer | undefined {
  const { names, trace } = view;
  for (const { node, term, isPre, isWon, end, record } of candidacies) {
    if (isPre || isWon || end === NONE || view.nodes[node].isScripted) continue;
    const event = trace.handlerOf(end);
    if (event === NONE || trace.kindOf(event) !== KIND.deliver) continue;
    const { type, voteGranted, term: said } = trace.messageOf(event);
    const { role, currentTerm } = view.statusAfter(node, event);
    const isVote = type === "RequestVoteReply" && voteGranted === true && said === term;
    if (!isVote || role !== "follower" || currentTerm !== term) continue;
    return {
      cause: "no-leader: vote ends candidacy",
      reason: `Nobody could win, because candidates give up when a vote comes: ${atWords(view, event)} ${names[node]}, a candidate of term ${term}, gets the vote of ${names[trace.peerOf(event)]} and becomes a follower.`,
      evidence: [record, event],
      wrong: event,
      rule: "§5.2: a candidate goes on until it wins, another server is the leader of its term, or the time is up; only a newer term makes it step down.",
      next: `What does ${names[node]} do first with a message of its own term, before it looks at its type?`,
    };
  }
  return undefined;
}

/** A candidate says that it has less than it has committed: others refuse it rightly. */
export function understated({ view, candidacies }: Vacancy): Answer | undefined {
  const { names, trace } = view;
  for (const { node, term, isPre, isWon, record, requests } of candidacies) {
    if (requests.length === 0) continue;
    const { lastLogIndex = 0 } = requests[0].message;
    const { lives, writes, isScripted } = view.nodes[node];
    // Without a disk a server that was started again has rightly nothing.
    if (isWon || isScripted || (lives > 1 && writes === 0)) continue;
    const known = view
      .turnsOf(node)
      .find((turn) => turn.record < record && (turn.status.commitIndex ?? 0) > lastLogIndex);
    if (known === undefined) continue;
    const committed = known.status.commitIndex ?? 0;
    return {
      cause: "no-leader: log understated",
      reason: `Nobody could win, because ${names[node]} makes its log smaller than it is: it stands in term ${term} with a log up to ${lastLogIndex}, and ${atWords(view, known.record)} it had committed up to ${committed}.`,
      evidence: [
        trace.handlerOf(known.record),
        record,
        ...requests.map(({ arrival }) => arrival).filter((at) => at !== NONE),
      ],
      wrong: record,
      rule: "Figure 2, RequestVote: lastLogIndex and lastLogTerm are those of the candidate's last log entry (§5.4.1).",
      next: `From where does ${names[node]} take lastLogIndex for its ${isPre ? "PreVote" : "RequestVote"}, and is that right after a restart too?`,
    };
  }
  return undefined;
}
