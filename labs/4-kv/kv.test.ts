/**
 * The practice tests of lab 4. Each title starts with the number of its task and says what a client or a server does.
 *
 * In the tests of 4.1 and 4.2 only the client C1 is yours, and the test plays the servers; in most of 4.3 to 4.5 only the
 * server S1 is, and the test plays its peers and the clients C1 and C2. In the others everything is yours, raft.ts too:
 * it has to be finished. `rule` and `next` are what a failure says.
 */
import {
  type AnyMessage,
  appendEntries,
  type ClientReply,
  type ClientRequest,
  type Draws,
  FAULTS_WITH_DISK,
  type Heard,
  type Invocation,
  KIND,
  type KvOperation,
  type KvResult,
  type Millis,
  mustBeLinearizable,
  type NodeId,
  planSwarm,
  playSwarm,
  ScriptedLog,
  type ScriptedPeers,
  START,
  TIMING,
  Workload,
  type World,
} from "../kit";
import { clientTalk, operationWords, simulated } from "../runner";
import { KvClient } from "./kv-client";
import { KvServer } from "./kv-server";

const kv = { server: KvServer, client: KvClient };

const get = (key: string): KvOperation => ({ kind: "get", key });
const put = (key: string, value: string): KvOperation => ({ kind: "put", key, value });
const append = (key: string, value: string): KvOperation => ({ kind: "append", key, value });
const cas = (key: string, expected: string | null, value: string): KvOperation => ({
  kind: "cas",
  key,
  expected,
  value,
});

// What a client says to servers, and servers to a client.

const request = (clientId: NodeId, sequence: number, operation: KvOperation): ClientRequest => ({
  type: "ClientRequest",
  clientId,
  sequence,
  operation,
});
const done = (sequence: number, result: KvResult): ClientReply => ({
  type: "ClientReply",
  sequence,
  ok: true,
  result,
});
const notLeader = (sequence: number, leader?: NodeId): ClientReply => ({
  type: "ClientReply",
  sequence,
  ok: false,
  result: null,
  leader,
});

// 4.1 The client asks.

const asking = {
  servers: 3,
  scripted: "client",
  rule: "§8: clients send their requests to the leader; at first a client asks a server that it chooses at random.",
  next: "What does invoke() keep of the operation, and what does ask() do with it?",
} as const;

/** Waits until C1 has sent more than `already` requests. @returns the last one */
async function nextRequest(world: World, peers: ScriptedPeers, already: number): Promise<Heard> {
  const asked = () => peers.all("ClientRequest");
  await world.runUntil(
    () => asked().length > already,
    TIMING.clientRetryMax + TIMING.answerWithin,
    () => ({
      sentence: `C1 works on an operation, and has not asked any server for ${TIMING.clientRetryMax.toLocaleString("en")} ms.`,
      rule: "§8: if a client gets no answer, it asks again.",
      next: "Is the timer running while the operation is open? Which event should have set it?",
    }),
  );
  return asked()[asked().length - 1];
}

test(
  "4.1 A client that is given an operation asks a server",
  simulated(kv, asking, async (world, peers) => {
    world.invoke("C1", put("x", "a"));

    const { message } = await nextRequest(world, peers, 0);

    expect(message).toSay({ clientId: "C1", sequence: 1, operation: put("x", "a") });
  }),
);

test(
  "4.1 A client that asks sets a timer",
  simulated(kv, asking, async (world) => {
    world.invoke("C1", get("x"));

    await world.runFor(TIMING.answerWithin);

    const isSet = world.trace.has(KIND.setTimer);
    world.check(isSet, () => ({
      sentence: "C1 asked and set no timer: if the request or its answer is lost, it waits for ever.",
      rule: "§8: if the leader crashes, client requests will time out; clients then try again.",
      next: "Does ask() get to a call of env.setTimer?",
    }));
  }),
);

// 4.2 The client asks again, and hears the answer.

const retrying = {
  ...asking,
  rule: "§8: if a client gets no answer, it asks again, with the same serial number, here or elsewhere.",
  next: "What happens when the timer runs out: which request is sent, with which number, to whom, and what is set again?",
} as const;

