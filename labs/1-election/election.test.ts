/**
 * The practice tests of lab 1. Each title starts with the number of its task and says what a server does.
 *
 * In most tests only S1 is yours, and the test plays its peers: `peers.ask` sends S1 a request and waits for the
 * answer, `peers.tell` sends it a message that needs none. In 1.8 all servers are yours. Time is virtual, and every
 * test runs on several seeds, each with other timeouts and delays. `rule` and `next` are what a failure says.
 */
import {
  grant,
  heartbeat,
  heartbeatReply,
  KIND,
  type NodeId,
  refuse,
  requestVote,
  TIMING,
  turnOf,
  type World,
} from "../kit";
import { simulated } from "../runner";
import { Raft } from "./raft";

const three = { servers: 3, scripted: true } as const;
const five = { servers: 5, scripted: true } as const;

// 1.1 Followers wait.

const waiting = {
  ...three,
  quiet: true,
  rule: "§5.2: servers start up as followers, and wait for an election timeout before they stand for election.",
  next: "Which values do role and currentTerm have before anything happens, and how long is the first timeout?",
};

test(
  "1.1 A server starts as a follower of term 0",
  simulated(Raft, waiting, async (world, peers) => {
    await world.runFor(1);

    expect(peers.status).toSay({ role: "follower", currentTerm: 0 });
  }),
);

test(
  "1.1 A server that starts sets a timer",
  simulated(Raft, waiting, async (world) => {
    await world.runFor(1);

    const isSet = world.trace.has(KIND.setTimer);
    world.check(isSet, () => ({
      sentence: "S1 started and set no timer: if no message ever comes, it sleeps for ever.",
      rule: "Figure 2, Followers: if the election timeout elapses, convert to candidate.",
      next: "Does start() get to a call of env.setTimer?",
    }));
  }),
);

test(
  "1.1 A server waits at least 250 ms for a leader",
  simulated(Raft, waiting, async (world, peers) => {
    await world.runFor(TIMING.electionTimeoutMin - 1);

    expect(peers).not.toHaveBeenAskedForVotes();
    expect(peers.status).toSay({ role: "follower", currentTerm: 0 });
  }),
);

// 1.2 Terms.

const terms = {
  ...three,
  quiet: true,
  rule: "Figure 2, All Servers: if a request or response has a term newer than currentTerm, adopt it and be a follower.",
  next: "What does S1 compare the message's term with, and what does it set?",
};

test(
  "1.2 A server that hears of a newer term goes to that term",
  simulated(Raft, terms, async (world, peers) => {
    peers.tell("S2", heartbeatReply(5, false));
    await world.runFor(TIMING.answerWithin);

    expect(peers.status).toSay({ role: "follower", currentTerm: 5 });
  }),
);

test(
  "1.2 A server never goes back to an older term",
  simulated(Raft, terms, async (world, peers) => {
    peers.tell("S2", heartbeatReply(5, false));
    await world.runFor(TIMING.answerWithin);

    peers.tell("S3", heartbeatReply(3, false));
    await world.runFor(TIMING.answerWithin);

    expect(peers.status).toSay({ currentTerm: 5 });
  }),
);

// 1.3 Votes.

const voting = {
  ...three,
  quiet: true,
  rule: "Figure 2, RequestVote receiver: refuse if term < currentTerm; grant if votedFor is null or candidateId.",
  next: "Which currentTerm and votedFor does S1 have when this request comes, and what set them?",
};

test(
  "1.3 A server votes for a candidate while its vote is free",
  simulated(Raft, voting, async (_world, peers) => {
    const answer = await peers.ask("S2", requestVote("S2", 1));

    expect(answer).toSay({ term: 1, voteGranted: true });
  }),
);

test(
  "1.3 A server votes once per term",
  simulated(Raft, voting, async (_world, peers) => {
    await peers.ask("S2", requestVote("S2", 4));

    const answer = await peers.ask("S3", requestVote("S3", 4));

    expect(answer).toSay({ term: 4, voteGranted: false });
  }),
);

test(
  "1.3 A server gives its vote again to the candidate that has it",
  simulated(Raft, voting, async (_world, peers) => {
    await peers.ask("S2", requestVote("S2", 4));

    const answer = await peers.ask("S2", requestVote("S2", 4));

    expect(answer).toSay({ term: 4, voteGranted: true });
  }),
);

