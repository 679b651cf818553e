import test from "tape";
import { Raft } from "../../../solutions/1-election/raft";
import {
  type AnyMessage,
  type Env,
  grant,
  type Heard,
  heartbeat,
  heartbeatReply,
  KIND,
  LocalHost,
  narrowest,
  requestVote,
  ScriptedPeers,
  type ServerClass,
  turnOf,
  World,
  widest,
} from "..";
import { arrivals, type Part, playing, storyOf } from "./helpers";

function peersOf(
  serverClass: ServerClass,
  servers = 3,
): { readonly world: World; readonly peers: ScriptedPeers } {
  const ids = Array.from({ length: servers - 1 }, (_, i) => `S${i + 2}`);
  const host = LocalHost.of(serverClass);
  const world = new World({ seed: 1, servers, network: "calm", scripted: ids, host });
  return { world, peers: new ScriptedPeers(world) };
}

test("only S1 is real: the peers say nothing of their own accord", async (t) => {
  const { world, peers } = peersOf(Raft, 4);
  await world.runFor(200);

  t.equal(peers.subject, "S1");
  t.deepEqual(peers.ids, ["S2", "S3", "S4"]);
  t.equal(world.counts.messages(), 0);
});

test("ask gives the answer of the peer that asked", async (t) => {
  const { world, peers } = peersOf(Raft);
  await world.runFor(1);

  t.deepEqual(await peers.ask("S2", requestVote("S2", 3)), grant(3));
  t.equal((await peers.ask("S3", requestVote("S3", 3))).voteGranted, false);
  t.deepEqual(await peers.ask("S3", heartbeat("S3", 4)), heartbeatReply(4, true));
  t.deepEqual(peers.status, { role: "follower", currentTerm: 4, leader: "S3", commitIndex: undefined });
});

test("ask does not take the answer to an earlier question for its own", async (t) => {
  const { world, peers } = peersOf(Raft);
  peers.tell("S2", requestVote("S2", 1));
  await world.runFor(1);

  t.deepEqual(await peers.ask("S2", requestVote("S2", 5)), grant(5));
});

test("ask fails with a story when there is no answer, or only to somebody else", async (t) => {
  const SILENT = "S1 did not answer a RequestVote term 2 from S2 within 10 ms.";
  const misled: Part = { onMessage: (env) => env.send("S3", grant(2)) };
  const slow: Part = {
    onMessage: (env) => env.setTimer("answer", 12),
    onTimer: (env) => env.send("S2", grant(2)),
  };
  for (const part of [{}, misled, slow]) {
    const { peers, world } = peersOf(playing(part));
    const story = await storyOf(peers.ask("S2", requestVote("S2", 2)));
    t.equal(story.kind, "expectation");
    t.equal(story.headline, SILENT);
    t.ok(world.now <= 13);
    t.ok(story.lines.some(({ event }) => event === "S2 → S1  RequestVote term 2"));
    t.deepEqual(story.standing, ["S1 follower of term 0, no timer is running"]);
  }
  const { headline } = await storyOf(peersOf(playing({})).peers.ask("S3", heartbeat("S3", 1)));
  t.match(headline, /^S1 did not answer .*AppendEntries term 1, heartbeat from S3 within 10 ms\.$/);
});

test("awaitCampaign waits until S1 stands for election, each time in a newer term", async (t) => {
  const { world, peers } = peersOf(Raft, 5);
  for (let term = 1; term <= 4; term++) {
    t.equal(await peers.awaitCampaign(), term);
    t.deepEqual(
      peers
        .all("RequestVote")
        .slice(-4)
        .map(({ to, message }) => `${to} ${message.term}`),
      ["S2", "S3", "S4", "S5"].map((id) => `${id} ${term}`),
    );
  }
  t.equal(peers.all("RequestVote").length, 16);
  t.ok(peers.heard.every(({ sentAt }) => sentAt >= 250 && sentAt < world.now));
});

test("awaitCampaign fails when S1 does not stand, or does not ask everyone", async (t) => {
  const idle = await storyOf(peersOf(playing({})).peers.awaitCampaign());
  t.equal(idle.headline, "S1 heard from no leader for 2,000 ms and did not stand for election.");

  const askingOnly = (...ids: readonly string[]): ServerClass =>
    playing({
      start: (env) => env.setTimer("t", 300),
      onTimer(env: Env<AnyMessage>) {
        for (const id of ids) env.send(id, requestVote("S1", 1));
      },
    });
  const forgetful = await storyOf(peersOf(askingOnly("S2"), 4).peers.awaitCampaign());
  t.equal(
    forgetful.headline,
    "S1 stands for election in term 1 and asks only S2; its peers are S2, S3 and S4.",
  );
  t.equal(await peersOf(askingOnly("S2", "S3", "S4"), 4).peers.awaitCampaign(), 1);
});