test(
  "4.2 A client without an answer asks again, with the same number",
  simulated(kv, retrying, async (world, peers) => {
    world.invoke("C1", append("x", "a"));

    await world.runFor(4 * TIMING.clientRetryMax);

    for (const { message } of peers.all("ClientRequest"))
      expect(message).toSay({ clientId: "C1", sequence: 1, operation: append("x", "a") });
    const { clientRetryMin: shortest, clientRetryMax: longest } = TIMING;
    expect(peers).toHaveHeardTheClientEvery({ shortest, longest, now: world.now });
  }),
);

test(
  "4.2 A client without an answer asks every server",
  simulated(kv, retrying, async (world, peers) => {
    world.invoke("C1", get("x"));

    await world.runFor(TIMING.leaderWithin);

    expect(peers).toHaveAllHeardTheClient();
  }),
);

const hearing = {
  ...asking,
  rule: "§8: an operation ends with the leader's answer. ok: false says only that this server cannot tell what came of it.",
  next: "What does onReply() do with ok: true, what with ok: false, and what is left of the request after each?",
} as const;

test(
  "4.2 The answer ends the operation, with its result",
  simulated(kv, hearing, async (world, peers) => {
    const invocation = world.invoke("C1", get("x"));
    const { to } = await nextRequest(world, peers, 0);

    peers.tell(to, done(1, "a"));
    await world.runFor(TIMING.answerWithin);

    expect(invocation).toHaveResult("a");
  }),
);

test(
  "4.2 The next operation has the next number",
  simulated(kv, hearing, async (world, peers) => {
    world.invoke("C1", put("x", "a"));
    const first = await nextRequest(world, peers, 0);
    peers.tell(first.to, done(1, null));
    await world.runFor(TIMING.answerWithin);
    const already = peers.all("ClientRequest").length;

    world.invoke("C1", get("x"));
    const second = await nextRequest(world, peers, already);

    expect(second.message).toSay({ clientId: "C1", sequence: 2, operation: get("x") });
  }),
);

test(
  "4.2 A server that does not lead is no end of the operation",
  simulated(kv, hearing, async (world, peers) => {
    const invocation = world.invoke("C1", cas("x", null, "a"));
    const first = await nextRequest(world, peers, 0);

    peers.tell(first.to, notLeader(1));
    const second = await nextRequest(world, peers, peers.all("ClientRequest").length);

    expect(invocation).not.toHaveResult();
    expect(second.message).toSay({ sequence: 1, operation: cas("x", null, "a") });
  }),
);

test(
  "4.2 A leader that the client was told of may be dead",
  simulated(kv, retrying, async (world, peers) => {
    world.invoke("C1", get("x"));
    const { to } = await nextRequest(world, peers, 0);
    const [other, dead] = world.ids.filter((id) => id !== to);

    peers.tell(to, notLeader(1, dead));
    await world.runFor(TIMING.leaderWithin);

    const isAsked = peers.all("ClientRequest").some(({ to: asked }) => asked === other);
    world.check(isAsked, () => ({
      evidence: clientTalk(world),
      sentence: `${to} told C1 that ${dead} leads. ${dead} says nothing, and C1 never asks ${other}.`,
      rule: retrying.rule,
      next: "For how many requests does a hint count?",
    }));
  }),
);

test(
  "4.2 An answer to an earlier operation does not count",
  simulated(kv, hearing, async (world, peers) => {
    world.invoke("C1", get("x"));
    const { to } = await nextRequest(world, peers, 0);
    peers.tell(to, done(1, "old"));
    await world.runFor(TIMING.answerWithin);

    const second = world.invoke("C1", get("x"));
    await world.runFor(TIMING.answerWithin);
    peers.tell(to, done(1, "old"));
    await world.runFor(TIMING.answerWithin);

    expect(second).not.toHaveResult();
  }),
);

test(
  "4.2 An answer that arrives twice ends the operation once",
  simulated(kv, hearing, async (world, peers) => {
    const invocation = world.invoke("C1", get("x"));
    const { to } = await nextRequest(world, peers, 0);

    peers.tell(to, done(1, "a"));
    peers.tell(to, done(1, "a"));
    await world.runFor(TIMING.answerWithin);
    const asked = peers.all("ClientRequest").length;
    await world.runFor(2 * TIMING.clientRetryMax);

    expect(invocation).toHaveResult("a");
    world.check(peers.all("ClientRequest").length === asked, () => ({
      evidence: clientTalk(world),
      sentence: "C1 has had its answer, and still asks.",
      rule: hearing.rule,
      next: "Which timer still runs after the answer, and what does it find to send?",
    }));
  }),
);

