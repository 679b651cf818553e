/**
 * The practice tests of lab 3. Each title starts with the number of its task and says what a server does.
 *
 * In tests of 3.1 and 3.2 nothing is started again: they look whether S1 writes to its disk before it says something.
 * In 3.3 `restart` stops S1, which forgets all but its disk, and starts it again; then the test asks it what it still
 * knows. In 3.4 servers crash in the middle of their work, and whole clusters do. As before, S1 is yours, and the test
 * plays its peers, unless all servers are yours.
 */
import {
  type AnyMessage,
  agree,
  appendEntries,
  entriesOfTerms,
  FAULTS_WITH_DISK,
  heartbeat,
  heartbeatReply,
  KIND,
  lastOf,
  planSwarm,
  playSwarm,
  requestVote,
  restart,
  START,
  sending,
  stopAfterSending,
  type Term,
  TIMING,
  type World,
  wroteBefore,
} from "../kit";
import { simulated } from "../runner";
import { Raft } from "./raft";

const three = { servers: 3, scripted: true } as const;
const five = { servers: 5, scripted: true } as const;

/** Time for S1 to answer, and for the answer to arrive. */
const ANSWERED = TIMING.answerWithin + 3;

/** Expects S1 to have written to its disk between a moment, the length of the trace then, and what it says. */
function expectWrittenBefore(
  world: World,
  since: number,
  isPromise: (record: number) => boolean,
  promise: string,
): void {
  const hasWritten = wroteBefore(world, "S1", since, isPromise);
  world.check(hasWritten === true, () => ({
    sentence:
      hasWritten === undefined
        ? `S1 does not do what this test is about: ${promise}.`
        : `S1 has not written this to its disk when it says it: ${promise}. If it stopped now, it would forget what it said.`,
    rule: "Figure 2, State: currentTerm, votedFor and log[] are updated on stable storage before responding to RPCs.",
    next: "Which line changes what S1 speaks of here, and does the next one write it to env.disk?",
  }));
}

/** A promise: S1 sends a message like this. */
const says = (world: World, matches: (message: AnyMessage) => boolean) => sending(world.trace, matches);

/** A promise: S1 applies the entry at this index. */
const applies = (world: World, index: number) => (record: number) =>
  world.trace.kindOf(record) === KIND.apply && world.applied("S1")[index - 1] === world.trace.dataOf(record);

// 3.1 Term and vote.

const writing = {
  ...three,
  quiet: true,
  rule: "Figure 2, RequestVote receiver: if votedFor is null or candidateId, grant vote.",
  next: "Does what you wrote in labs 1 and 2 still work?",
};

test(
  "3.1 A server writes its vote before it answers",
  simulated(Raft, writing, async (world, peers) => {
    peers.tell("S3", heartbeatReply(3, false)); // S1 is in term 3 already: its vote is the only news
    await world.runFor(TIMING.answerWithin);
    const since = world.trace.length;

    const answer = await peers.ask("S2", requestVote("S2", 3));

    expect(answer).toSay({ term: 3, voteGranted: true });
    const isVote = ({ voteGranted }: AnyMessage) => voteGranted === true;
    expectWrittenBefore(world, since, says(world, isVote), "its vote goes out to S2");
  }),
);

test(
  "3.1 A server writes each of its votes",
  simulated(Raft, writing, async (world, peers) => {
    for (const [candidate, term] of [
      ["S2", 1],
      ["S2", 2],
      ["S3", 5],
    ] as const) {
      const since = world.trace.length;

      const answer = await peers.ask(candidate, requestVote(candidate, term));

      expect(answer).toSay({ term, voteGranted: true });
      const isVote = ({ voteGranted }: AnyMessage) => voteGranted === true;
      expectWrittenBefore(world, since, says(world, isVote), `its vote of term ${term} goes out`);
    }
  }),
);

test(
  "3.1 A server that refuses says in which term it is, and has written that",
  simulated(Raft, writing, async (world, peers) => {
    const since = world.trace.length;
    peers.tell("S2", heartbeatReply(7, false));
    await world.runFor(TIMING.answerWithin);

    const answer = await peers.ask("S3", requestVote("S3", 4));

    expect(answer).toSay({ term: 7, voteGranted: false });
    const isOfTerm7 = ({ term }: AnyMessage) => term === 7;
    expectWrittenBefore(world, since, says(world, isOfTerm7), "it says that its term is 7");
  }),
);

