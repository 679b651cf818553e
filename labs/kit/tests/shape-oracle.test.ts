import test from "tape";
import { type AnyMessage, type Client, type ClientEnv, type KvOperation, LocalHost } from "..";
import { type Part, playing, storyOf, worldOf } from "./helpers";
import { isCaught, isRight, Stage, storyOfPlay } from "./oracle-stage";

const RAFT = "Messages as in Figure 2 (labs/kit/contract/messages.ts): ";
const KV = "Messages as in the contract (labs/kit/contract/kv.ts): ";

test("entries are { term, command }, their terms never go down, nor beyond the leader's", async (t) => {
  const caught = (says: string, message: Partial<AnyMessage>) =>
    isCaught(t, 3, `${RAFT}S1 sends an AppendEntries whose ${says}`, (stage) =>
      stage.send("S1", "S2", { ...APPEND, ...message }),
    );
  const bad = (...entries: readonly unknown[]) => ({ entries }) as Partial<AnyMessage>;
  const [one, two] = [
    { term: 1, command: "a" },
    { term: 2, command: "b" },
  ];

  await caught('entries[0] is "a"; expected { term, command }.', bad("a"));
  await caught("entries[0] is null; expected { term, command }.", bad(null));
  await caught('entries[1] is {"term":1}; expected { term, command }.', bad(one, { term: 1 }));
  const rule = "terms never go down along a log, nor beyond the leader's.";
  await caught(`entries[1].term is 1; expected 2 to 4: ${rule}`, bad(two, one));
  await caught(`entries[0].term is 5; expected 1 to 4: ${rule}`, bad({ term: 5, command: null }));
  await caught(`entries[0].term is 0; expected 1 to 4: ${rule}`, bad({ term: 0, command: null }));
  await caught(`entries[0].term is 1; expected 2 to 4: ${rule}`, {
    prevLogIndex: 1,
    prevLogTerm: 2,
    entries: [one],
  });
});

test("prevLogTerm is the term of a real entry, and 0 only before the first", async (t) => {
  const caught = (says: string, prevLogIndex: number, prevLogTerm: number) =>
    isCaught(t, 3, `${RAFT}S1 sends an AppendEntries whose prevLogTerm is ${says}.`, (stage) =>
      stage.send("S1", "S2", { ...APPEND, prevLogIndex, prevLogTerm }),
    );

  await caught("0; expected the term of entry 3, from 1 to 4, its own", 3, 0);
  await caught("5; expected the term of entry 3, from 1 to 4, its own", 3, 5);
  const story = await storyOfPlay(3, (stage) =>
    stage.send("S1", "S2", { ...APPEND, prevLogTerm: 2, entries: [{ term: 2, command: null }] }),
  );
  t.equal(
    story.headline,
    `${RAFT}S1 sends an AppendEntries whose prevLogTerm is 2; expected 0, for its prevLogIndex is 0.`,
  );
});

const APPEND = {
  type: "AppendEntries",
  term: 4,
  leaderId: "S1",
  prevLogIndex: 0,
  prevLogTerm: 0,
  entries: [],
  leaderCommit: 0,
} as const;

test("fields of its own are welcome in entries, and a test's own servers may send what makes no sense", async (t) => {
  await isRight(t, 3, "entries with more in them", async (stage) => {
    await stage.elect("S1", 4, ["S2"]);
    await stage.send("S1", "S2", { ...APPEND, entries: [{ term: 4, command: null, at: 12 }] });
  });
  await isRight(
    t,
    2,
    "a scripted leader",
    (stage) => stage.send("S2", "S1", { ...APPEND, leaderId: "S2", entries: [{ term: 9, command: null }] }),
    { scripted: ["S2"] },
  );
});

const GET: KvOperation = { kind: "get", key: "k" };

/** A client that sends a message to S1 as soon as it is given an operation. */
const clientSending = (message: object) =>
  class implements Client<AnyMessage> {
    constructor(private readonly env: ClientEnv<AnyMessage>) {}
    start(): void {}
    onMessage(): void {}
    onTimer(): void {}
    invoke(): void {
      this.env.send("S1", message as AnyMessage);
    }
  };

const request = (changes: object = {}) => ({
  type: "ClientRequest",
  clientId: "C1",
  sequence: 1,
  operation: GET,
  ...changes,
});