// 4.3 The server takes requests.

const taking = {
  servers: 3,
  clients: 2,
  scripted: true,
  rule: "§8: if a server is not the leader, it rejects the client's request and says who leads, if it knows.",
  next: "What does propose() return at a server that does not lead, and what does onClientRequest() do then?",
} as const;

/** Tells S1 what a client asks for, and waits for the answer. */
async function ask(world: World, peers: ScriptedPeers, asked: ClientRequest): Promise<AnyMessage> {
  const already = peers.heard.length;
  const isAnswer = ({ to, message }: Heard) =>
    to === asked.clientId && message.type === "ClientReply" && message.sequence === asked.sequence;
  const answer = () => peers.heard.slice(already).find(isAnswer);
  const isLeader = peers.status.role === "leader";
  const within = isLeader ? TIMING.commitWithin : TIMING.answerWithin + 3;
  peers.tell(asked.clientId, asked);
  await world.runUntil(
    () => answer() !== undefined,
    within,
    () => ({
      evidence: clientTalk(world),
      sentence: `${asked.clientId} asked S1 for ${operationWords(asked.operation)} (request ${asked.sequence}) and has no answer ${within} ms later. S1 is ${isLeader ? "the leader, and all its peers store what it sends" : "a follower"}.`,
      rule: isLeader
        ? "§8: the leader applies the operation once its entry is committed, and answers with the result."
        : taking.rule,
      next: isLeader
        ? "Is the entry applied? If so: what does `waiting` have at its index, and in which term was it put there?"
        : taking.next,
    }),
  );
  return (answer() as Heard).message;
}

/** All that S1 has said to a client with ok: true. */
const promisesTo = (peers: ScriptedPeers, client: NodeId): Heard[] =>
  peers.all("ClientReply").filter(({ to, message }) => to === client && message.ok === true);

test(
  "4.3 A server that does not lead says so",
  simulated(kv, { ...taking, quiet: true }, async (world, peers) => {
    const answer = await ask(world, peers, request("C1", 1, put("x", "a")));

    expect(answer).toSay({ sequence: 1, ok: false, result: null });
  }),
);

test(
  "4.3 A follower names the leader, or nobody",
  simulated(kv, { ...taking, quiet: true }, async (world, peers) => {
    await peers.ask("S3", appendEntries("S3", 1, START, []));

    const answer = await ask(world, peers, request("C1", 1, get("x")));

    expect(answer).toSay({ ok: false, leader: "S3" });
  }),
);

/** Peers that store nothing, so that nothing is committed: what follows must not hang on later tasks. */
async function electAlone(peers: ScriptedPeers): Promise<void> {
  peers.answersHeartbeats = false;
  await peers.elect();
}

test(
  "4.3 A leader puts an operation into its log",
  simulated(kv, taking, async (world, peers) => {
    await electAlone(peers);

    peers.tell("C1", request("C1", 1, put("x", "a")));
    await world.runFor(TIMING.heartbeatIntervalMax + TIMING.answerWithin);

    const isSent = peers.all("AppendEntries").some(({ message }) => commands(message).length > 0);
    world.check(isSent, () => ({
      sentence: "C1 asked S1, the leader, to put x = “a”. S1 sends its peers no entry with it.",
      rule: "§8, §5.3: the leader appends the command to its log as a new entry and sends it to the others.",
      next: "Does onClientRequest() get to propose()?",
    }));
  }),
);

for (const operation of [put("x", "a"), get("x")]) {
  test(
    `4.3 A leader whom nobody answers carries out no ${operation.kind}`,
    simulated(kv, taking, async (world, peers) => {
      await electAlone(peers);

      peers.tell("C1", request("C1", 1, operation));
      await world.runFor(2 * TIMING.heartbeatIntervalMax);

      world.check(promisesTo(peers, "C1").length === 0, () => ({
        evidence: clientTalk(world),
        sentence: `S1 tells C1 that ${operationWords(operation)} was carried out, and no other server has its entry.`,
        rule: "§8: a leader may have been replaced without knowing it: it answers only what a majority has stored, gets too.",
        next: "Which event tells S1 that an operation was carried out? Is the answer sent there?",
      }));
    }),
  );
}

