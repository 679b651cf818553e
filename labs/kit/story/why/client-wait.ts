import type { NodeId } from "../../contract";
import type { Invocation } from "../../trace/requests";
import { NONE } from "../../trace/trace";
import type { Letter } from "./letters";
import type { RunView } from "./run-view";

/** A client that waits for the result of an operation, and what was said about it. */
export interface ClientWait {
  readonly view: RunView;
  readonly client: number;
  readonly name: NodeId;
  readonly invocation: Invocation;
  /** The requests that it sent since it was given the operation. */
  readonly requests: readonly Letter[];
  /** What servers have sent to it since. */
  readonly replies: readonly Letter[];
  /** The server that leads now: a majority is in its term. Undefined if there is none. */
  readonly leader: number | undefined;
}

/** @returns undefined if the client has nothing to do, or has not come to it yet */
export function clientWait(view: RunView, name: NodeId): ClientWait | undefined {
  const client = view.names.indexOf(name);
  const invocation = view.nodes[client]?.invocation;
  if (invocation === undefined || invocation.record === NONE) return undefined;
  const since = (letter: Letter) => letter.send > invocation.record;
  const requests = view
    .lettersOf("ClientRequest")
    .filter((letter) => letter.from === client && since(letter));
  const replies = view.lettersOf("ClientReply").filter((letter) => letter.to === client && since(letter));
  return { view, client, name, invocation, requests, replies, leader: leaderOf(view) };
}

function leaderOf(view: RunView): number | undefined {
  const servers = view.nodes.filter(({ isClient }) => !isClient);
  const running = servers.filter(({ isUp, isPaused }) => isUp && !isPaused);
  return running.find(({ status: { role, currentTerm } }) => {
    const joined = running.filter(({ status }) => status.currentTerm === currentTerm).length;
    return role === "leader" && joined >= view.majority;
  })?.index;
}

/** The number under which the client asks for its operation. */
export function sequenceOf({ requests }: ClientWait): number | undefined {
  return requests[0]?.message.sequence;
}
