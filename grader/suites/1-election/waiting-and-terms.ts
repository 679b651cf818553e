import { grant, heartbeat, heartbeatReply, KIND, refuse, requestVote, TIMING } from "../../../labs/kit";
import { describe, it } from "../../labgrader";

const ADOPT =
  "Figure 2, All Servers: if a request or response contains a term greater than currentTerm, adopt it and become a follower.";

describe("Waiting for a leader", () => {
  it(
    "1.1a A server starts as a follower of term 0 and sets a timer",
    { points: 2, seeds: 10, servers: 5, scripted: true },
    async (world, peers) => {
      await world.runFor(TIMING.electionTimeoutMin - 10);

      const { role, currentTerm } = peers.status;
      world.check(role === "follower" && currentTerm === 0, () => ({
        sentence: `S1 heard nothing for ${world.now} ms after its start and is a ${role} of term ${currentTerm}; expected a follower of term 0.`,
        rule: `The handout, timing: a server waits at least ${TIMING.electionTimeoutMin} ms before it stands for election.`,
        next: "What are the first values of role and currentTerm, and how is the first timeout drawn?",
      }));
      world.check(world.trace.kind.subarray(0, world.trace.length).includes(KIND.setTimer), () => ({
        sentence: "S1 has started and set no timer: if nobody ever calls, it waits for ever.",
        rule: "§5.2: a follower that receives no communication over an election timeout begins an election.",
        next: "Does start() set the election timer?",
      }));
    },
  );

  it("1.1b Servers that start together do not all time out together", {
    points: 1,
    seeds: 10,
    servers: 5,
  }, async (world) => {
    world.faults.isolate(...world.ids);
    await world.runFor(TIMING.electionTimeoutMax + TIMING.answerWithin);

    const { trace } = world;
    const firstSends = world.ids.map((_, node) => {
      for (let i = 0; i < trace.length; i++)
        if (trace.kind[i] === KIND.send && trace.node[i] === node) return trace.timeOf(i);
      return Number.NaN;
    });
    world.check(new Set(firstSends).size > 1, () => ({
      sentence: `All five servers act for the first time at ${firstSends[0]} ms: each would vote for itself, again and again.`,
      rule: "§5.2: election timeouts are chosen randomly from a fixed interval, so that split votes are rare.",
      next: "Is the timeout drawn with env.random()?",
    }));
  });
});

describe("Terms", () => {
  it(
    "1.2a A server adopts a higher term from any message",
    { points: 2, seeds: 10, servers: 5, scripted: true },
    async (world, peers) => {
      const messages = [requestVote("S2", 3), refuse(5), heartbeatReply(7, false), heartbeat("S3", 9)];
      for (const message of messages) {
        peers.tell("S2", message.type === "AppendEntries" ? heartbeat("S2", message.term) : message);
        await world.runFor(TIMING.answerWithin);

        const { role, currentTerm } = peers.status;
        world.check(currentTerm === message.term && role === "follower", () => ({
          sentence: `After a ${message.type} of term ${message.term}, S1 is a ${role} of term ${currentTerm}; expected a follower of term ${message.term}.`,
          rule: ADOPT,
          next: `Is the term of a ${message.type} looked at before anything else?`,
        }));
      }
    },
  );

  it(
    "1.2b A reply carries the term that the request brought",
    { points: 2, seeds: 10, servers: 5, scripted: true },
    async (world, peers) => {
      for (const [candidate, term] of [
        ["S2", 4],
        ["S4", 9],
      ] as const) {
        const reply = await peers.ask(candidate, requestVote(candidate, term));
        world.check(reply.term === term, () => ({
          sentence: `S1 answers a RequestVote of term ${term} with term ${reply.term}.`,
          rule: "Figure 2, RequestVote results: term is currentTerm, for the candidate to update itself; the new term is adopted first.",
          next: "Is the reply put together before or after the newer term is adopted?",
        }));
      }
      const reply = await peers.ask("S3", heartbeat("S3", 12));
      world.check(reply.term === 12 && reply.success === true, () => ({
        sentence: `S1 answers an AppendEntries of term 12 with term ${reply.term}, success ${reply.success}; expected term 12, success true.`,
        rule: "Figure 2, AppendEntries results: term is currentTerm, for the leader to update itself.",
        next: "Is the reply put together before or after the newer term is adopted?",
      }));
    },
  );

  it(
    "1.2c Messages of older terms change nothing",
    { points: 2, seeds: 10, servers: 5, scripted: true },
    async (world, peers) => {
      await peers.ask("S2", requestVote("S2", 8));
      for (const message of [
        requestVote("S3", 5),
        refuse(6),
        grant(6),
        heartbeat("S3", 7),
        heartbeatReply(7, true),
      ]) {
        peers.tell("S3", message);
        await world.runFor(TIMING.answerWithin);

        const { role, currentTerm, leader } = peers.status;
        world.check(role === "follower" && currentTerm === 8 && leader !== "S3", () => ({
          sentence: `S1, a follower of term 8, gets a ${message.type} of term ${message.term} and is a ${role} of term ${currentTerm}${leader === undefined ? "" : ` that follows ${leader}`}.`,
          rule: "§5.1: if a server receives a request with a stale term number, it rejects the request.",
          next: `What does S1 compare before it acts on a ${message.type}?`,
        }));
      }
    },
  );
});