/** The commands in a message, without a leader's own entries. */
function commands({ entries = [] }: AnyMessage) {
  return entries.filter(({ command }) => command !== null);
}

// 4.4 The server carries operations out, and answers.

const doing = {
  ...taking,
  rule: "§8: the leader applies an operation when its entry is committed, and answers with the result.",
  next: "What should this operation have found in the store, and what is its result then?",
} as const;

/** What the operations of one client, one after the other, are to give. */
const examples: Record<string, readonly (readonly [KvOperation, KvResult])[]> = {
  "A get finds what was put": [
    [get("x"), null],
    [put("x", "a"), null],
    [get("x"), "a"],
    [put("x", ""), null],
    [get("x"), ""],
    [get("y"), null],
    [get("constructor"), null],
  ],
  "An append adds to the end": [
    [append("x", "a"), null],
    [append("x", "b"), null],
    [append("y", "c"), null],
    [get("x"), "ab"],
  ],
  "A cas writes only where it finds what it expects": [
    [cas("x", "a", "b"), false],
    [get("x"), null],
    [cas("x", null, "a"), true],
    [cas("x", null, "b"), false],
    [cas("x", "b", "c"), false],
    [get("x"), "a"],
    [cas("x", "a", ""), true],
    [cas("x", null, "d"), false],
    [get("x"), ""],
  ],
};

for (const [title, steps] of Object.entries(examples)) {
  test(
    `4.4 ${title}`,
    simulated(kv, { ...doing, seeds: 2 }, async (world, peers) => {
      await peers.elect();

      for (const [i, [operation, result]] of steps.entries()) {
        world.note(`C1 asks for ${operationWords(operation)}; expected: ${JSON.stringify(result)}`);
        const answer = await ask(world, peers, request("C1", i + 1, operation));

        expect(answer).toSay({ sequence: i + 1, ok: true, result });
      }
    }),
  );
}

test(
  "4.4 A leader answers the one who asked",
  simulated(kv, doing, async (world, peers) => {
    await peers.elect();
    await ask(world, peers, request("C1", 1, put("x", "a")));

    peers.tell("C1", request("C1", 2, get("x")));
    peers.tell("C2", request("C2", 1, get("y")));
    await world.runFor(TIMING.commitWithin);

    const [, toC1] = promisesTo(peers, "C1");
    const [toC2] = promisesTo(peers, "C2");
    world.check(toC1 !== undefined && toC2 !== undefined, () => ({
      evidence: clientTalk(world),
      sentence: `C1 and C2 asked S1, the leader, at the same time; ${toC1 === undefined ? "C1" : "C2"} has no answer.`,
      rule: doing.rule,
      next: "At which index does each of the two requests wait?",
    }));
    expect(toC1.message).toSay({ sequence: 2, result: "a" });
    expect(toC2.message).toSay({ sequence: 1, result: null });
  }),
);

test(
  "4.4 A request whose entry was lost is not answered for another's",
  simulated(kv, doing, async (world, peers) => {
    peers.answersHeartbeats = false;
    const term = await peers.elect();
    peers.tell("C1", request("C1", 1, put("x", "a")));
    peers.tell("C2", request("C2", 1, put("y", "b")));
    await world.runFor(2 * TIMING.heartbeatIntervalMax);
    const log = new ScriptedLog();
    for (const { to, message } of peers.all("AppendEntries")) if (to === "S2") log.take(message);

    const at = log.entries.findIndex(({ command }) => command !== null);
    const [, { command }] = log.entries.slice(at);
    const before = { index: at, term: log.entries[at - 1]?.term ?? 0 };
    world.note("S2 leads the next term. Its log has C2's operation where S1's has C1's");
    await peers.ask("S2", appendEntries("S2", term + 1, before, [{ term: term + 1, command }], at + 1));
    await world.runFor(TIMING.heartbeatIntervalMax);

    world.check(promisesTo(peers, "C1").length === 0, () => ({
      sentence: `C1's put was in S1's log at index ${at + 1}, and was replaced there by C2's. S1 tells C1 that it was carried out.`,
      rule: "§8, §5.3: what is not committed may be lost; the entry that is applied at an index may be another than was proposed.",
      next: "How does apply() know that the entry at this index is the one that was proposed?",
    }));
  }),
);