test(
  "3.1 A server writes the term of a new leader before it answers it",
  simulated(Raft, writing, async (world, peers) => {
    for (const term of [2, 3]) {
      const since = world.trace.length;

      const answer = await peers.ask("S2", heartbeat("S2", term));

      expect(answer).toSay({ term, success: true });
      const isOfTerm = (message: AnyMessage) => message.term === term;
      expectWrittenBefore(world, since, says(world, isOfTerm), `it says that its term is ${term}`);
    }
  }),
);

test(
  "3.1 A candidate writes its term and its vote before it asks for others",
  simulated(Raft, three, async (world, peers) => {
    for (let election = 1; election <= 3; election++) {
      const since = world.trace.length;

      const term = await peers.awaitCampaign();

      const isRequest = (message: AnyMessage) => message.type === "RequestVote" && message.term === term;
      expectWrittenBefore(world, since, says(world, isRequest), `it stands for election in term ${term}`);
    }
  }),
);

test(
  "3.1 A server in its term to which nothing happens writes nothing",
  simulated(Raft, writing, async (world, peers) => {
    await peers.ask("S2", heartbeat("S2", 3));
    const before = world.diskUse("S1").bytes;

    for (let beat = 1; beat <= 40; beat++) {
      await peers.ask("S2", heartbeat("S2", 3));
      await world.runFor(TIMING.heartbeatIntervalMax / 2);
    }

    const written = world.diskUse("S1").bytes - before;
    world.check(written <= 5_000, () => ({
      sentence: `S1 wrote ${written} bytes to its disk while it heard 40 heartbeats of its term.`,
      rule: "The handout, budgets: at most 2 kB in an idle second.",
      next: "Is storeVote() called only where currentTerm or votedFor has changed?",
    }));
  }),
);

// 3.2 The log.

const storing = {
  ...three,
  quiet: true,
  rule: "Figure 2, AppendEntries receiver, steps 3 to 5.",
  next: "Does what you wrote in lab 2 still work?",
};

test(
  "3.2 A follower writes an entry before it acknowledges it",
  simulated(Raft, storing, async (world, peers) => {
    await peers.ask("S2", heartbeat("S2", 1)); // S1 is in term 1 already: the entry is the only news
    const since = world.trace.length;

    const answer = await peers.ask("S2", appendEntries("S2", 1, START, entriesOfTerms([1])));

    expect(answer).toSay({ success: true, matchIndex: 1 });
    const isYes = ({ success }: AnyMessage) => success === true;
    expectWrittenBefore(world, since, says(world, isYes), "it acknowledges entry 1");
  }),
);

test(
  "3.2 A follower writes all that comes, request by request",
  simulated(Raft, storing, async (world, peers) => {
    const entries = entriesOfTerms([1, 1, 1, 2, 2, 2]);
    for (const [from, to] of [
      [0, 1],
      [1, 3],
      [3, 6],
    ]) {
      await peers.ask("S2", heartbeat("S2", 2));
      const since = world.trace.length;

      const request = appendEntries("S2", 2, lastOf(entries.slice(0, from)), entries.slice(from, to));
      const answer = await peers.ask("S2", request);

      expect(answer).toSay({ success: true, matchIndex: to });
      const isYes = ({ success }: AnyMessage) => success === true;
      expectWrittenBefore(world, since, says(world, isYes), `it acknowledges entries up to ${to}`);
    }
  }),
);

test(
  "3.2 A follower writes an entry that takes the place of another",
  simulated(Raft, storing, async (world, peers) => {
    await peers.ask("S2", appendEntries("S2", 1, START, entriesOfTerms([1, 1, 1])));
    await peers.ask("S3", heartbeat("S3", 2));
    const since = world.trace.length;

    const [, , entry] = entriesOfTerms([1, 1, 2]);
    const answer = await peers.ask("S3", appendEntries("S3", 2, { index: 2, term: 1 }, [entry]));

    expect(answer).toSay({ success: true, matchIndex: 3 });
    const isYes = ({ success }: AnyMessage) => success === true;
    expectWrittenBefore(world, since, says(world, isYes), "it acknowledges entry 3 of term 2");
  }),
);

