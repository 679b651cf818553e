import test from "tape";
import { type AnyMessage, grant, heartbeat, requestVote, type Story } from "..";
import { ElectionSafety } from "../oracles/election-safety";
import { type Part, storyOfPart, worldOf } from "./helpers";

const bad = (message: object): AnyMessage => message as AnyMessage;
const sending = (...messages: readonly AnyMessage[]): Part => ({
  start(env) {
    if (env.self === "S1") for (const message of messages) env.send("S2", message);
  },
});

function violates(t: test.Test, story: Story, property: string, section: string, sentence: string): void {
  t.equal(story.kind, "violation");
  t.equal(story.headline, `${property} (${section}): ${sentence}`);
  t.equal(story.lines.filter(({ isWrong }) => isWrong).length, 1, "one step is marked as wrong");
  t.ok(story.next?.endsWith("?"), "the next thing to look at is a question");
}

const SHAPE = ["Messages as in Figure 2", "labs/kit/contract/messages.ts"] as const;

test("a message without a field of Figure 2, or with a wrong one, is caught", async (t) => {
  const COUNT = "expected a whole number, 0 or more.";
  const wrong: readonly (readonly [AnyMessage, string])[] = [
    [
      bad({ ...requestVote("S1", 1), lastLogTerm: undefined }),
      `RequestVote whose lastLogTerm is missing; ${COUNT}`,
    ],
    [bad({ ...requestVote("S1", 1), lastLogIndex: -1 }), `RequestVote whose lastLogIndex is -1; ${COUNT}`],
    [requestVote("S1", 1.5), `RequestVote whose term is 1.5; ${COUNT}`],
    [bad({ ...grant(1), term: "1" }), `RequestVoteReply whose term is "1"; ${COUNT}`],
    [
      bad({ ...grant(1), voteGranted: 1 }),
      "RequestVoteReply whose voteGranted is 1; expected true or false.",
    ],
    [bad({ ...heartbeat("S1", 1), entries: {} }), "AppendEntries whose entries is {}; expected an array."],
    [
      bad({ ...heartbeat("S1", 1), leaderCommit: null }),
      `AppendEntries whose leaderCommit is null; ${COUNT}`,
    ],
    [heartbeat("S2", 1), `AppendEntries whose leaderId is "S2"; expected the sender's own name.`],
    [requestVote("S2", 1), `RequestVote whose candidateId is "S2"; expected the sender's own name.`],
    [
      bad({ type: "AppendEntriesReply", term: 1, success: true }),
      `AppendEntriesReply whose matchIndex is missing; ${COUNT}`,
    ],
  ];
  for (const [message, says] of wrong)
    violates(
      t,
      await storyOfPart(sending(message)),
      ...SHAPE,
      `S1 sends ${says.startsWith("Append") ? "an" : "a"} ${says}`,
    );
});

test("fields and messages beyond Figure 2 are welcome", async (t) => {
  const world = worldOf(
    sending(bad({ ...grant(1), why: "free" }), { type: "Hello" }, bad({ type: "Stats", term: "x" })),
  );
  await world.runFor(10);

  t.equal(world.counts.messages(), 3);
});

test("a server whose term goes back is caught", async (t) => {
  const story = await storyOfPart({
    start: (env) => env.self === "S2" && env.setTimer("t", 10),
    onTimer: (env) => env.setTimer("t", 10),
    status: (env) => ({ role: "follower", currentTerm: env.self === "S2" && env.now() === 20 ? 4 : 3 }),
  });

  violates(t, story, "Terms never go back", "Raft §5.1", "S2 goes back from term 4 to term 3.");
  t.equal(story.lines.at(-1)?.time, "30 ms");
});

test("a server that votes for two others in one term is caught", async (t) => {
  const story = await storyOfPart(
    {
      start(env) {
        if (env.self !== "S2") env.setTimer("t", env.self === "S1" ? 10 : 20);
      },
      onTimer: (env) => env.send("S2", requestVote(env.self, 4)),
      onMessage: (env, from) => env.self === "S2" && env.send(from, grant(4)),
    },
    { servers: 3 },
  );

  violates(t, story, "One vote per term", "Raft §5.2", "S2 votes for S1 and for S3 in term 4.");
  t.equal(
    story.rule,
    "Figure 2, RequestVote receiver, step 2: grant only if votedFor is null or candidateId.",
  );
});

test("a candidate that votes for another one too is caught, in either order", async (t) => {
  const forItselfFirst = await storyOfPart(sending(requestVote("S1", 2), grant(2)));
  const forItselfLast = await storyOfPart(sending(grant(2), requestVote("S1", 2)));

  violates(t, forItselfFirst, "One vote per term", "Raft §5.2", "S1 votes for itself and for S2 in term 2.");
  violates(t, forItselfLast, "One vote per term", "Raft §5.2", "S1 votes for S2 and for itself in term 2.");
});

test("the same vote twice, refusals, and votes of different terms break nothing", async (t) => {
  const refusal = { ...grant(1), voteGranted: false };
  const world = worldOf(
    sending(grant(1), grant(1), refusal, requestVote("S1", 2), requestVote("S1", 2), grant(3)),
  );
  await world.runFor(10);

  t.equal(world.failure, undefined);
});

test("two leaders of one term are caught when both send AppendEntries", async (t) => {
  const story = await storyOfPart(
    {
      start: (env) => env.setTimer("t", env.self === "S3" ? 20 : 10),
      onTimer: (env) => env.self !== "S2" && env.send("S2", heartbeat(env.self, 4)),
    },
    { servers: 3, oracles: [(scene) => new ElectionSafety(scene)] },
  );

  violates(t, story, "Election Safety", "Raft Figure 3", "S1 and S3 both lead term 4.");
  t.equal(story.lines.find(({ isWrong }) => isWrong)?.event, "S3  timer “t” runs out");
});

test("two leaders of one term are caught when both say so", async (t) => {
  const leading: Part = { status: (env) => ({ role: "leader", currentTerm: env.self === "S3" ? 8 : 7 }) };
  const oracles = [(scene: ConstructorParameters<typeof ElectionSafety>[0]) => new ElectionSafety(scene)];
  const story = await storyOfPart(leading, { servers: 3, oracles });

  violates(t, story, "Election Safety", "Raft Figure 3", "S1 and S2 both lead term 7.");
});

test("a test's own servers may break rules, the server under test may not follow them in that", async (t) => {
  const world = worldOf({}, { servers: 3, scripted: ["S2", "S3"] });
  const [s1, s2, s3] = world.simulation.nodes;
  for (const from of [s2, s3]) world.simulation.inject(from, s1, heartbeat(from.id, 4), 1);
  world.simulation.inject(s2, s1, grant(4), 1);
  world.simulation.inject(s2, s3, grant(4), 1);
  await world.runFor(10);

  t.equal(world.failure, undefined);
});

test("a server that sends AppendEntries without having been elected is caught, whatever it says of itself", async (t) => {
  const story = await storyOfPart(
    {
      start: (env) => env.setTimer("t", 10),
      onTimer: (env) => env.self === "S1" && env.send("S2", heartbeat(env.self, 4)),
    },
    { servers: 3 },
  );

  const sentence = "S1 is a follower and sends AppendEntries of term 4, for which it was never elected.";
  violates(t, story, "A leader has a majority's votes", "Raft §5.2", sentence);
});