const together = {
  servers: 3,
  clients: 2,
  seeds: 5,
  rule: "§8: the state machine of every server goes through the same operations, in the same order.",
  next: "Which servers carried this operation out, and which one answered?",
} as const;

/** Has a client do something, and waits for the result. */
async function perform(
  world: World,
  client: NodeId,
  operation: KvOperation,
  within: Millis = TIMING.leaderWithin,
): Promise<Invocation> {
  const invocation = world.invoke(client, operation);
  await mustComplete(world, [invocation], within);
  return invocation;
}

async function mustComplete(
  world: World,
  invocations: readonly Invocation[],
  within: Millis = TIMING.leaderWithin,
): Promise<void> {
  const open = () => invocations.find(({ completion }) => completion === undefined);
  await world.runWhile(() => open() !== undefined, within);
  const waiting = open();
  if (waiting === undefined) return;
  const { client, operation } = waiting;
  world.fail({
    evidence: clientTalk(world, client),
    sentence: `${client}'s ${operationWords(operation)} has no result after ${within.toLocaleString("en")} ms, although ${client} can reach a majority that can talk to each other.`,
    rule: "§8: a client asks again until the leader answers; the leader answers what it has applied.",
    next: "Whom does the client ask, what is it answered, and what became of the entry at the leader?",
    why: { kind: "not-answered", client },
  });
}

test(
  "4.4 What was put is there at the next leader too",
  simulated(kv, together, async (world) => {
    const old = await world.awaitLeader();
    await perform(world, "C1", put("x", "a"));

    world.faults.isolate(old);
    await world.awaitLeader(world.ids.filter((id) => id !== old));

    expect(await perform(world, "C2", get("x"))).toHaveResult("a");
  }),
);

// 4.5 At most once.

const once = {
  ...taking,
  rule: "§8: the state machine keeps the latest serial number of each client with its answer; a request that was carried out is answered without doing it again.",
  next: "What does the session of this client say when the request comes for the second time, and who looks at it?",
} as const;

test(
  "4.5 A request that comes again is not carried out again",
  simulated(kv, once, async (world, peers) => {
    await peers.elect();
    await ask(world, peers, request("C1", 1, append("x", "a")));

    world.note("C1 asks again, as if the answer was lost");
    const again = await ask(world, peers, request("C1", 1, append("x", "a")));

    expect(again).toSay({ sequence: 1, ok: true, result: null });
    expect(await ask(world, peers, request("C1", 2, get("x")))).toSay({ ok: true, result: "a" });
  }),
);

test(
  "4.5 A request that comes again has the result of the first time",
  simulated(kv, once, async (world, peers) => {
    await peers.elect();
    await ask(world, peers, request("C1", 1, cas("x", null, "a")));
    await ask(world, peers, request("C2", 1, put("x", "b")));

    world.note("C1 asks again, as if the answer was lost");
    const again = await ask(world, peers, request("C1", 1, cas("x", null, "a")));

    expect(again).toSay({ sequence: 1, ok: true, result: true });
    expect(await ask(world, peers, request("C2", 2, get("x")))).toSay({ ok: true, result: "b" });
  }),
);

test(
  "4.5 A request that stands in the log twice is carried out once",
  simulated(kv, once, async (world, peers) => {
    await peers.elect();

    world.note("C1 asks twice before anything is committed");
    peers.tell("C1", request("C1", 1, append("x", "a")));
    await ask(world, peers, request("C1", 1, append("x", "a")));
    await world.runFor(TIMING.commitWithin);

    expect(await ask(world, peers, request("C1", 2, get("x")))).toSay({ ok: true, result: "a" });
  }),
);