test(
  "3.2 A follower writes an entry before it applies it",
  simulated(Raft, storing, async (world, peers) => {
    await peers.ask("S2", heartbeat("S2", 1));
    const since = world.trace.length;

    await peers.ask("S2", appendEntries("S2", 1, START, entriesOfTerms([1]), 1));

    expectWrittenBefore(world, since, applies(world, 1), "it applies entry 1");
  }),
);

test(
  "3.2 A leader writes its own entry before it counts itself for it",
  simulated(Raft, three, async (world, peers) => {
    await peers.elect();
    for (let round = 1; round <= 3; round++) {
      const since = world.trace.length;

      const proposed = await world.propose("S1", `command ${round}`);
      await world.runFor(TIMING.commitWithin);

      const index = proposed?.index ?? 0;
      expectWrittenBefore(
        world,
        since,
        applies(world, index),
        `it applies entry ${index}, which it proposed`,
      );
    }
  }),
);

test(
  "3.2 A server that is alone writes an entry before it applies it",
  simulated(Raft, { servers: 1, seeds: 5 }, async (world) => {
    await world.awaitLeader();
    const since = world.trace.length;

    const index = await agree(world, "the command");

    expectWrittenBefore(world, since, applies(world, index), `it applies entry ${index}`);
  }),
);

test(
  "3.2 A cluster with a log and nothing to do writes nothing",
  simulated(Raft, { servers: 3, seeds: 3 }, async (world) => {
    for (let round = 1; round <= 20; round++)
      await agree(world, `command ${round}: ${"0123456789".repeat(10)}`);
    await world.runFor(500);
    const before = world.ids.map((id) => world.diskUse(id).bytes);

    await world.runFor(2_000);

    for (const [i, id] of world.ids.entries()) {
      const written = world.diskUse(id).bytes - before[i];
      world.check(written <= 4_000, () => ({
        sentence: `Nobody proposed anything for 2 s, and ${id} wrote ${written} bytes to its disk.`,
        rule: "The handout, budgets: at most 2 kB in an idle second.",
        next: "Is storeLog() called only where the log has changed?",
      }));
    }
  }),
);

// 3.3 Restarts.

const restarting = {
  ...three,
  quiet: true,
  rule: "Figure 2, State: currentTerm, votedFor and log[] are persistent; all else begins anew.",
  next: "What does start() read from the disk, and under which keys was it written?",
};

test(
  "3.3 A server with an empty disk starts as a follower of term 0",
  simulated(Raft, restarting, async (world, peers) => {
    await restart(world, "S1");

    expect(peers.status).toSay({ role: "follower", currentTerm: 0 });
  }),
);

test(
  "3.3 A server that is started again votes for nobody else",
  simulated(Raft, restarting, async (world, peers) => {
    await peers.ask("S2", requestVote("S2", 4));
    await restart(world, "S1");

    const answer = await peers.ask("S3", requestVote("S3", 4));

    expect(answer).toSay({ term: 4, voteGranted: false });
  }),
);

test(
  "3.3 A server that is started again gives its vote again to whom it gave it",
  simulated(Raft, restarting, async (world, peers) => {
    await peers.ask("S2", requestVote("S2", 4));
    await restart(world, "S1");

    const answer = await peers.ask("S2", requestVote("S2", 4));

    expect(answer).toSay({ term: 4, voteGranted: true });
  }),
);

test(
  "3.3 A server that is started again is in its term, with a free vote if it gave none",
  simulated(Raft, restarting, async (world, peers) => {
    await peers.ask("S2", requestVote("S2", 4));
    await peers.ask("S2", heartbeat("S2", 6));
    await restart(world, "S1");

    const older = await peers.ask("S2", heartbeat("S2", 5));
    expect(older).toSay({ term: 6, success: false });
    const answer = await peers.ask("S3", requestVote("S3", 6));
    expect(answer).toSay({ term: 6, voteGranted: true });
  }),
);

test(
  "3.3 A candidate that is started again stands in a newer term",
  simulated(Raft, { ...restarting, quiet: false }, async (world, peers) => {
    const term = await peers.awaitCampaign();
    await restart(world, "S1");

    const answer = await peers.ask("S2", requestVote("S2", term));

    expect(answer).toSay({ term, voteGranted: false });
    await peers.awaitCampaign(); // fails if it is in the same term again
  }),
);

