import { TIMING } from "../../contract";
import { KIND, MICROS_PER_MILLI, NONE } from "../../trace/trace";
import { listWords, operationWords, timesWords } from "../words";
import { type ClientWait, sequenceOf } from "./client-wait";
import { lossWords } from "./letters";
import type { Answer } from "./question";
import { atWords } from "./waits";

/** Longer than a client may wait before it asks again, with clocks that go wrong by a tenth; virtual. */
const SILENCE = 1.5 * TIMING.clientRetryMax * MICROS_PER_MILLI;
/** A client that has asked so often for each server there is has come to all of them. */
const ROUNDS = 2;

const NAME_RULE =
  "Raft §8: (clientId, sequence) names one operation for ever: 1 for the client's first, 2 for its second, …; a retry keeps its number.";

/** One operation is asked for under two numbers: for the servers these are two operations. */
export function newNumber({ view, name, requests, invocation }: ClientWait): Answer | undefined {
  const [first] = requests;
  const other = requests.find(({ message }) => message.sequence !== first.message.sequence);
  if (other === undefined) return undefined;
  const event = view.trace.handlerOf(other.send);
  return {
    cause: "not-answered: retry with another number",
    reason: `${name} gives its operation a new number: it asks for ${operationWords(invocation.operation)} as #${first.message.sequence}, and ${atWords(view, other.send)} again as #${other.message.sequence}. Answers to the first are then not taken for this one's.`,
    evidence: [invocation.record, event],
    wrong: event,
    rule: NAME_RULE,
    next: `Where is sequence raised: when an operation is invoked, or whenever ${name} asks?`,
  };
}

/** A number that stood for an earlier operation: servers take it for done. */
export function oldNumber({ view, client, name, invocation, requests }: ClientWait): Answer | undefined {
  const [first] = requests;
  const earlier = view
    .lettersOf("ClientRequest")
    .find(
      ({ from, send, message }) =>
        from === client && send < invocation.record && message.sequence === first?.message.sequence,
    );
  if (earlier === undefined) return undefined;
  const event = view.trace.handlerOf(first.send);
  return {
    cause: "not-answered: number used before",
    reason: `${name} uses a number twice: #${first.message.sequence} was ${operationWords(earlier.message.operation)}, and now it is ${operationWords(invocation.operation)}. For the servers the second was carried out long ago.`,
    evidence: [view.trace.handlerOf(earlier.send), event],
    wrong: event,
    rule: NAME_RULE,
    next: `What does ${name} do with sequence when the next operation comes?`,
  };
}

/** The answer is there, and the client does not take it. */
export function answerIgnored(wait: ClientWait): Answer | undefined {
  const { view, name, replies } = wait;
  const sequence = sequenceOf(wait);
  const good = replies.find(
    ({ arrival, message }) => arrival !== NONE && message.ok === true && message.sequence === sequence,
  );
  if (good === undefined) return undefined;
  return {
    cause: "not-answered: answer ignored",
    reason: `The answer is there, and ${name} does not complete the operation: ${atWords(view, good.arrival)} it hears from ${view.names[good.from]} that #${sequence} is done.`,
    evidence: [good.arrival],
    wrong: good.arrival,
    rule: "The handout, 4.2: an answer with ok: true ends the operation; its result is the operation's.",
    next: `What does ${name} compare in this answer with what it waits for?`,
  };
}

/** The client does not ask, or does not ask any more. */
export function silent({ view, client, name, requests, invocation }: ClientWait): Answer | undefined {
  const { trace } = view;
  const last = requests.at(-1);
  const since = last === undefined ? invocation.record : last.send;
  if (view.now - trace.microsOf(since) < SILENCE || view.nodes[client].isPaused) return undefined;
  const event = lastEvent();
  const timers = view.nodes[client].timers.size === 0 ? " No timer of it is running." : "";
  const wrong = last === undefined ? invocation.record : event;
  return {
    cause: "not-answered: client is silent",
    reason:
      last === undefined
        ? `${name} asks nobody at all.${timers}`
        : `${name} has given up: it asked ${timesWords(requests.length)}, last ${view.names[last.to]} ${atWords(view, last.send)}, and is silent since then.${timers}`,
    evidence: [invocation.record, ...(last === undefined ? [] : [trace.handlerOf(last.send)]), event],
    wrong,
    rule: "§8: a client that gets no answer asks again, here or elsewhere, until it has one: any message may be lost, and any server may be no leader.",
    next: `What is to make ${name} ask again after the marked line, and is that set?`,
  };

  function lastEvent(): number {
    for (let i = trace.length - 1; i > since; i--) {
      const isOwn = trace.nodeOf(i) === client && trace.isHandler(i);
      if (isOwn && view.livesThrough(client, i)) return i;
    }
    return trace.handlerOf(since);
  }
}

/** There is a leader, and the client does not come to it. */
export function leaderNotAsked({ view, name, requests, leader }: ClientWait): Answer | undefined {
  const { trace, nodes } = view;
  if (leader === undefined) return undefined;
  const { currentTerm } = nodes[leader].status;
  const office = view
    .turnsOf(leader)
    .find(({ status }) => status.role === "leader" && status.currentTerm === currentTerm);
  const vain = requests.filter(({ send }) => send > (office?.record ?? NONE));
  if (vain.some(({ to }) => to === leader) || vain.length < ROUNDS * view.servers) return undefined;
  const askedNumbers = [...new Set(vain.map(({ to }) => to))].sort((a, b) => a - b);
  const asked = listWords(askedNumbers.map((to) => view.names[to]));
  const why = askedNumbers
    .map((to) => nodes[to])
    .map(({ id, isUp, isPaused, status: { role } }) =>
      !isUp
        ? `${id} is stopped`
        : isPaused
          ? `${id} is frozen`
          : `${id} is ${role === "leader" ? "a leader without a majority" : `a ${role}`}`,
    );
  return {
    cause: "not-answered: leader never asked",
    reason: `${name} never asks ${view.names[leader]}, who leads: all its ${vain.length} requests since then went to ${asked} (${why.join(", ")}).`,
    evidence: requests
      .slice(-4)
      .map((letter) => (lossWords(trace, letter) === undefined ? trace.handlerOf(letter.send) : letter.loss)),
    rule: "§8: if the server that was asked crashes or is not the leader, the client retries with another one; a server that is no leader may name it.",
    next: `Whom does ${name} ask next when no answer comes, and does it come round to every server so?`,
  };
}

/** Records of the last events between a client and a server. */
export function lastTalk({ view, client }: ClientWait, server: number, most: number): number[] {
  const { trace } = view;
  const found: number[] = [];
  for (let i = trace.length - 1; i >= 0 && found.length < most; i--) {
    const kind = trace.kindOf(i);
    const [node, peer] = [trace.nodeOf(i), trace.peerOf(i)];
    const isBetween = (node === client && peer === server) || (node === server && peer === client);
    if (isBetween && (kind === KIND.deliver || kind === KIND.drop)) found.push(i);
  }
  return found;
}