test(
  "4.5 A request that stands in the log twice has one result",
  simulated(kv, once, async (world, peers) => {
    await peers.elect();

    world.note("C1 asks twice before anything is committed");
    peers.tell("C1", request("C1", 1, cas("x", null, "a")));
    peers.tell("C1", request("C1", 1, cas("x", null, "a")));
    await world.runFor(TIMING.commitWithin);

    const answers = promisesTo(peers, "C1");
    world.check(answers.length > 0, () => ({
      evidence: clientTalk(world),
      sentence: "C1 asked S1, the leader, twice for the same cas, and was not told that it was carried out.",
      rule: once.rule,
      next: "Is every request that waits answered, whether or not its operation was carried out before?",
    }));
    for (const { message } of answers) expect(message).toSay({ sequence: 1, result: true });
  }),
);

test(
  "4.5 A request that comes late does nothing any more",
  simulated(kv, once, async (world, peers) => {
    await peers.elect();
    await ask(world, peers, request("C1", 1, put("x", "a")));
    await ask(world, peers, request("C1", 2, put("x", "b")));

    world.note("C1's first request arrives once more");
    peers.tell("C1", request("C1", 1, put("x", "a")));
    await world.runFor(TIMING.commitWithin);

    expect(await ask(world, peers, request("C1", 3, get("x")))).toSay({ ok: true, result: "b" });
  }),
);

test(
  "4.5 Two clients may have the same numbers",
  simulated(kv, once, async (world, peers) => {
    await peers.elect();

    await ask(world, peers, request("C1", 1, append("x", "a")));
    await ask(world, peers, request("C2", 1, append("x", "b")));

    expect(await ask(world, peers, request("C1", 2, get("x")))).toSay({ ok: true, result: "ab" });
  }),
);

test(
  "4.5 A new leader knows what its predecessor has carried out",
  simulated(kv, { ...together, rule: once.rule, next: once.next }, async (world) => {
    const old = await world.awaitLeader();
    await perform(world, "C1", put("x", "a"));

    world.faults.cutOneWay(old, "C1");
    const invocation = world.invoke("C1", append("x", "b"));
    await world.runFor(TIMING.clientRetryMax);
    world.note(`${old} has had C1's append, and its answers are lost`);
    world.faults.isolate(old);
    await mustComplete(world, [invocation]);

    expect(await perform(world, "C2", get("x"))).toHaveResult("ab");
  }),
);

// 4.6 All together.

test(
  "4.6 A client's operations take 33 ms each at most",
  simulated(
    kv,
    {
      servers: 3,
      clients: 1,
      seeds: 2,
      rule: "An operation takes two round trips in a good network; a leader does not wait for its next heartbeat.",
      next: "Where does an operation spend its time: at the client, at a server that does not lead, or until its entry is sent?",
    },
    async (world) => {
      await perform(world, "C1", put("x", ""));
      const begin = world.now;

      await allDone(world, new Workload(world, { each: 100, next: (_client, n) => append("x", `${n},`) }));

      const average = (world.now - begin) / 100;
      world.check(average <= 33, () => ({
        evidence: clientTalk(world),
        sentence: `100 operations, one after the other, took ${average.toFixed(1)} ms each; expected 33 ms at most.`,
      }));
    },
  ),
);

/** A client's n-th text, at the end of x. */
const appendOwn = (client: NodeId, n: number): KvOperation => append("x", `${client}.${n} `);

/** Lets time pass until every client has the result of its last operation. */
async function allDone(world: World, workload: Workload): Promise<void> {
  await world.runWhile(() => !workload.isDone, TIMING.leaderWithin);
  if (!workload.isDone) await mustComplete(world, world.invocations);
}

const linearizable = {
  servers: [3, 5],
  clients: 3,
  rule: "§8, linearizability: each operation seems to happen once, at some moment between its call and its result.",
  next: "Read the operations in the order of their results: which one saw what it could not have seen, and who answered it?",
} as const;

/** Clients that write, each its own texts, and read: a few keys, so that they meet. */
const mixed = (client: NodeId, n: number, draws: Draws): KvOperation => {
  const key = draws.pick(["x", "y"]);
  const value = `${client}.${n} `;
  switch (draws.int(0, 4)) {
    case 0:
      return put(key, value);
    case 1:
    case 2:
      return append(key, value);
    case 3:
      return cas(key, null, value);
    default:
      return get(key);
  }
};

