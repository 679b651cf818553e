import type { NodeId } from "../../contract";
import type { Invocation } from "../../trace/requests";
import { KIND, NONE } from "../../trace/trace";
import { listWords, operationWords, timesWords } from "../words";
import { oldNumber } from "./client-mistakes";
import type { ClientWait } from "./client-wait";
import type { Answer } from "./question";
import type { RunView } from "./run-view";
import { atWords } from "./waits";

/** Why a client that can reach one server only never asks that one. */
export function serverNotAsked({ view, name, requests }: ClientWait, server: NodeId): Answer | undefined {
  const number = view.names.indexOf(server);
  if (requests.length === 0 || requests.some(({ to }) => to === number)) return undefined;
  const asked = [...new Set(requests.map(({ to }) => to))].sort((a, b) => a - b);
  return {
    cause: "not-answered: server never asked",
    reason: `${name} does not come round to ${server}: it asked ${timesWords(requests.length)}, and always ${listWords(asked.map((to) => view.names[to]))}.`,
    evidence: requests.slice(-4).map(({ send }) => view.trace.handlerOf(send)),
    rule: "§8: if the server that was asked does not answer or is not the leader, the client retries with another one, until it has tried them all.",
    next: `Which servers does ${name} ask, one after the other, and what decides on the next?`,
  };
}

/** The operation is still open for everybody else, but the client holds it for done. */
export function completedTooEarly(view: RunView, name: NodeId): Answer | undefined {
  const { trace } = view;
  const client = view.names.indexOf(name);
  const last = [...view.recordsOf(client, KIND.invoke)].at(-1);
  if (last === undefined) return undefined;
  const invocation = trace.dataOf(last) as Invocation;
  const { completion = NONE, operation } = invocation;
  if (completion === NONE) return undefined;
  const event = trace.handlerOf(completion);
  const requests = view
    .lettersOf("ClientRequest")
    .filter(({ from, send }) => from === client && send > last && send < completion);
  const repeated = oldNumber({ view, client, name, invocation, requests, replies: [], leader: undefined });
  if (repeated !== undefined) return repeated;
  const isReply = trace.kindOf(event) === KIND.deliver && trace.messageOf(event).type === "ClientReply";
  const isRefused = isReply && trace.messageOf(event).ok !== true;
  return {
    cause: "not-answered: completed too early",
    reason: `${name} holds its ${operationWords(operation)} for done: ${atWords(view, event)} it completes it${isRefused ? `, although ${view.names[trace.peerOf(event)]} has said “not now”` : ""}.`,
    evidence: [last, event],
    wrong: isRefused ? event : undefined,
    rule: "The handout, 4.2: only an answer with ok: true ends the operation.",
    next: `What does ${name} look at in an answer before it completes the operation?`,
  };
}
