import { type NodeId, TIMING } from "../../contract";
import { KIND, MICROS_PER_MILLI, type Micros, NONE, type StatusChange } from "../../trace/trace";
import { millisWords, timesWords } from "../words";
import { lossWords } from "./letters";
import type { Answer } from "./question";
import type { RunView } from "./run-view";
import { atWords } from "./waits";

/** Who has heard from the leader less than this ago has no reason to stand, though its clock may be fast by a tenth. */
const TOO_SOON: Micros = 0.88 * TIMING.electionTimeoutMin * MICROS_PER_MILLI;

/** A leader or a follower that was frozen in this time may rightly be out of step; virtual. */
const LATELY: Micros = TIMING.electionTimeoutMax * MICROS_PER_MILLI;

/** A server stood for election although its term had a leader. */
interface Revolt {
  readonly node: number;
  /** The event at which it stood. */
  readonly record: number;
  readonly leader: number;
  readonly term: number;
  /** When it last heard from the leader: the arrival, or {@link NONE}. */
  readonly heard: number;
}

/** What sort of revolt it was, from which an {@link Answer} is made. */
type Kind =
  | "own timer"
  | "in spite of heartbeats"
  | "no heartbeats"
  | "heartbeats lost"
  | "too slow"
  | "leader gone";

/** Why the leaders of some servers that can talk to each other do not stay. */
export function whyNoPeace(view: RunView, among: readonly NodeId[], since: number): Answer | undefined {
  const revolts = revoltsOf(view, view.numbersOf(among), since).map((revolt) => ({
    revolt,
    kind: kindOf(view, revolt),
  }));
  const counts = new Map<Kind, number>();
  for (const { kind } of revolts) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  if (most === undefined) return undefined;
  const [kind, times] = most;
  const found = revolts.findLast((other) => other.kind === kind);
  return found && { cause: `no-peace: ${kind}`, ...tell(view, found.revolt, kind, times) };
}

function revoltsOf(view: RunView, nodes: readonly number[], since: number): Revolt[] {
  const { trace } = view;
  const found: Revolt[] = [];
  for (let i = since; i < trace.length; i++) {
    const node = trace.nodeOf(i);
    if (trace.kindOf(i) !== KIND.status || !nodes.includes(node)) continue;
    const { before, after } = trace.dataOf(i) as StatusChange;
    const record = trace.handlerOf(i);
    if (after.role === "follower" || after.currentTerm <= before.currentTerm) continue;
    if (trace.kindOf(record) !== KIND.timer) continue;
    const leader = view.nodes.findIndex(({ index }) => ledAt(view, index, before.currentTerm, record));
    if (leader === -1) continue;
    const heard = lastHeard(view, node, leader, before.currentTerm, record);
    found.push({ node, record, leader, term: before.currentTerm, heard });
  }
  return found;
}

/** True if a server had been elected in a term by then. */
function ledAt(view: RunView, node: number, term: number, before: number): boolean {
  return view
    .turnsOf(node)
    .some(({ record, status }) => record < before && status.role === "leader" && status.currentTerm === term);
}

function lastHeard(view: RunView, node: number, leader: number, term: number, before: number): number {
  const heard = view
    .lettersBetween("AppendEntries", leader, node)
    .filter(({ arrival, message }) => message.term === term && arrival !== NONE && arrival < before)
    .map(({ arrival }) => arrival);
  return Math.max(NONE, ...heard);
}

function kindOf(view: RunView, revolt: Revolt): Kind {
  const { node, record, leader, term, heard } = revolt;
  const { trace } = view;
  const at = trace.microsOf(record);
  const isFrozen = [node, leader].some((one) => view.wasFrozen(one, at - LATELY, at));
  const isReborn = !view.livesThrough(leader, electionOf(view, leader, term), record);
  if (isFrozen || isReborn) return "leader gone";
  if (node === leader) return hearsMajority(view, revolt) ? "own timer" : "leader gone";
  if (heard !== NONE && at - trace.microsOf(heard) < TOO_SOON) return "in spite of heartbeats";
  const then = view.statusBefore(leader, record);
  const isGone = then.role !== "leader" || then.currentTerm !== term || !view.nodes[leader].isUp;
  if (isGone || view.nodes[leader].isPaused) return "leader gone";
  const sent = sentLately(view, revolt);
  if (sent.length === 0) return "no heartbeats";
  if (sent.length > 1 && sent.every((letter) => lossWords(trace, letter) !== undefined))
    return "heartbeats lost";
  return "too slow";
}

/** True if a majority has lately answered to a leader: whoever checks that (dissertation §6.2) goes on leading. */
function hearsMajority(view: RunView, { leader, record, term }: Revolt): boolean {
  const earliest = view.trace.microsOf(record) - TOO_SOON;
  const peers = view
    .lettersOf("AppendEntriesReply")
    .filter(
      ({ to, arrival, at, message }) =>
        to === leader && message.term === term && arrival !== NONE && arrival < record && at >= earliest,
    )
    .map(({ from }) => from);
  return new Set(peers).size + 1 >= view.majority;
}

/** What the leader sent to the one that stood, in the time in which that should have heard from it. */
function sentLately(view: RunView, { node, record, leader, term }: Revolt) {
  const earliest = view.trace.microsOf(record) - TOO_SOON;
  return view
    .lettersBetween("AppendEntries", leader, node)
    .filter(({ send, at, message }) => message.term === term && send < record && at >= earliest);
}

/** The event in which the timer was set that ran out. */
function drawnAt({ trace }: RunView, record: number): number {
  return trace.handlerOf(trace.causeOf(record));
}