test(
  "4.6 Five clients append to one key: nothing is lost or doubled",
  simulated(kv, { ...linearizable, servers: 3, clients: 5, seeds: 4 }, async (world) => {
    await allDone(world, new Workload(world, { each: 5, next: appendOwn }));

    const { result } = await perform(world, "C1", get("x"));

    expectAppendedOnce(world, String(result));
    mustBeLinearizable(world);
  }),
);

test(
  "4.6 Nothing is lost or doubled though messages are",
  simulated(kv, { ...linearizable, servers: 3, network: "stormy", seeds: 5 }, async (world) => {
    await allDone(world, new Workload(world, { each: 6, next: appendOwn }));
    world.faults.network("lan");

    const { result } = await perform(world, "C1", get("x"));

    expectAppendedOnce(world, String(result));
    mustBeLinearizable(world);
  }),
);

/** Fails unless each append that was completed stands in the value once, in its client's order. */
function expectAppendedOnce(world: World, value: string): void {
  const found = value.trim().split(" ");
  for (const client of world.clients) {
    const expected = world.invocations.flatMap(({ client: by, operation }) =>
      by === client && operation.kind === "append" ? [operation.value.trim()] : [],
    );
    const own = found.filter((text) => text.startsWith(`${client}.`));
    world.check(own.join(" ") === expected.join(" "), () => ({
      evidence: clientTalk(world),
      sentence: `${client} appended ${expected.join(", ")}, one after the other; found ${own.length === 0 ? "none of it" : own.join(", ")}.`,
      rule: once.rule,
      next: "Which of these is missing, doubled, or in the wrong place, and which of the client's requests was sent twice?",
    }));
  }
}

test(
  "4.6 A leader that was replaced answers no get",
  simulated(
    kv,
    {
      ...linearizable,
      servers: 3,
      clients: 2,
      next: "How does a server that answers a get know that nobody leads a newer term?",
    },
    async (world) => {
      const old = await world.awaitLeader();
      await perform(world, "C1", put("x", "old"));
      const others = world.ids.filter((id) => id !== old);

      world.faults.partition([old, "C1"], [...others, "C2"]);
      await perform(world, "C2", put("x", "new"));
      const read = world.invoke("C1", get("x"));
      await world.runFor(TIMING.electionTimeoutMax);
      expect(read).not.toHaveResult("old");
      world.faults.heal();
      await mustComplete(world, [read]);

      expect(read).toHaveResult("new");
    },
  ),
);

test(
  "4.6 A minority carries out nothing",
  simulated(kv, { ...linearizable, servers: 5, clients: 2, seeds: 5 }, async (world) => {
    const old = await world.awaitLeader();
    await perform(world, "C1", put("x", "a"));
    const [other, ...majority] = world.ids.filter((id) => id !== old);

    world.faults.partition([old, other, "C1"], [...majority, "C2"]);
    const open = world.invoke("C1", append("x", "b"));
    await perform(world, "C2", append("x", "c"));
    await world.runFor(TIMING.electionTimeoutMax);
    expect(open).not.toHaveResult();
    world.faults.heal();
    await mustComplete(world, [open]);

    expect(await perform(world, "C2", get("x"))).toHaveResult("acb");
  }),
);

test(
  "4.6 After a power cut everything is there again",
  simulated(
    kv,
    {
      ...linearizable,
      clients: 1,
      seeds: 4,
      next: "What is on a server's disk, and from what does it make its store after a restart?",
    },
    async (world) => {
      await perform(world, "C1", append("x", "a"));
      await perform(world, "C1", append("x", "b"));

      world.faults.stop(...world.ids);
      await world.runFor(TIMING.electionTimeoutMax);
      world.faults.restart(...world.ids);

      expect(await perform(world, "C1", append("x", "c"))).toHaveResult(null);
      expect(await perform(world, "C1", get("x"))).toHaveResult("abc");
    },
  ),
);

test(
  "4.6 Whatever happens, it is one store",
  simulated(kv, { ...linearizable, seeds: 12 }, async (world) => {
    const duration = 6_000;
    const plan = planSwarm(world.seed, world.ids, duration, FAULTS_WITH_DISK);
    const workload = new Workload(world, { next: mixed, rest: [20, 200] });

    await playSwarm(world, plan, duration);
    workload.stop();
    await allDone(world, workload);

    mustBeLinearizable(world);
  }),
);
