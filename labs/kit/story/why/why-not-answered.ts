import { type NodeId, TIMING } from "../../contract";
import { MICROS_PER_MILLI, NONE } from "../../trace/trace";
import { operationWords, plural, timesWords } from "../words";
import { answerIgnored, lastTalk, leaderNotAsked, newNumber, oldNumber, silent } from "./client-mistakes";
import { type ClientWait, clientWait, sequenceOf } from "./client-wait";
import { lossWords } from "./letters";
import type { Answer } from "./question";
import type { RunView } from "./run-view";
import { atWords } from "./waits";
import { whyNoLeader } from "./why-no-leader";
import { whyNotApplied } from "./why-not-applied";
import { completedTooEarly, serverNotAsked } from "./why-not-asked";

/** In this time a leader in a good network has carried a request out; virtual. */
const ENOUGH = (TIMING.commitWithin + TIMING.applyWithin) * MICROS_PER_MILLI;
/** An answer that comes so often is no accident. */
const OFTEN = 3;

const REASONS: readonly ((wait: ClientWait) => Answer | undefined)[] = [
  newNumber,
  oldNumber,
  answerIgnored,
  silent,
  noLeader,
  leaderNotAsked,
  otherNumber,
  sentAway,
  notAnswered,
  lost,
];

/** Why the operation of a client is still open. */
export function whyNotAnswered(view: RunView, client: NodeId, server?: NodeId): Answer | undefined {
  const wait = clientWait(view, client);
  if (wait === undefined) return completedTooEarly(view, client);
  const aside = server === undefined ? undefined : serverNotAsked(wait, server);
  if (aside !== undefined) return aside;
  for (const reason of REASONS) {
    const answer = reason(wait);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

function noLeader({ view, leader, invocation, name }: ClientWait): Answer | undefined {
  if (leader !== undefined) return undefined;
  const servers = view.names.slice(0, view.servers);
  const answer = whyNoLeader(view, servers, invocation.record);
  return answer && { ...answer, reason: `${name} finds no leader. ${answer.reason}` };
}

/** The leader answers, but not to this request. */
function otherNumber(wait: ClientWait): Answer | undefined {
  const { view, name, replies } = wait;
  const sequence = sequenceOf(wait);
  const other = replies.filter(({ message, arrival }) => message.sequence !== sequence && arrival !== NONE);
  const right = replies.filter(({ message }) => message.sequence === sequence && message.ok === true);
  if (other.length < OFTEN || right.length > 0) return undefined;
  const last = other[other.length - 1];
  return {
    cause: "not-answered: answer to another request",
    reason: `${view.names[last.from]} answers another request: ${name} asks for #${sequence} and is answered about #${last.message.sequence}, ${timesWords(other.length)}.`,
    evidence: other.slice(-3).flatMap(({ send, arrival }) => [view.trace.handlerOf(send), arrival]),
    rule: "The contract: the sequence of a ClientReply is that of the request that it answers.",
    next: `Which sequence does ${view.names[last.from]} put into its answer, and from where has it got it?`,
  };
}

/** The leader says “not now”, again and again. */
function sentAway(wait: ClientWait): Answer | undefined {
  const { view, name, replies, leader } = wait;
  const refusals = replies.filter(
    ({ from, send, message }) =>
      from === leader && message.ok !== true && view.statusBefore(from, send).role === "leader",
  );
  if (leader === undefined || refusals.length < OFTEN) return undefined;
  const chief = view.names[leader];
  return {
    cause: "not-answered: sent away by the leader",
    reason: `${chief} leads and sends ${name} away, ${timesWords(refusals.length)}: it answers ok: false to request #${sequenceOf(wait)}.`,
    evidence: refusals.slice(-3).map(({ send }) => view.trace.handlerOf(send)),
    rule: "§8: the leader carries the operation out, and answers with its result once that is done.",
    next: `For what reasons does ${chief} say ok: false, and which of them is true here?`,
  };
}

/** The leader has got the request, and says nothing. */
function notAnswered(wait: ClientWait): Answer | undefined {
  const { view, name, requests, replies, leader } = wait;
  const { trace } = view;
  if (leader === undefined) return undefined;
  const { currentTerm, commitIndex } = view.nodes[leader].status;
  const chief = view.names[leader];
  const said = replies.findLast(({ from }) => from === leader);
  const got = requests.find(
    ({ to, arrival }) =>
      to === leader &&
      arrival !== NONE &&
      arrival > (said?.send ?? NONE) &&
      view.statusBefore(leader, arrival).role === "leader" &&
      view.statusBefore(leader, arrival).currentTerm === currentTerm,
  );
  if (got === undefined || view.now - trace.microsOf(got.arrival) < ENOUGH) return undefined;
  if (
    !view.livesThrough(leader, got.arrival) ||
    view.wasFrozen(leader, trace.microsOf(got.arrival), view.now)
  )
    return undefined;
  const times = requests.filter(({ to, arrival }) => to === leader && arrival >= got.arrival).length;
  const last = lastIndexOf(view, leader, currentTerm);
  const pending =
    commitIndex !== undefined && last > commitIndex // a status() need not tell: then nobody knows
      ? whyNotApplied(view, { index: last, term: currentTerm }, view.names.slice(0, view.servers))
      : undefined;
  if (pending !== undefined)
    return {
      ...pending,
      reason: `${chief} has ${name}'s request in its log, and cannot carry it out. ${pending.reason}`,
    };
  // A server may rightly wait to be asked again before it says what it has done.
  if (times < OFTEN) return undefined;
  const isLost = said !== undefined && lossWords(trace, said) !== undefined;
  const isLonger = last > lastIndexBefore(view, leader, got.arrival);
  const deeds = view.servers === 1 ? "" : logWords(isLonger, commitIndex !== undefined);
  return {
    cause: "not-answered: no word from the leader",
    reason: `${chief} leads and does not answer: ${name}'s request #${sequenceOf(wait)}, ${operationWords(wait.invocation.operation)}, has come to it ${timesWords(times)}${deeds}.${isLost ? ` An answer that it sent before was lost, and so ${name} asks again.` : ""}`,
    evidence: [
      ...(said === undefined ? [] : [isLost ? said.loss : trace.handlerOf(said.send)]),
      got.arrival,
      ...lastTalk(wait, leader, 2),
    ],
    wrong: got.arrival,
    rule: "§8: the leader answers each request: with the result once the entry is applied, and with the first result if it was carried out before.",
    next: `What does ${chief} know of #${sequenceOf(wait)} of ${name}, and on which way does it come to send an answer?`,
  };
}

/** What became of a leader's log since it got a request, where nothing in it waits to be committed. */
function logWords(isLonger: boolean, isCommitTold: boolean): string {
  if (!isLonger) return ", and it puts nothing into its log";
  return isCommitTold
    ? ", and all that is in its log is committed"
    : ", and its log has become longer since then";
}

/** What is said is lost on the way. */
function lost(wait: ClientWait): Answer | undefined {
  const { view, name, requests, replies } = wait;
  const gone = [...requests, ...replies].filter((letter) => lossWords(view.trace, letter) !== undefined);
  if (gone.length === 0 || gone.length * 2 < requests.length) return undefined;
  const why = [...new Set(gone.map((letter) => lossWords(view.trace, letter)))];
  return {
    cause: "not-answered: lost",
    reason: `Of ${plural(requests.length, "request")} of ${name} and ${plural(replies.length, "answer")}, ${gone.length} did not arrive: ${why.join(", ")}.`,
    evidence: gone.slice(-4).map(({ loss }) => loss),
    next: `Whom does ${name} ask after each loss, ${atWords(view, gone[gone.length - 1].send)} for instance?`,
  };
}

/** The last index of a leader's log, as far as it has sent it in a term. */
function lastIndexOf(view: RunView, leader: number, term: number): number {
  return lastIndexBefore(view, leader, view.trace.length, term);
}

function lastIndexBefore(view: RunView, leader: number, before: number, term?: number): number {
  const ends = view
    .lettersOf("AppendEntries")
    .filter(
      ({ from, send, message }) =>
        from === leader && send < before && (term === undefined || message.term === term),
    )
    .map(({ message: { prevLogIndex = 0, entries = [] } }) => prevLogIndex + entries.length);
  return Math.max(0, ...ends);
}