/** When that was, and the question that follows from it. */
function drawnWords(view: RunView, { record, heard }: Revolt): string {
  const set = view.trace.causeOf(record);
  const when = `The timer that ran out here was set ${atWords(view, set)}, ${millisWords(view.millisBetween(set, record))} before`;
  return set > heard
    ? `${when}: with which delay, and why?`
    : `${when}: should the heartbeat since then have set it anew?`;
}

function tell(view: RunView, revolt: Revolt, kind: Kind, times: number): Omit<Answer, "cause"> {
  const { names } = view;
  const { node, record, leader, term, heard } = revolt;
  const [self, chief] = [names[node], names[leader]];
  const known = heard === NONE ? [] : [heard];
  const ago = heard === NONE ? "" : millisWords(view.millisBetween(heard, record));
  const often = timesWords(times);
  switch (kind) {
    case "own timer":
      return {
        reason: `The leader deposes itself, ${often}: ${self} leads term ${term}, and ${atWords(view, record)} its own timer makes it stand for election.`,
        evidence: [electionOf(view, leader, term), record].filter((at) => at !== NONE),
        wrong: record,
        rule: "§5.2: who hears from no leader stands for election; a leader waits for nobody and has no election timer.",
        next: `What becomes of ${self}'s election timer when it is elected, and what sets it again later?`,
      };
    case "in spite of heartbeats":
      return {
        reason: `Followers stand for election although they hear from their leader, ${often}: ${atWords(view, heard)} ${self} gets a heartbeat of ${chief}, the leader of term ${term}, and ${ago} later it stands in the next term.`,
        evidence: [drawnAt(view, record), ...known, record],
        wrong: record,
        rule: "Figure 2, Followers: stand for election only if the election timeout elapses without receiving AppendEntries from the current leader.",
        next: drawnWords(view, revolt),
      };
    case "no heartbeats": {
      const last = lastSending(view, leader, term, record);
      const others = [...new Set(last.receivers)].filter((to) => to !== node).map((to) => names[to]);
      const isLeft = last.record !== NONE && others.length > 0 && !last.receivers.includes(node);
      return {
        reason: `The leader falls silent, ${often}: ${chief} leads term ${term} and ${heard === NONE ? `has never sent ${self} a heartbeat` : `sends ${self} nothing any more; the last heartbeat came ${ago} before`}${isLeft ? `, though it sends to ${others.join(" and ")}` : ""}. So ${self} stands for election, and rightly.`,
        evidence: [last.record, ...known, record].filter((at) => at !== NONE),
        wrong: last.record === NONE ? undefined : last.record,
        rule: `§5.2: a leader sends periodic heartbeats to all followers in order to maintain its authority: every ${TIMING.heartbeatIntervalMax} ms or sooner.`,
        next: `After the marked line, what is to make ${chief} send to ${self} again, and is it set?`,
      };
    }
    case "heartbeats lost":
      return {
        reason: `Heartbeats do not arrive, ${often}: ${chief} leads term ${term}, what it sends to ${self} is lost, and ${self} stands for election.`,
        evidence: [...known, ...sentLately(view, revolt).map(({ loss }) => loss), record],
        rule: "§5.6: a leader sends so often that a few losses start no election.",
        next: "How many heartbeats fit into the shortest election timeout?",
      };
    case "leader gone":
      return {
        reason: `Leaders do not stay in office, ${often}: ${chief} led term ${term}, ${goneWords(view, revolt)}, and ${self} stands for election.`,
        evidence: [lastTurn(view, leader, record), ...known, record].filter((at) => at !== NONE),
        rule: "§5.2: a leader stays in office until it fails or hears of a newer term.",
        next: `What ended ${chief}'s term?`,
      };
    case "too slow":
      return {
        reason: `Heartbeats come too seldom or too late, ${often}: ${chief} leads term ${term}, and ${self} stands for election${heard === NONE ? " before it hears from it" : ` ${ago} after the last one`}.`,
        evidence: [...known, record],
        rule: "§5.6: broadcastTime ≪ electionTimeout.",
        next: `How long does ${self} wait, and how long does a heartbeat take from ${chief}?`,
      };
  }
}

/** The last record before another at which a server's role or term changed. */
function lastTurn(view: RunView, node: number, before: number): number {
  return view.turnsOf(node).findLast(({ record }) => record < before)?.record ?? NONE;
}

function goneWords(view: RunView, { leader, record, term }: Revolt): string {
  const { isUp, isPaused } = view.nodes[leader];
  if (!isUp) return "is stopped";
  if (isPaused) return "is frozen";
  if (view.wasFrozen(leader, view.trace.microsOf(record) - LATELY, view.trace.microsOf(record)))
    return "was frozen";
  if (!view.livesThrough(leader, electionOf(view, leader, term), record)) return "was started again";
  const { role, currentTerm } = view.statusBefore(leader, record);
  return `is a ${role} of term ${currentTerm} by then`;
}

/** The event at which a server was elected. */
function electionOf(view: RunView, node: number, term: number): number {
  const turn = view
    .turnsOf(node)
    .find(({ status }) => status.role === "leader" && status.currentTerm === term);
  return turn === undefined ? NONE : view.trace.handlerOf(turn.record);
}

/** The last event before a record at which a leader sent AppendEntries, and to whom. */
function lastSending(view: RunView, leader: number, term: number, before: number) {
  const sent = view
    .lettersOf("AppendEntries")
    .filter(({ from, send, message }) => from === leader && send < before && message.term === term);
  const last = sent.at(-1);
  if (last === undefined) return { record: electionOf(view, leader, term), receivers: [] };
  const record = view.trace.handlerOf(last.send);
  const receivers = sent.filter(({ send }) => view.trace.handlerOf(send) === record).map(({ to }) => to);
  return { record, receivers };
}
