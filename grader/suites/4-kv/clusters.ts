import {
  type Draws,
  type Invocation,
  KIND,
  type KvOperation,
  type KvResult,
  type Millis,
  mustBeLinearizable,
  type NodeId,
  TIMING,
  Workload,
  type World,
} from "../../../labs/kit";
import { append, cas, get, operationWords, put, resultWords } from "./requests";
import { PROGRESS } from "./rules";

/** Words for tests with whole clusters and real clients. */

/** Takes back what was cut. */
type Undo = () => void;

/** In a good network, with a leader: how long an operation may take while a client still looks for the leader. */
export function soon(world: World): Millis {
  return TIMING.commitWithin + world.ids.length * TIMING.clientRetryMax;
}

/** Fails unless an operation comes to its end. */
export async function mustComplete(
  world: World,
  invocation: Invocation,
  within: Millis = TIMING.leaderWithin,
  who = "can talk to a majority",
): Promise<KvResult> {
  await world.runUntil(
    () => invocation.completedAt !== undefined,
    within,
    () => ({
      sentence: `${invocation.client} ${who}, and its ${operationWords(invocation.operation)} is not done after ${within.toLocaleString("en")} ms.`,
      rule: PROGRESS,
      next: "Does the request reach the leader, is its entry committed and applied, and does the answer reach the client?",
      why: { kind: "not-answered", client: invocation.client },
    }),
  );
  return invocation.result as KvResult;
}

/** Has a client do something, and waits for the result. */
export async function perform(
  world: World,
  client: NodeId,
  operation: KvOperation,
  within?: Millis,
): Promise<KvResult> {
  return mustComplete(world, world.invoke(client, operation), within);
}

/** Fails unless an operation comes to its end with this result. */
export async function mustPerform(
  world: World,
  client: NodeId,
  operation: KvOperation,
  expected: KvResult,
  story: string,
): Promise<void> {
  const result = await perform(world, client, operation);
  mustBeLinearizable(world);
  world.check(result === expected, () => ({
    sentence: `${story} Then ${client}'s ${operationWords(operation)} gives ${resultWords(result)}; expected ${resultWords(expected)}.`,
    rule: "Raft §8: the store answers as if each operation were carried out once, at one moment between its invocation and its answer.",
    next: "Which operation is missing, or was carried out twice, and at which server?",
  }));
}

/** From now on a client reaches one server only; the other links stay as they are. */
export function confine(world: World, client: NodeId, server: NodeId): Undo {
  const others = world.clients.filter((other) => other !== client);
  return world.faults.partition([client, server], [...world.ids, ...others]);
}

/** Splits the servers in two, and each client is on one side. */
export function split(
  world: World,
  left: readonly NodeId[],
  right: readonly NodeId[] = without(world.names, left),
): Undo {
  return world.faults.partition(left, right);
}

export function without(all: readonly NodeId[], some: readonly NodeId[]): NodeId[] {
  return all.filter((id) => !some.includes(id));
}

/** A condition that becomes true when a server gets a request of a client, from now on. */
export function requestArrives(world: World, client: NodeId, server: NodeId): () => boolean {
  const { trace, names } = world;
  const [from, to] = [names.indexOf(client), names.indexOf(server)];
  let next = trace.length;
  let hasArrived = false;
  return () => {
    for (; next < trace.length && !hasArrived; next++)
      hasArrived =
        trace.kindOf(next) === KIND.deliver &&
        trace.nodeOf(next) === to &&
        trace.peerOf(next) === from &&
        trace.messageOf(next).type === "ClientRequest";
    return hasArrived;
  };
}

/** Lets a client invoke something, and waits until its request has come to a server. */
export async function invokeAt(
  world: World,
  client: NodeId,
  server: NodeId,
  operation: KvOperation,
): Promise<Invocation> {
  const hasArrived = requestArrives(world, client, server);
  const invocation = world.invoke(client, operation);
  await world.runUntil(hasArrived, TIMING.leaderWithin, () => ({
    sentence: `${client} is to do ${operationWords(operation)} and can reach only ${server}; it has not asked ${server} for ${TIMING.leaderWithin.toLocaleString("en")} ms.`,
    rule: PROGRESS,
    next: "Which servers does the client ask, and in which order?",
    why: { kind: "not-answered", client, server },
  }));
  return invocation;
}