test(
  "3.3 A server that is started again has its log",
  simulated(Raft, restarting, async (world, peers) => {
    const entries = entriesOfTerms([1, 1, 2, 3]);
    await peers.ask("S2", appendEntries("S2", 3, START, entries.slice(0, 2)));
    await peers.ask("S2", appendEntries("S2", 3, { index: 2, term: 1 }, entries.slice(2)));
    await restart(world, "S1");

    const beyond = await peers.ask("S2", appendEntries("S2", 3, { index: 5, term: 3 }, []));
    expect(beyond).toSay({ success: false });
    const answer = await peers.ask("S2", appendEntries("S2", 3, lastOf(entries), []));
    expect(answer).toSay({ success: true, matchIndex: 4 });
  }),
);

test(
  "3.3 A server that is started again votes for no candidate with a shorter log",
  simulated(Raft, restarting, async (world, peers) => {
    await peers.ask("S2", appendEntries("S2", 3, START, entriesOfTerms([1, 1, 3])));
    await restart(world, "S1");

    const shorter = await peers.ask("S3", requestVote("S3", 4, { index: 2, term: 1 }));
    const equal = await peers.ask("S2", requestVote("S2", 5, { index: 3, term: 3 }));

    expect(shorter).toSay({ term: 4, voteGranted: false });
    expect(equal).toSay({ term: 5, voteGranted: true });
  }),
);

test(
  "3.3 Entries that gave way to others do not come back",
  simulated(Raft, restarting, async (world, peers) => {
    await peers.ask("S2", appendEntries("S2", 2, START, entriesOfTerms([1, 2, 2, 2, 2])));
    const [, entry] = entriesOfTerms([1, 3]);
    await peers.ask("S3", appendEntries("S3", 3, { index: 1, term: 1 }, [entry]));
    await restart(world, "S1");

    const isNewThere = await peers.ask("S3", appendEntries("S3", 4, { index: 2, term: 3 }, []));
    const isOldThere = await peers.ask("S2", appendEntries("S2", 5, { index: 5, term: 2 }, []));

    expect(isNewThere).toSay({ success: true });
    expect(isOldThere).toSay({ success: false });
  }),
);

test(
  "3.3 A server that is started again applies everything again, as it becomes known to be committed",
  simulated(Raft, restarting, async (world, peers) => {
    const entries = entriesOfTerms([1, 1, 1, 1]);
    await peers.ask("S2", appendEntries("S2", 1, START, entries, 2));
    await restart(world, "S1");

    await peers.ask("S2", appendEntries("S2", 1, lastOf(entries), [], 3));

    expect(world.applied("S1").map(({ command }) => command)).toEqual(
      entries.slice(0, 3).map(({ command }) => command),
    );
  }),
);

test(
  "3.3 A leader that is started again leads again, with its entries",
  simulated(Raft, { ...five, rule: restarting.rule, next: restarting.next }, async (world, peers) => {
    peers.silent.add("S5");
    await peers.elect();
    await world.propose("S1", { word: "old" });
    await world.runFor(TIMING.heartbeatIntervalMax);
    await restart(world, "S1");
    peers.silent.clear();

    await peers.elect();
    await world.propose("S1", "new");
    await world.runFor(TIMING.commitWithin);

    const commands = peers.log("S5").entries.map(({ command }) => command);
    expect(commands.filter((command) => command !== null)).toEqual([{ word: "old" }, "new"]);
  }),
);

// 3.4 Crashes in the middle of the work, and whole clusters.

test(
  "3.4 A voter that stops right after its answer remembers its vote",
  simulated(Raft, restarting, async (world, peers) => {
    for (const term of [1, 2, 3]) {
      stopAfterSending(world, "S1", ({ type }) => type === "RequestVoteReply");
      await peers.ask("S2", requestVote("S2", term));
      await restart(world, "S1");

      const answer = await peers.ask("S3", requestVote("S3", term));

      expect(answer).toSay({ term, voteGranted: false });
    }
  }),
);