test(
  "1.3 A server's vote is free again in the next term",
  simulated(Raft, voting, async (_world, peers) => {
    await peers.ask("S2", requestVote("S2", 4));

    const answer = await peers.ask("S3", requestVote("S3", 5));

    expect(answer).toSay({ term: 5, voteGranted: true });
  }),
);

test(
  "1.3 A server refuses a candidate of an older term",
  simulated(Raft, voting, async (world, peers) => {
    peers.tell("S2", heartbeatReply(5, false));
    await world.runFor(TIMING.answerWithin);

    const answer = await peers.ask("S3", requestVote("S3", 3));

    expect(answer).toSay({ term: 5, voteGranted: false });
  }),
);

test(
  "1.3 A server that gives its vote waits anew",
  simulated(
    Raft,
    {
      ...three,
      rule: "Figure 2, Followers: granting a vote to a candidate starts the wait for a leader anew.",
      next: "What happens to the election timer when S1 grants its vote?",
    },
    async (world, peers) => {
      for (let term = 1; term <= 20; term++) {
        await peers.ask("S2", requestVote("S2", term));
        await world.runFor(TIMING.electionTimeoutMin - 50);
      }

      expect(peers).not.toHaveBeenAskedForVotes();
    },
  ),
);

// 1.4 Heartbeats that arrive.

const following = {
  ...three,
  quiet: true,
  rule: "Figure 2, AppendEntries receiver: refuse if term < currentTerm; else the sender is the leader of the term.",
  next: "Which currentTerm does S1 have when this request comes, and what does it do if the terms are equal?",
};

test(
  "1.4 A server that hears a leader answers and follows it",
  simulated(Raft, following, async (_world, peers) => {
    const answer = await peers.ask("S2", heartbeat("S2", 1));

    expect(answer).toSay({ term: 1, success: true, matchIndex: 0 });
    expect(peers.status).toSay({ role: "follower", currentTerm: 1, leader: "S2" });
  }),
);

test(
  "1.4 A server refuses a leader of an older term",
  simulated(Raft, following, async (_world, peers) => {
    await peers.ask("S2", heartbeat("S2", 5));

    const answer = await peers.ask("S3", heartbeat("S3", 3));

    expect(answer).toSay({ term: 5, success: false });
    expect(peers.status).toSay({ role: "follower", currentTerm: 5, leader: "S2" });
  }),
);

test(
  "1.4 A heartbeat does not free a vote",
  simulated(Raft, voting, async (_world, peers) => {
    await peers.ask("S2", requestVote("S2", 3));
    await peers.ask("S2", heartbeat("S2", 3));

    const answer = await peers.ask("S3", requestVote("S3", 3));

    expect(answer).toSay({ voteGranted: false });
  }),
);

test(
  "1.4 A server that hears a leader does not stand for election",
  simulated(
    Raft,
    {
      ...three,
      rule: "§5.2: a server remains a follower as long as it receives valid requests from a leader.",
      next: "What happens to the election timer when S1 hears the leader of its term?",
    },
    async (world, peers) => {
      for (let beat = 1; beat <= 40; beat++) {
        await peers.ask("S2", heartbeat("S2", 1));
        await world.runFor(TIMING.heartbeatIntervalMax);
      }

      expect(peers).not.toHaveBeenAskedForVotes();
    },
  ),
);

// 1.5 Candidates.

const standing = {
  ...three,
  rule: "Figure 2, Candidates: increment currentTerm, vote for self, reset election timer, send RequestVote to all.",
  next: "In which order does S1 do these four, and what does it do with votes of older terms?",
};

test(
  "1.5 A server that hears from no leader stands for election",
  simulated(Raft, standing, async (_world, peers) => {
    await peers.awaitCampaign();

    const [request] = peers.all("RequestVote");
    expect(request.message).toSay({ term: 1, lastLogIndex: 0, lastLogTerm: 0 });
    expect(peers.status).toSay({ role: "candidate", currentTerm: 1 });
  }),
);

test(
  "1.5 A candidate that wins no majority stands again",
  simulated(Raft, standing, async (_world, peers) => {
    await peers.awaitCampaign();

    await peers.awaitCampaign();

    expect(peers.status).toSay({ role: "candidate", currentTerm: 2 });
    expect(peers).toHaveBeenAskedAgainAfter(TIMING.electionTimeoutMin);
  }),
);

