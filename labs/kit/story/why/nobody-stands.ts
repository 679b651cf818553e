import { NONE } from "../../trace/trace";
import { listWords, timesWords } from "../words";
import type { Answer } from "./question";
import { atWords, type Wait, waitOf } from "./waits";
import type { Vacancy } from "./why-no-leader";

const FOLLOWERS =
  "Figure 2, Followers: if the election timeout elapses without hearing from the current leader or granting a vote, become a candidate (§5.2).";

/** For a long time nobody has stood for election at all. */
export function nobodyStands(vacancy: Vacancy): Answer | undefined {
  const { view, nodes } = vacancy;
  const waits = nodes.map((node) => waitOf(view, node));
  if (nodes.length === 0 || waits.some((wait) => wait === undefined)) return undefined;
  const known = waits.filter((wait) => wait !== undefined);
  const withoutTimer = known.filter(({ kind }) => kind === "no-timer");
  if (withoutTimer.length === known.length) return noTimers(vacancy, withoutTimer);
  const reset = known.find(({ kind }) => kind === "reset");
  if (reset?.by !== undefined) return alwaysReset(vacancy, reset, known);
  return {
    cause: "no-leader: nobody stands",
    reason: `Nobody could win, because nobody has stood for election for long: ${listWords(nodes.map((node) => view.names[node]))} ${nodes.length === 1 ? "has a timer" : "have timers"} running, and nobody has asked for votes.`,
    evidence: known.map(({ record }) => record).filter((record) => record !== NONE),
    rule: FOLLOWERS,
    next: "Which timer is it that should make a server stand, and what does onTimer do when it runs out?",
  };
}

function noTimers({ view }: Vacancy, waits: readonly Wait[]): Answer {
  const names = waits.map(({ node }) => view.names[node]);
  const records = waits.map(({ record }) => record).filter((record) => record !== NONE);
  const wrong = Math.min(...records);
  const one = view.names[view.trace.nodeOf(wrong)];
  return {
    cause: "no-leader: no timer",
    reason: `Nobody could win, because nobody waits for anything any more: ${listWords(names)} ${names.length === 1 ? "has" : "have"} no timer running, ${one} since ${atWords(view, wrong).slice(3)}. No message comes, so nothing will ever happen.`,
    evidence: records,
    wrong,
    rule: `${FOLLOWERS} So a server that does not lead always has an election timer running.`,
    next: `What happens at ${one} in the marked line, and where should it set its election timer again?`,
  };
}

function alwaysReset(
  { view }: Vacancy,
  { node, by, record }: Wait,
  waits: readonly Wait[],
): Answer | undefined {
  if (by === undefined) return undefined;
  const [self, sender] = [view.names[node], view.names[by.from]];
  const others = waits.filter((wait) => wait.node !== node && wait.kind === "no-timer");
  const rest =
    others.length === 0
      ? ""
      : ` ${listWords(others.map((wait) => view.names[wait.node]))} ${others.length === 1 ? "has" : "have"} no timer running.`;
  return {
    cause: `no-leader: timer reset by ${by.type}`,
    reason: `Nobody could win, because nobody's election timer runs out: ${by.type} from ${sender} makes ${self} wait anew, ${timesWords(by.times)} in the last seconds.${rest}`,
    evidence: [record, ...others.map((wait) => wait.record).filter((other) => other !== NONE)],
    rule: `${FOLLOWERS} Nothing else restarts the timer.`,
    next: `Is ${sender} the leader of ${self}'s term, or did ${self} just grant it a vote? If not, why does its ${by.type} restart the timer?`,
  };
}
