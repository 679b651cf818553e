import { KIND, NONE } from "../../trace/trace";
import { millisWords, timesWords } from "../words";
import { candidaciesOf } from "./candidacies";
import type { Question } from "./question";
import type { RunView } from "./run-view";
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
  const last = candidaciesOf(view, [node], since).at(-1);
  if (last === undefined) return "has not stood for election since";
  const { type } = last.requests[0].message;
  const events = view
    .lettersOf(type)
    .filter(({ from, send }) => from === node && send >= since)
    .map(({ send }) => view.trace.handlerOf(send));
  const times = new Set(events).size;
  return `stood ${timesWords(times)}, last ${last.isPre ? "for pre-votes " : ""}with ${last.votes} of ${view.servers} votes`;
}

/** The timer that was set last and is still running. */
function timerWords(view: RunView, node: number): string {
  const { trace, nodes, now } = view;
  const set = Math.max(NONE, ...nodes[node].timers.values());
  if (set === NONE || trace.kindOf(set) !== KIND.setTimer) return "a timer is running";
  const waited = millisWords((now - trace.microsOf(set)) / 1_000);
  return `its timer “${trace.timerOf(set)}” was set ${atWords(view, set)}, ${waited} ago`;
}