test(
  "1.5 A server draws each wait anew, at random",
  simulated(
    Raft,
    {
      ...three,
      rule: "§5.2: election timeouts are chosen randomly from a fixed interval, to prevent split votes.",
      next: "When does S1 draw its timeout: once, or each time it starts to wait?",
    },
    async (_world, peers) => {
      for (let campaign = 1; campaign <= 8; campaign++) await peers.awaitCampaign();

      expect(peers).toHaveBeenAskedAtRandomTimes();
    },
  ),
);

test(
  "1.5 A candidate's vote is its own",
  simulated(Raft, voting, async (_world, peers) => {
    const term = await peers.awaitCampaign();

    const answer = await peers.ask("S2", requestVote("S2", term));

    expect(answer).toSay({ term, voteGranted: false });
    expect(peers.status).toSay({ role: "candidate", currentTerm: term });
  }),
);

test(
  "1.5 A candidate that hears the leader of its term follows it",
  simulated(Raft, following, async (_world, peers) => {
    const term = await peers.awaitCampaign();

    const answer = await peers.ask("S2", heartbeat("S2", term));

    expect(answer).toSay({ term, success: true });
    expect(peers.status).toSay({ role: "follower", currentTerm: term, leader: "S2" });
  }),
);

test(
  "1.5 A candidate that follows the leader of its term has voted all the same",
  simulated(Raft, voting, async (_world, peers) => {
    const term = await peers.awaitCampaign();
    await peers.ask("S2", heartbeat("S2", term));

    const answer = await peers.ask("S3", requestVote("S3", term));

    expect(answer).toSay({ term, voteGranted: false });
  }),
);

test(
  "1.5 A candidate that is refused makes nobody wait anew",
  simulated(Raft, three, async (world, peers) => {
    await peers.ask("S2", requestVote("S2", 1));

    for (let at = 50; at < TIMING.electionTimeoutMax; at += 50) {
      world.after(at, () => peers.tell("S3", requestVote("S3", 1)));
    }

    await peers.awaitCampaign();
  }),
);

test(
  "1.5 A leader of an older term makes nobody wait anew",
  simulated(Raft, three, async (world, peers) => {
    await peers.ask("S2", heartbeat("S2", 5));

    for (let at = 50; at < TIMING.electionTimeoutMax; at += 50) {
      world.after(at, () => peers.tell("S3", heartbeat("S3", 3)));
    }

    await peers.awaitCampaign();
  }),
);

// 1.6 Counting votes.

const counting = {
  ...five,
  rule: "Figure 2, Candidates: if votes received from a majority of servers, become leader.",
  next: "Whose votes of which term does S1 count, how often each, and how many does it need?",
};

test(
  "1.6 A candidate with the votes of a majority leads",
  simulated(Raft, { ...counting, servers: [2, 3, 4, 5, 6, 7], seeds: 6 }, async (_world, peers) => {
    const term = await peers.elect();

    expect(peers.status).toSay({ role: "leader", currentTerm: term });
  }),
);

test(
  "1.6 Half of the votes are not a majority",
  simulated(Raft, { ...counting, servers: [4, 6] }, async (world, peers) => {
    const term = await peers.awaitCampaign();

    for (const voter of peers.ids.slice(0, world.ids.length / 2 - 1)) peers.tell(voter, grant(term));
    await world.runFor(TIMING.answerWithin);

    expect(peers.status).toSay({ role: "candidate", currentTerm: term });
  }),
);

test(
  "1.6 A vote that arrives twice counts once",
  simulated(Raft, counting, async (world, peers) => {
    const term = await peers.awaitCampaign();

    for (let time = 1; time <= 3; time++) peers.tell("S2", grant(term));
    await world.runFor(TIMING.answerWithin);

    expect(peers.status).toSay({ role: "candidate", currentTerm: term });
  }),
);

test(
  "1.6 A refusal is not a vote",
  simulated(Raft, counting, async (world, peers) => {
    const term = await peers.awaitCampaign();

    peers.tell("S2", grant(term));
    for (const voter of ["S3", "S4", "S5"]) peers.tell(voter, refuse(term));
    await world.runFor(TIMING.answerWithin);

    expect(peers.status).toSay({ role: "candidate", currentTerm: term });
  }),
);

