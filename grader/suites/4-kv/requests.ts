import {
  type AnyMessage,
  type ClientReply,
  type ClientRequest,
  type Heard,
  KIND,
  type KvOperation,
  type KvResult,
  type NodeId,
  type ScriptedPeers,
  TIMING,
  type World,
} from "../../../labs/kit";
import { COMMITTED } from "./rules";

/** What clients and servers say to each other, for tests that play one of them. */

export function request(clientId: NodeId, sequence: number, operation: KvOperation): ClientRequest {
  return { type: "ClientRequest", clientId, sequence, operation };
}

export function done(sequence: number, result: KvResult = null): ClientReply {
  return { type: "ClientReply", sequence, ok: true, result };
}

export function notLeader(sequence: number, leader?: NodeId): ClientReply {
  const reply = { type: "ClientReply", sequence, ok: false, result: null } as const;
  return leader === undefined ? reply : { ...reply, leader };
}

export function get(key: string): KvOperation {
  return { kind: "get", key };
}

export function put(key: string, value: string): KvOperation {
  return { kind: "put", key, value };
}

export function append(key: string, value: string): KvOperation {
  return { kind: "append", key, value };
}

export function cas(key: string, expected: string | null, value: string): KvOperation {
  return { kind: "cas", key, expected, value };
}

/** "append(x, “C1.2”)" */
export function operationWords(operation: KvOperation): string {
  const quote = (text: string | null) => (text === null ? "null" : `“${text}”`);
  switch (operation.kind) {
    case "get":
      return `get(${operation.key})`;
    case "cas":
      return `cas(${operation.key}, ${quote(operation.expected)}, ${quote(operation.value)})`;
    default:
      return `${operation.kind}(${operation.key}, ${quote(operation.value)})`;
  }
}

/** "“C1.2”", "null" or "true" */
export function resultWords(result: KvResult | undefined): string {
  return typeof result === "string" ? `“${result}”` : String(result);
}

/** True if the answer to a request of this sequence says that the operation was carried out. */
export function isDone(message: AnyMessage, sequence: number): boolean {
  return message.type === "ClientReply" && message.sequence === sequence && message.ok === true;
}

/** What S1 has said to a client that a test plays, from the n-th thing it said to anybody. */
export function repliesTo(peers: ScriptedPeers, client: NodeId, since = 0): Heard[] {
  return peers.heard
    .slice(since)
    .filter(({ to, message }) => to === client && message.type === "ClientReply");
}

/** How much of what was said between S1 and its clients a story shows. */
const SAID_MAX = 10;

/** The last requests that came to S1, and its last answers, as evidence of a story. */
export function saidLately({ trace }: World): number[] {
  const records: number[] = [];
  for (let i = trace.length - 1; i >= 0 && records.length < SAID_MAX; i--) {
    const kind = trace.kindOf(i);
    const said = kind === KIND.deliver ? "ClientRequest" : kind === KIND.send ? "ClientReply" : undefined;
    if (said !== undefined && trace.messageOf(i).type === said) records.push(i);
  }
  return records.reverse();
}

/**
 * Plays a client of S1, which leads and is acknowledged: asks once and waits until the operation is carried out.
 * @returns its result
 */
export async function carryOut(
  world: World,
  peers: ScriptedPeers,
  { clientId, sequence, operation }: ClientRequest,
): Promise<KvResult> {
  const since = peers.heard.length;
  const answer = () => repliesTo(peers, clientId, since).find(({ message }) => isDone(message, sequence));
  peers.tell(clientId, request(clientId, sequence, operation));
  await world.runUntil(
    () => answer() !== undefined,
    TIMING.commitWithin,
    () => ({
      sentence: `${clientId} asks S1, which leads and whose peers store all it sends, for ${operationWords(operation)}, sequence ${sequence}; ${TIMING.commitWithin.toLocaleString("en")} ms later it has no answer that says so (ok: true).`,
      rule: COMMITTED,
      next: "Which entry belongs to this request, is it committed, and who answers when it is applied?",
      evidence: saidLately(world),
    }),
  );
  return (answer() as Heard).message.result as KvResult;
}
