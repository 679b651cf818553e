import test from "tape";
import { type AnyMessage, runText, type Status, storyText, type World } from "..";
import { messageWords } from "../story/words";
import { type Part, storyOf, worldOf } from "./helpers";
import { Stage } from "./oracle-stage";

const said = (message: object): string => messageWords(message as AnyMessage);
const append = (fields: object): string =>
  said({
    type: "AppendEntries",
    term: 4,
    leaderId: "S1",
    prevLogIndex: 0,
    prevLogTerm: 0,
    entries: [],
    leaderCommit: 0,
    ...fields,
  });

/** The text of a run without its times, and with single spaces. */
const textOf = (world: Pick<World, "trace" | "names">): string[] =>
  runText(world)
    .split("\n")
    .map((line) =>
      line
        .trim()
        .replace(/^[\d.]+ ms +/, "")
        .replace(/ {2,}/g, "  "),
    );

test("with empty logs messages are told as in lab 1", (t) => {
  t.equal(append({}), "AppendEntries term 4, heartbeat");
  t.equal(
    said({ type: "AppendEntriesReply", term: 4, success: true, matchIndex: 0 }),
    "AppendEntriesReply term 4, ok",
  );
  t.equal(
    said({ type: "AppendEntriesReply", term: 4, success: false, matchIndex: 0 }),
    "AppendEntriesReply term 4, refused",
  );
  t.equal(said({ type: "RequestVote", term: 4, lastLogIndex: 0, lastLogTerm: 0 }), "RequestVote term 4");
  t.equal(said({ type: "PreVoteReply", term: 4, voteGranted: false }), "PreVoteReply term 4, refused");
  t.end();
});

test("messages about logs say which entries, after which one, and what is committed", (t) => {
  const entry = { term: 2, command: "x" };
  t.equal(
    append({ prevLogIndex: 4, prevLogTerm: 2, entries: [entry, entry, entry], leaderCommit: 4 }),
    "AppendEntries term 4, entries 5–7 after 4 of term 2, leaderCommit 4",
  );
  t.equal(append({ entries: [entry] }), "AppendEntries term 4, entry 1");
  t.equal(
    append({ prevLogIndex: 4, prevLogTerm: 2, leaderCommit: 3 }),
    "AppendEntries term 4, heartbeat after 4 of term 2, leaderCommit 3",
  );
  const reply = { type: "AppendEntriesReply", term: 4 };
  t.equal(said({ ...reply, success: true, matchIndex: 7 }), "AppendEntriesReply term 4, ok up to 7");
  t.equal(
    said({ ...reply, success: false, matchIndex: 3 }),
    "AppendEntriesReply term 4, refused, might match 3",
  );
  for (const type of ["RequestVote", "PreVote"])
    t.equal(
      said({ type, term: 4, lastLogIndex: 7, lastLogTerm: 3 }),
      `${type} term 4, log up to 7 of term 3`,
    );
  t.end();
});

test("messages of clients say what they want and what came of it", (t) => {
  const ask = (operation: unknown) => said({ type: "ClientRequest", clientId: "C1", sequence: 3, operation });
  t.equal(ask({ kind: "append", key: "k", value: "v" }), 'ClientRequest #3, append "k" "v"');
  t.equal(ask({ kind: "get", key: "k" }), 'ClientRequest #3, get "k"');
  t.equal(
    ask({ kind: "cas", key: "k", expected: null, value: "v" }),
    'ClientRequest #3, cas "k" from null to "v"',
  );
  t.equal(ask({ kind: "del" }), 'ClientRequest #3, {"kind":"del"}');
  t.equal(ask(undefined), "ClientRequest #3, nothing");
  const answer = { type: "ClientReply", sequence: 3, ok: true, result: "v" };
  t.equal(said(answer), 'ClientReply #3, done: "v"');
  t.equal(said({ ...answer, ok: false, result: null }), "ClientReply #3, not now");
  t.equal(said({ ...answer, ok: false, result: null, leader: "S2" }), "ClientReply #3, not now, try S2");
  t.end();
});

test("a run's text tells of commands, their answers, entries and applies", async (t) => {
  const stage = new Stage(1);
  const { world } = stage;
  await stage.propose("S1", "set x 1", [1, 1]);
  await stage.propose("S1", { text: "something that is far too long to tell" }, null);
  await stage.apply("S1", [1, 1, "set x 1"]);
  await stage.say("S1", { role: "leader", currentTerm: 1, commitIndex: 1 });

  t.deepEqual(textOf(world).slice(1), [
    'S1  is given the command "set x 1"  S1 answers: index 1 of term 1',
    'S1  is given the command {"text":"something that is fa…  S1 refuses the command',
    'S1  is given the command "a command for nobody"  S1 applies entry 1 and refuses the command',
    'S1  is given the command "a command for nobody"  S1 becomes leader of term 1, commits up to 1 and refuses the command',
  ]);
});

test("entries that are sent, accepted and applied are told as ranges; a crash is no refusal", async (t) => {
  const stage = new Stage(3, { oracles: [] });
  const entries = [1, 1, 1].map((term) => [term, null] as const);
  await stage.append("S1", "S2", 1, { entries });
  await stage.accept("S2", "S1", 1, 3);
  await stage.apply("S2", [1, 1, null], [2, 1, null], [3, 1, null], [7, 1, null]);
  stage.world.faults.stopBefore("S3", () => true);
  await stage.apply("S3", [1, 1, null]);
  const text = textOf(stage.world).join("\n");

  t.match(text, /S1 sends entries 1–3 to S2/);
  t.match(text, /S2 accepts up to 3/);
  t.match(text, /S2 applies entries 1–3, applies entry 7 and refuses the command/);
  t.match(text, /S3 {2}is given the command "a command for nobody"\n/);
});

test("what is written to a disk is told once, and not in full if it is much", async (t) => {
  const log = Object.fromEntries([1, 2, 3, 4, 5, 6].map((i) => [`log/${i}`, i]));
  const writing: Part = {
    start(env) {
      env.disk.write({ currentTerm: 1 });
      env.disk.write({ currentTerm: 2 });
      env.disk.write(log);
    },
  };
  const world = worldOf(writing, { servers: 1 });
  await world.runFor(1);

  t.deepEqual(textOf(world), [
    "S1  starts  S1 writes currentTerm to disk and writes log/1, log/2, log/3 and 3 more to disk",
  ]);
});

test("a heartbeat that makes a server apply something is no routine", async (t) => {
  const stage = new Stage(3, { oracles: [] });
  for (let i = 0; i < 3; i++) await stage.append("S1", "S2", 1, { after: [1, 1] });

  t.equal(textOf(stage.world).filter((line) => line.includes("heartbeat after 1 of term 1")).length, 3);
});

test("where servers stand includes what they know to be committed", async (t) => {
  const status: Status = { role: "leader", currentTerm: 4, commitIndex: 7 };
  const world = worldOf({ status: () => status }, { servers: 1, oracles: [] });
  await world.runFor(1);
  const story = await storyOf((async () => world.fail({ sentence: "Something is missing." }))());

  t.deepEqual(story.standing, ["S1 leader of term 4, committed 7"]);
  t.match(storyText(story), /Now {5}S1 leader of term 4, committed 7\./);
});