test(
  "1.6 A vote of an older term does not count",
  simulated(Raft, counting, async (world, peers) => {
    const older = await peers.awaitCampaign();
    const term = await peers.awaitCampaign();

    for (const voter of ["S2", "S3", "S4"]) peers.tell(voter, grant(older));
    await world.runFor(TIMING.answerWithin);

    expect(peers.status).toSay({ role: "candidate", currentTerm: term });
  }),
);

test(
  "1.6 The votes of two elections do not add up",
  simulated(Raft, counting, async (world, peers) => {
    peers.tell("S2", grant(await peers.awaitCampaign()));
    const term = await peers.awaitCampaign();

    peers.tell("S3", grant(term));
    await world.runFor(TIMING.answerWithin);

    expect(peers.status).toSay({ role: "candidate", currentTerm: term });
  }),
);

test(
  "1.6 A candidate that has given up counts no more votes",
  simulated(Raft, counting, async (world, peers) => {
    const term = await peers.awaitCampaign();
    await peers.ask("S2", heartbeat("S2", term));

    for (const voter of ["S3", "S4", "S5"]) peers.tell(voter, grant(term));
    await world.runFor(TIMING.answerWithin);

    expect(peers.status).toSay({ role: "follower", currentTerm: term, leader: "S2" });
  }),
);

test(
  "1.6 A server that follows a newer leader ignores late votes",
  simulated(Raft, counting, async (world, peers) => {
    const older = await peers.awaitCampaign();
    await peers.ask("S2", heartbeat("S2", older + 1));

    for (const voter of ["S3", "S4", "S5"]) peers.tell(voter, grant(older));
    await world.runFor(TIMING.answerWithin);

    expect(peers.status).toSay({ role: "follower", currentTerm: older + 1, leader: "S2" });
  }),
);

test(
  "1.6 A candidate that is told of a newer term gives up",
  simulated(Raft, terms, async (world, peers) => {
    const term = await peers.awaitCampaign();

    peers.tell("S2", refuse(term + 4));
    await world.runFor(TIMING.answerWithin);

    expect(peers.status).toSay({ role: "follower", currentTerm: term + 4 });
  }),
);

test(
  "1.6 A server that is alone elects itself",
  simulated(Raft, { servers: 1 }, async (world) => {
    await world.runUntil(
      () => world.status("S1").role === "leader",
      TIMING.electionTimeoutMax + TIMING.answerWithin,
      () => ({
        sentence: "S1 is the only server of its cluster and did not become its leader.",
        rule: counting.rule,
        next: "Who counts S1's own vote, if no reply ever comes?",
      }),
    );
  }),
);

// 1.7 Heartbeats that are sent.

const leading = {
  ...three,
  rule: "Figure 2, Leaders: upon election, send heartbeats to each server; repeat during idle periods.",
  next: "Who calls sendHeartbeats(), when for the first time, and what calls it again?",
};

test(
  "1.7 A new leader sends heartbeats to everyone at once",
  simulated(Raft, { ...leading, servers: [2, 3, 5] }, async (_world, peers) => {
    const term = await peers.elect();

    const [first] = peers.all("AppendEntries");
    expect(peers).toHaveAllHeardTheLeader(term);
    expect(first.message).toSay({ term, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0 });
  }),
);

test(
  "1.7 An idle leader sends heartbeats every 25 to 100 ms",
  simulated(Raft, leading, async (world, peers) => {
    const term = await peers.elect();

    await world.runFor(TIMING.electionTimeoutMax + 500);

    const { heartbeatIntervalMin: shortest, heartbeatIntervalMax: longest } = TIMING;
    expect(peers).toHaveHeardTheLeaderEvery({ shortest, longest, now: world.now });
    expect(peers.status).toSay({ role: "leader", currentTerm: term });
  }),
);

test(
  "1.7 A leader that is told of a newer term steps down",
  simulated(
    Raft,
    { ...terms, next: "Which timers run in S1 after it stepped down?" },
    async (world, peers) => {
      const term = await peers.elect();

      peers.tell("S2", heartbeatReply(term + 3, false));
      await world.runFor(TIMING.answerWithin);
      const steppedDownAt = world.now;

      expect(peers.status).toSay({ role: "follower", currentTerm: term + 3 });
      await peers.awaitCampaign();
      expect(peers).not.toHaveHeardTheLeaderSince(steppedDownAt);
    },
  ),
);

// 1.8 Whole clusters.

/**
 * Lets time pass until one server leads and all others follow it, in its term. In a calm network it stays so; what was
 * begun in a worse one gets the time of an election timeout to come to its end.
 */