test("elect makes the reference lead clusters of 2 to 7, with exactly a majority of votes", async (t) => {
  for (let servers = 2; servers <= 7; servers++) {
    const { world, peers } = peersOf(Raft, servers);
    const term = await peers.elect();

    t.deepEqual(peers.status, { role: "leader", currentTerm: term, leader: "S1", commitIndex: undefined });
    t.equal(peers.all("AppendEntries").length, servers - 1, `${servers} servers: all hear of it`);
    t.deepEqual(world.leaders(), ["S1"]);
  }
});

test("elect fails when a candidate does not count its votes", async (t) => {
  class Deaf extends Raft {
    override onMessage(): void {}
  }
  const { headline } = await storyOf(peersOf(Deaf, 5).peers.elect());

  t.equal(headline, "S1 has its own vote and 2 of 4 peers' in term 1, a majority of 5, but does not lead.");
});

test("peers answer heartbeats as friendly servers would, unless they are told not to", async (t) => {
  const answersIn = async (answersHeartbeats: boolean) => {
    const { world, peers } = peersOf(Raft);
    peers.answersHeartbeats = answersHeartbeats;
    const term = await peers.elect();
    await world.runFor(100);
    t.equal(peers.status.currentTerm, term);
    return arrivals(world).filter(({ message }) => message.type === "AppendEntriesReply").length;
  };

  t.ok((await answersIn(true)) >= 4);
  t.equal(await answersIn(false), 0);
});

test("peers answer a pre-vote, and wait longer for a campaign that begins with one", async (t) => {
  const preVoting = playing({
    start: (env) => env.setTimer("ask", 100),
    onTimer(env, name) {
      if (name === "ask") env.send("S2", { ...requestVote("S1", 1), type: "PreVote" });
      else for (const peer of env.peers) env.send(peer, requestVote("S1", 1));
    },
    onMessage: (env, from, { type, voteGranted }) =>
      type === "PreVoteReply" && voteGranted && from === "S2" && env.setTimer("stand", 2_500),
  });
  const { peers, world } = peersOf(preVoting);
  await world.runFor(200);

  t.equal(await peers.awaitCampaign(), 1);
  t.equal(peers.all("PreVote").length, 1);
});

test("what S1 said can be marked in a story, which ends there", async (t) => {
  const { world, peers } = peersOf(Raft);
  await peers.awaitCampaign();
  const [request] = peers.all("RequestVote");
  t.equal(world.trace.messageOf(request.record), request.message);
  t.equal(world.trace.timeOf(request.record), request.sentAt);
  peers.tell("S2", heartbeat("S2", 9));
  await world.runFor(50);

  const { lines, standing } = await storyOf(
    (async () => world.fail({ sentence: "S1 stood too early.", wrong: request.record }))(),
  );
  t.deepEqual(
    lines.map(({ event, isWrong }) => [event, isWrong]),
    [
      ["S1  starts", false],
      ["S1  timer “election” runs out", true],
    ],
  );
  t.deepEqual(standing, [], "the end of the run is not told");
  t.equal(world.finding?.wrong, request.record);
});

test("pauses between messages, and who ended them", (t) => {
  const heard = (sentAt: number): Heard => ({
    to: "S2",
    sentAt,
    record: sentAt,
    message: heartbeat("S1", 1),
  });
  const some = [10, 30, 100, 110].map(heard);
  t.deepEqual(widest(some, 120), { wait: 70, end: some[2] });
  t.deepEqual(widest(some, 300), { wait: 190, end: undefined }, "the last one has not ended");
  t.deepEqual(narrowest(some), { wait: 10, end: some[3] });
  t.equal(narrowest([]).wait, Number.POSITIVE_INFINITY);
  t.end();
});

test("the place at which a server first said something of itself", async (t) => {
  const { world, peers } = peersOf(Raft);
  const term = await peers.elect();
  const led = turnOf(world, "S1", 0, ({ role }) => role === "leader") ?? Number.NaN;
  t.equal(world.trace.kindOf(led), KIND.status);
  t.equal(
    turnOf(world, "S1", led + 1, ({ role }) => role === "leader"),
    undefined,
  );
  peers.tell("S2", heartbeat("S2", term + 1));
  await world.runFor(5);
  const left = turnOf(world, "S1", led, ({ role }) => role !== "leader") ?? Number.NaN;
  t.ok(left > led);
});
