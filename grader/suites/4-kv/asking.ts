import {
  type AnyMessage,
  type Heard,
  type Invocation,
  type KvOperation,
  type Millis,
  type NodeId,
  type ScriptedPeers,
  TIMING,
  type World,
} from "../../../labs/kit";
import { operationWords, resultWords } from "./requests";
import { RETRY } from "./rules";

/** Words for tests whose one real node is the client C1: the servers are played. */

/** Time for a message to arrive after it was sent, and a little more. */
export const TRAVEL: Millis = 5;

/** A client that has got no answer asks again within this. */
export const AGAIN: Millis = TIMING.clientRetryMax + TIMING.answerWithin;

/** What C1 has asked for, from the n-th thing that it said. */
export function asked(peers: ScriptedPeers, since = 0): Heard[] {
  return peers.heard.slice(since).filter(({ message }) => message.type === "ClientRequest");
}

/**
 * Waits until C1 asks, anybody or one server.
 * @param since what C1 said before it had this many things to say does not count
 */
export async function awaitAsk(
  world: World,
  peers: ScriptedPeers,
  { since = peers.heard.length, within = AGAIN, of }: { since?: number; within?: Millis; of?: NodeId },
  otherwise: () => string,
): Promise<Heard> {
  const found = () => asked(peers, since).find(({ to }) => of === undefined || to === of);
  await world.runUntil(
    () => found() !== undefined,
    within + TRAVEL,
    () => ({
      sentence: otherwise(),
      rule: RETRY,
      next: "What happens when the retry timer runs out, and is it set while an operation is open?",
    }),
  );
  return found() as Heard;
}

/** Gives C1 an operation, and waits until it asks for the first time. */
export async function invoke(
  world: World,
  peers: ScriptedPeers,
  operation: KvOperation,
): Promise<{ readonly invocation: Invocation; readonly first: Heard }> {
  const since = peers.heard.length;
  const invocation = world.invoke("C1", operation);
  const first = await awaitAsk(
    world,
    peers,
    { since, within: TIMING.answerWithin },
    () => `C1 is to do ${operationWords(operation)} and asks nobody within ${TIMING.answerWithin} ms.`,
  );
  return { invocation, first };
}

/** Lets a server answer, and waits until C1 has taken it in. */
export async function answer(
  world: World,
  peers: ScriptedPeers,
  from: NodeId,
  reply: AnyMessage,
): Promise<void> {
  peers.tell(from, reply);
  await world.runFor(TIMING.answerWithin);
}

/** Fails unless an operation has this result. */
export function mustBeDone(world: World, invocation: Invocation, result: Invocation["result"]): void {
  const { operation, completedAt } = invocation;
  world.check(completedAt !== undefined && invocation.result === result, () => ({
    sentence: `A server answers C1's ${operationWords(operation)} with ok, ${resultWords(result)}; ${completedAt === undefined ? "C1 does not complete the operation" : `C1 completes it with ${resultWords(invocation.result)}`}.`,
    rule: "The handout, 4.2: an answer with ok: true ends the operation; its result is the operation's.",
    next: "What does C1 do with an answer to the open operation?",
  }));
}

/** Fails if an operation is over. */
export function mustBeOpen(world: World, invocation: Invocation, because: string, rule = RETRY): void {
  world.check(invocation.completedAt === undefined, () => ({
    sentence: `${because}, and C1 completes ${operationWords(invocation.operation)} with ${resultWords(invocation.result)}.`,
    rule,
    next: "Which answers end an operation: of which sequence, with which ok?",
  }));
}