function run(message: object, server: Part = {}): Promise<void> {
  const host = LocalHost.of(playing(server), clientSending(message));
  const world = worldOf({}, { host, clients: 1 });
  world.invoke("C1", GET);
  return world.runFor(20);
}

test("a client's request names the client itself, has a number and an operation of the store", async (t) => {
  const caught = async (changes: object, says: string) =>
    t.equal((await storyOf(run(request(changes)))).headline, `${KV}C1 sends a ClientRequest whose ${says}.`);
  const OPERATION = "expected { kind: get, put, append or cas, key and what else it takes, all strings }";

  await caught({ clientId: "C2" }, `clientId is "C2"; expected the sender's own name`);
  await caught({ sequence: "1" }, `sequence is "1"; expected a whole number, 0 or more`);
  await caught({ operation: "get k" }, `operation is "get k"; ${OPERATION}`);
  await caught(
    { operation: { kind: "del", key: "k" } },
    `operation is {"kind":"del","key":"k"}; ${OPERATION}`,
  );
  await caught({ operation: { kind: "get", key: 7 } }, `operation is {"kind":"get","key":7}; ${OPERATION}`);
  await caught(
    { operation: { kind: "put", key: "k" } },
    `operation is {"kind":"put","key":"k"}; ${OPERATION}`,
  );
  await caught(
    { operation: { kind: "cas", key: "k", value: "v" } },
    `operation is {"kind":"cas","key":"k","valu…; ${OPERATION}`,
  );
  for (const operation of [
    GET,
    { kind: "put", key: "", value: "" },
    { kind: "append", key: "k", value: "v" },
    { kind: "cas", key: "k", expected: null, value: "v" },
    { kind: "cas", key: "k", expected: "w", value: "v" },
  ])
    await run(request({ operation, hint: [1] }));
});

test("what a server answers to a client has a number, says ok or not, and has a result", async (t) => {
  const reply = { type: "ClientReply", sequence: 1, ok: true, result: null };
  const answering = (answer: object) =>
    run(request(), { onMessage: (env, from) => env.send(from, answer as AnyMessage) });
  const caught = async (answer: object, says: string) =>
    t.equal((await storyOf(answering(answer))).headline, `${KV}S1 sends a ClientReply whose ${says}.`);

  await caught({ ...reply, sequence: -1 }, "sequence is -1; expected a whole number, 0 or more");
  await caught({ ...reply, ok: undefined }, "ok is missing; expected true or false");
  await caught({ ...reply, result: 3 }, "result is 3; expected a string, true, false or null");
  await answering({ ...reply, result: "v", leader: "S2" });
});

test("clients take no part in Raft, and servers are no clients", async (t) => {
  const vote = { type: "RequestVote", term: 1, candidateId: "C1", lastLogIndex: 0, lastLogTerm: 0 };
  t.equal(
    (await storyOf(run(vote))).headline,
    `${KV}C1 sends a RequestVote; a client sends ClientRequests, and takes no part in Raft.`,
  );
  t.equal(
    (await storyOf(new Stage(3).send("S1", "S2", request({ clientId: "S1" })))).headline,
    `${KV}S1 sends a ClientRequest; only clients do that.`,
  );
});

test("no oracle stumbles over Raft's messages to and from clients that a test plays", (t) =>
  isRight(
    t,
    2,
    "everything, in both directions",
    async (stage) => {
      const messages = (self: string) => [
        { type: "RequestVote", term: 1, candidateId: self, lastLogIndex: 0, lastLogTerm: 0 },
        { type: "RequestVoteReply", term: 1, voteGranted: true },
        { ...APPEND, term: 1, leaderId: self },
        { ...APPEND, term: 1, leaderId: self, prevLogIndex: 1, prevLogTerm: 1 },
        { type: "AppendEntriesReply", term: 1, success: true, matchIndex: 7 },
        { type: "AppendEntriesReply", term: 1, success: false, matchIndex: 7 },
      ];
      for (const message of messages("C1")) await stage.send("C1", "S1", message);
      await stage.elect("S1", 2, ["S2"]);
      for (const message of messages("S1").slice(0, 3))
        await stage.send("S1", "C1", { ...message, term: 2, voteGranted: false });
    },
    { clients: 1, scripted: ["C1"] },
  ));
