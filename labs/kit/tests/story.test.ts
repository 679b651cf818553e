import test from "tape";
import { Raft } from "../../../solutions/1-election/raft";
import {
  type AnyMessage,
  grant,
  KIND,
  LocalHost,
  NotImplemented,
  requestVote,
  runText,
  type Story,
  storyText,
  World,
} from "..";
import { note, type Part, recordsOf, storyOf, storyOfPart, TICKER, worldOf } from "./helpers";

/** S1 asks at 10 ms and S3 at 20 ms; S2 grants both. */
const GENEROUS: Part = {
  start: (env) => env.self !== "S2" && env.setTimer("t", env.self === "S1" ? 10 : 20),
  onTimer: (env) => env.send("S2", requestVote(env.self, 4)),
  onMessage: (env, from) => env.self === "S2" && env.send(from, grant(4)),
};

const doubleVote = (): Promise<Story> => storyOfPart(GENEROUS, { servers: 3, seed: 1729 });

test("the story of a double vote names both candidates and marks the second grant", async (t) => {
  const { lines } = await doubleVote();

  t.deepEqual(lines, [
    { time: "10 ms", event: "S1  timer “t” runs out", outcome: "S1 asks S2 for votes", isWrong: false },
    { time: "12 ms", event: "S1 → S2  RequestVote term 4", outcome: "S2 grants S1 its vote", isWrong: false },
    { time: "20 ms", event: "S3  timer “t” runs out", outcome: "S3 asks S2 for votes", isWrong: false },
    { time: "22 ms", event: "S3 → S2  RequestVote term 4", outcome: "S2 grants S3 its vote", isWrong: true },
  ]);
});

test("the text of a story has the property, the first wrong step, rule, seed, replay line and next question", async (t) => {
  const story = await doubleVote();
  const text = storyText(story, {
    replay: "npm run replay -- 1.3 --seed 1729",
    diagram: "report/1.3-1729.html",
  }).split("\n");

  t.equal(text[0], "One vote per term (Raft §5.2): S2 votes for S1 and for S3 in term 4.");
  t.match(text[4], /^22 ms {2}S3 → S2 {2}RequestVote term 4 {3}S2 grants S3 its vote {3}← first wrong step$/);
  t.equal(text.filter((line) => line.includes("first wrong step")).length, 1);
  t.ok(text.includes(`Rule    ${story.rule}`));
  t.ok(text.includes(`Seed    1729, 3 servers, trace ${story.traceHash}`));
  t.ok(text.includes("Replay  npm run replay -- 1.3 --seed 1729"));
  t.ok(text.includes("Diagram  report/1.3-1729.html"));
  t.ok(text.includes(`Next    ${story.next}`));
  t.notOk(storyText(story).includes("Replay"), "without a command there is no replay line");
});

test("a failure's message and stack are its story, and nothing of this kit", async (t) => {
  const world = worldOf(GENEROUS, { servers: 3 });
  const story = await storyOf(world.runFor(50));

  t.equal(world.failure?.message, storyText(story));
  t.equal(world.failure?.stack, storyText(story));
  t.equal(story.traceHash, world.traceHash);
  t.equal(story.servers, 3);
});

test("what is not written yet is told in one line", async (t) => {
  const story = await storyOfPart({
    start() {
      throw new NotImplemented("1.1");
    },
  });

  t.equal(storyText(story), "Task 1.1 is not written yet.");
});

test("lines that say the same are merged, the first wrong step never is", async (t) => {
  const story = await storyOfPart(
    {
      start: (env) => env.self === "S1" && env.setTimer("t", 10),
      onTimer(env) {
        env.send("S2", note(1));
        if (env.now() < 40) env.setTimer("t", 10);
      },
      onMessage: (env) => env.now() > 41 && env.send("S1", { type: "RequestVote" } as AnyMessage),
    },
    { seed: 2 },
  );

  t.equal(story.lines.filter(({ isWrong }) => isWrong).length, 1);
  t.equal(story.lines.at(-1)?.event, "S1 → S2  Note");
  t.equal(story.lines.at(-1)?.time, "42 ms");
});

test("a test may name the records that show what went wrong, and the wrong one among them", async (t) => {
  const shower: Part = {
    start(env) {
      for (let n = 1; n <= 4 && env.self === "S1"; n++) env.send("S2", note(n));
    },
  };
  const world = worldOf(shower);
  await world.runFor(10);
  const evidence = recordsOf(world.trace, KIND.deliver);
  const story = await storyOf(
    (async () => world.fail({ sentence: "S2 got too many.", evidence, wrong: evidence[3] }))(),
  );
  const [starts, ...notes] = story.lines;

  t.equal(starts.event, "S1  starts");
  t.deepEqual(
    notes.map(({ isWrong }) => isWrong),
    [false, true],
    "three alike in one line, the wrong one in its own",
  );
  t.match(notes[0].event, /^S1 → S2 {2}Note .*\b3\b/);
  t.equal(notes[1].event, "S1 → S2  Note");
});

test("an expectation that is not met shows where the servers stand, and the turning points of the run", async (t) => {
  const world = new World({ seed: 3, servers: 3, network: "calm", host: LocalHost.of(Raft) });
  await world.runFor(1);
  world.faults.stop("S3");
  const leader = await world.awaitLeader();
  await world.runFor(10);
  const other = leader === "S1" ? "S2" : "S1";
  world.note("now the leader freezes");
  world.faults.pause(leader);
  const story = await storyOf(
    world.runUntil(
      () => false,
      100,
      () => ({ sentence: "Nothing came of it.", rule: "A rule.", next: "Why?" }),
    ),
  );
  const text = storyText(story);

  t.equal(story.kind, "expectation");
  t.equal(story.headline, "Nothing came of it.");
  t.equal(story.standing.length, 3);
  t.ok(story.standing.includes(`${leader} leader of term 1, frozen`));
  t.ok(story.standing.includes(`${other} follower of term 1, follows ${leader}`));
  t.ok(story.standing.includes("S3 follower of term 0, stopped"));
  for (const part of [
    "— S3 stops",
    "· now the leader freezes",
    `— ${leader} freezes`,
    "becomes leader of term 1",
  ])
    t.ok(text.includes(part), part);
  t.ok(text.includes(`Now     ${story.standing.join("; ")}.`));
  t.ok(text.includes("Rule    A rule.") && text.includes("Next    Why?"));
});

test("a story is short, whatever happened before", async (t) => {
  const world = worldOf(TICKER, { servers: 5, network: "stormy" });
  for (let i = 0; i < 50; i++) {
    world.faults.isolate("S1");
    await world.runFor(20);
    world.faults.heal();
  }
  t.ok(
    (
      await storyOf(
        world.runUntil(
          () => false,
          1,
          () => ({ sentence: "x" }),
        ),
      )
    ).lines.length <= 12,
  );
});

test("the text of a run has a line for every event, loss, fault and step", async (t) => {
  const world = worldOf(GENEROUS, { servers: 3, oracles: [] });
  world.note("begin");
  await world.runFor(11);
  world.faults.isolate("S2");
  await world.runFor(2);

  t.deepEqual(
    runText(world)
      .split("\n")
      .map((line) => line.trim().replace(/ {2,}/g, "  ")),
    [
      "0 ms  · begin",
      "0 ms  S1  starts",
      "0 ms  S2  starts",
      "0 ms  S3  starts",
      "10 ms  S1  timer “t” runs out  S1 asks S2 for votes",
      "11 ms  — S2 is cut off",
      "12 ms  S1 ⇢ S2  RequestVote term 4 does not arrive: the link is cut",
    ],
  );
});