/** Keys with which clients get into each other's way. */
export const KEYS: readonly string[] = ["x", "y", "z"];

/** What a client that does a bit of everything does next. Every value that it writes is written once. */
export function mixed(world: World, keys = KEYS) {
  return (client: NodeId, n: number, draws: Draws): KvOperation => {
    const key = draws.pick(keys);
    const value = `${client}.${n};`;
    const kind = draws.next();
    if (kind < 0.4) return get(key);
    if (kind < 0.6) return append(key, value);
    if (kind < 0.8) return put(key, value);
    return cas(key, lastSeen(world, key), value);
  };
}

/** The value of a key, as far as a client has seen it lately: often it is out of date. */
function lastSeen(world: World, key: string): string | null {
  const { invocations } = world;
  for (let i = invocations.length - 1; i >= Math.max(0, invocations.length - 40); i--) {
    const { operation, result } = invocations[i];
    if (operation.key !== key || result === undefined) continue;
    if (operation.kind === "get" && typeof result === "string") return result;
    if (operation.kind === "put" || (operation.kind === "cas" && result === true)) return operation.value;
  }
  return null;
}

/** All links are whole: ends the work, waits for all answers, reads all keys, and judges what the clients saw. */
export async function finish(world: World, workload: Workload, keys = KEYS): Promise<void> {
  workload.stop();
  await world.runUntil(
    () => workload.isDone,
    TIMING.leaderWithin,
    () => {
      const busy = world.clients.filter((client) => world.isBusy(client));
      const open = world.invocations.filter(({ completedAt }) => completedAt === undefined);
      return {
        sentence: `Nothing has been wrong for ${TIMING.leaderWithin.toLocaleString("en")} ms, and ${busy.join(", ")} still wait${busy.length === 1 ? "s" : ""} for an answer, ${busy[0]} for that to ${operationWords(open.find(({ client }) => client === busy[0])?.operation ?? get("x"))}.`,
        rule: PROGRESS,
        next: "Is there a leader, does the request reach it, is it committed, and does the answer reach the client?",
        why: { kind: "not-answered", client: busy[0] },
      };
    },
  );
  for (const key of keys) await perform(world, world.clients[0], get(key));
  mustBeLinearizable(world);
}

/** Puts every client to work for some time. */
export async function work(
  world: World,
  duration: Millis,
  rest: readonly [Millis, Millis],
  keys = KEYS,
): Promise<Workload> {
  const workload = new Workload(world, { next: mixed(world, keys), rest });
  await world.runFor(duration);
  return workload;
}

/** Fails unless a key holds each text that was appended once, and each client's in their order. */
export async function mustHoldAppends(world: World, key: string): Promise<void> {
  const value = String((await perform(world, world.clients[0], get(key))) ?? "");
  for (const client of world.clients) {
    const wanted = world.invocations
      .filter((invocation) => invocation.client === client && invocation.operation.kind === "append")
      .map(({ operation }) => (operation.kind === "append" ? operation.value : ""));
    const found = value.split(";").filter((text) => text.startsWith(`${client}.`));
    const expected = wanted.map((text) => text.replace(";", ""));
    world.check(found.join() === expected.join(), () => {
      const i = expected.findIndex((text, at) => text !== found[at]);
      const count = found.filter((text) => text === expected[i]).length;
      return {
        sentence: `${client} has appended ${expected.length} texts to ${key}, one after the other, and was told so; ${i === -1 ? `there are ${found.length} of them` : `“${expected[i]}” is there ${count === 0 ? "not at all" : count === 1 ? "but not in its place" : `${count} times`}`}.`,
        rule: "Raft §8: each operation is carried out exactly once.",
        next: "Was the request in the log not at all, once, or twice, and what did apply() do each time?",
      };
    });
  }
}