async function agreement(world: World): Promise<NodeId> {
  await world.runFor(TIMING.electionTimeoutMax);
  const since = world.trace.length;
  const leader = () => world.leaders().find((id) => world.ids.every((other) => follows(world, other, id)));
  await world.runUntil(
    () => leader() !== undefined,
    TIMING.leaderWithin,
    () => ({
      sentence: `The servers can all talk to each other, and do not agree on a leader within ${TIMING.leaderWithin / 1_000} s.`,
      rule: "§5.2: one candidate of a term wins a majority; its heartbeats prevent new elections.",
      next: "Which server does not follow, and what did the last message say that it got?",
      why: { kind: "no-peace", among: world.ids, since },
    }),
  );
  return leader() ?? world.fail({ sentence: "The leader is gone." });
}

function follows(world: World, id: NodeId, leader: NodeId): boolean {
  const { role, currentTerm, leader: known } = world.status(id);
  const isInTerm = currentTerm === world.status(leader).currentTerm;
  return isInTerm && (id === leader || (role === "follower" && (known ?? leader) === leader));
}

/** Lets two seconds pass, in which nothing may change. */
async function expectToStay(world: World, leader: NodeId): Promise<void> {
  const { currentTerm } = world.status(leader);
  const since = world.trace.length;
  await world.runFor(2_000);
  const isSame = world.leader() === leader && world.status(leader).currentTerm === currentTerm;
  world.check(isSame, () => ({
    sentence: `${leader} led term ${currentTerm}, everyone followed it, no message was lost, and yet it was replaced.`,
    rule: "§5.2: a server remains a follower as long as it receives valid requests from a leader.",
    next: "Who stood for election, and why had its election timer run out?",
    why: { kind: "no-peace", among: world.ids, since },
  }));
}

test(
  "1.8 Three servers elect a leader and keep it",
  simulated(Raft, { servers: 3 }, async (world) => {
    const leader = await agreement(world);

    await expectToStay(world, leader);
  }),
);

test(
  "1.8 Clusters of 1 to 7 servers elect a leader",
  simulated(Raft, { servers: [1, 2, 3, 4, 5, 6, 7], seeds: 14 }, async (world) => {
    const leader = await agreement(world);

    await expectToStay(world, leader);
  }),
);

test(
  "1.8 A leader that is cut off is replaced, and follows later",
  simulated(Raft, { servers: [3, 5] }, async (world) => {
    const old = await agreement(world);

    world.faults.isolate(old);
    await world.awaitLeader(world.ids.filter((id) => id !== old));
    world.faults.rejoin(old);

    await expectToStay(world, await agreement(world));
  }),
);

test(
  "1.8 A leader that freezes is replaced, and follows later",
  simulated(Raft, { servers: [3, 5] }, async (world) => {
    const old = await agreement(world);

    world.faults.pause(old);
    await world.awaitLeader(world.ids.filter((id) => id !== old));
    world.faults.resume(old);

    await expectToStay(world, await agreement(world));
  }),
);

test(
  "1.8 Without a majority there is no new leader",
  simulated(Raft, { servers: [3, 4, 5] }, async (world) => {
    const old = await agreement(world);
    const { currentTerm } = world.status(old);
    const since = world.trace.length;

    const half = world.ids.filter((id) => id !== old).slice(0, Math.floor(world.ids.length / 2));
    world.faults.partition(half, ...world.ids.filter((id) => !half.includes(id)).map((id) => [id]));
    await world.runFor(2 * TIMING.electionTimeoutMax);

    const upstart = world.leaders().find((id) => world.status(id).currentTerm > currentTerm);
    world.check(upstart === undefined, () => ({
      sentence: `${upstart} leads a new term, although no majority can talk to each other.`,
      rule: counting.rule,
      next: counting.next,
      wrong:
        upstart === undefined
          ? undefined
          : turnOf(world, upstart, since, (said) => said.role === "leader" && said.currentTerm > currentTerm),
    }));
    world.faults.heal();
    await expectToStay(world, await agreement(world));
  }),
);

test(
  "1.8 Servers elect a leader though one message in ten is lost",
  simulated(Raft, { servers: 5, network: "lossy" }, async (world) => {
    await world.awaitLeader();

    world.faults.network("lan");
    await expectToStay(world, await agreement(world));
  }),
);
