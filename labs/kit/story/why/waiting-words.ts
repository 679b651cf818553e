import { KIND, NONE } from "../../trace/trace";
import { millisWords, plural, timesWords } from "../words";
import { type Candidacy, candidaciesOf } from "./candidacies";
import type { Question } from "./question";
import type { RunView } from "./run-view";
import { silentStands } from "./stands";
import { atWords } from "./waits";

/** What a running server was waiting for at the end, and what it tried before: "stood 12 times, …", by its number. */
export function waitingWords(view: RunView, question: Question): ReadonlyMap<number, string> {
  const words = new Map<number, string>();
  if (question.kind !== "no-leader" && question.kind !== "no-peace") return words;
  for (const { index, status, timers } of view.running(question.among)) {
    if (status.role === "leader") continue;
    const wait = timers.size === 0 ? "" : `, ${timerWords(view, index)}`;
    words.set(index, `${stoodWords(view, index, question.since)}${wait}`);
  }
  return words;
}

function stoodWords(view: RunView, node: number, since: number): string {
  const last = candidaciesOf(view, [node], since, 1).at(-1);
  if (last === undefined) return "has not stood for election since";
  const times = last.requests.length === 0 ? silentTimes(view, node, since) : askedTimes(view, last, since);
  return `stood ${timesWords(times)}, last ${last.isPre ? "for pre-votes " : ""}with ${last.votes} of ${plural(view.servers, "vote")}`;
}

function askedTimes(view: RunView, { node, requests }: Candidacy, since: number): number {
  const events = view
    .lettersOf(requests[0].message.type)
    .filter(({ from, send }) => from === node && send >= since)
    .map(({ send }) => view.trace.handlerOf(send));
  return new Set(events).size;
}

function silentTimes(view: RunView, node: number, since: number): number {
  return silentStands(view, node).filter(({ record }) => record >= since).length;
}

/** The timer that was set last and is still running. */
function timerWords(view: RunView, node: number): string {
  const { trace, nodes, now } = view;
  const set = Math.max(NONE, ...nodes[node].timers.values());
  if (set === NONE || trace.kindOf(set) !== KIND.setTimer) return "a timer is running";
  const waited = millisWords((now - trace.microsOf(set)) / 1_000);
  return `its timer “${trace.timerOf(set)}” was set ${atWords(view, set)}, ${waited} ago`;
}