test(
  "3.4 A candidate that stops right after its first request remembers its vote for itself",
  simulated(Raft, { ...restarting, quiet: false }, async (world, peers) => {
    stopAfterSending(world, "S1", ({ type }) => type === "RequestVote");
    const request = () => peers.all("RequestVote").at(0);
    await world.runWhile(() => request() === undefined, 2 * TIMING.electionTimeoutMax + ANSWERED);
    await restart(world, "S1");

    const term = request()?.message.term ?? 0;
    const answer = await peers.ask("S3", requestVote("S3", term));

    expect(answer).toSay({ term, voteGranted: false });
  }),
);

test(
  "3.4 A follower that stops at any moment keeps what it has acknowledged",
  simulated(Raft, restarting, async (world, peers) => {
    const terms: Term[] = [];
    for (let effects = 0; effects <= 6; effects++) {
      const term = 10 * effects + 1;
      const before = lastOf(entriesOfTerms(terms));
      await peers.ask("S2", appendEntries("S2", term, START, entriesOfTerms(terms)));
      terms.push(term, term);
      const already = peers.heard.length;
      world.faults.stopAfter("S1", effects);
      peers.tell("S2", appendEntries("S2", term, before, entriesOfTerms(terms).slice(-2)));
      await world.runFor(ANSWERED);
      const isAcknowledged = peers.heard.slice(already).some(({ message }) => message.success === true);
      await restart(world, "S1");

      const kept = isAcknowledged ? terms : terms.slice(0, -2);
      const answer = await peers.ask("S3", appendEntries("S3", term + 1, lastOf(entriesOfTerms(kept)), []));

      expect(answer).toSay({ term: term + 1, success: true });
    }
  }),
);

test(
  "3.4 All servers stop, start again, and have everything",
  simulated(Raft, { servers: [3, 5], seeds: 6 }, async (world) => {
    await agree(world, "before");
    await restart(world, ...world.ids);

    await agree(world, "after");

    for (const id of world.ids) {
      const commands = world.applied(id).map(({ command }) => command);
      expect(commands.filter((command) => command !== null)).toEqual(["before", "after"]);
    }
  }),
);

test(
  "3.4 A leader stops, starts again, and takes part",
  simulated(Raft, { servers: 3 }, async (world) => {
    for (let round = 1; round <= 3; round++) {
      const leader = await world.awaitLeader();
      world.faults.stop(leader);
      await agree(world, `without ${leader}`);
      await restart(world, leader);
      await agree(world, `with ${leader}`);
    }
  }),
);

test(
  "3.4 A leader stops while a follower comes back that missed an entry",
  simulated(Raft, { servers: 3 }, async (world) => {
    const leader = await world.awaitLeader();
    const [missing] = world.ids.filter((id) => id !== leader);
    world.faults.stop(missing);
    await agree(world, `without ${missing}`);
    world.faults.stop(leader);
    await restart(world, missing);
    await agree(world, `without ${leader}`);
    await restart(world, leader);
    await agree(world, "all again");
  }),
);

test(
  "3.4 Leaders stop at the worst moments: Figure 8",
  simulated(Raft, { servers: 5, seeds: 8 }, async (world) => {
    const { draws, faults } = world;
    for (let iteration = 1; iteration <= 8; iteration++) {
      await world.runWhile(() => world.leaders().length === 0, TIMING.electionTimeoutMax);
      for (const leader of world.leaders()) world.submit(leader, `command ${iteration}`);
      await world.runFor(draws.int(0, 13));
      faults.stop(...world.leaders());
      const stopped = world.ids.filter((id) => world.isStopped(id));
      if (stopped.length > 2) await restart(world, draws.pick(stopped));
    }
    faults.restart(...world.ids.filter((id) => world.isStopped(id)));
    await world.runFor(TIMING.electionTimeoutMax);
    await agree(world, "the last command");
  }),
);

test(
  "3.4 Any mix of faults: nothing that was committed is lost",
  simulated(Raft, { servers: [3, 5], seeds: 10 }, async (world) => {
    const duration = 4_000;
    for (let at = 250; at < duration; at += 250)
      world.after(at, () => {
        for (const leader of world.leaders()) world.submit(leader, `command at ${at} ms`);
      });
    await playSwarm(world, planSwarm(world.seed, world.ids, duration, FAULTS_WITH_DISK), duration);
    await world.runFor(TIMING.electionTimeoutMax);
    await agree(world, "the last command");
  }),
);
