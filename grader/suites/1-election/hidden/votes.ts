import { heartbeat, requestVote, TIMING, turnOf } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { GRANT } from "../rules";

const STALE = "Figure 2, RequestVote receiver, step 1: reply false if term < currentTerm.";

describe("Votes", () => {
  it(
    "1.3c A server repeats its vote to a candidate that asks again",
    { points: 2, seeds: 10, servers: 3, scripted: true, quiet: true },
    async (world, peers) => {
      for (const term of [1, 4]) {
        for (const time of ["first", "second", "third"]) {
          const reply = await peers.ask("S3", requestVote("S3", term));
          world.check(reply.voteGranted === true, () => ({
            sentence: `S3 asks for S1's vote of term ${term} for the ${time} time (the answer may have been lost) and is refused.`,
            rule: GRANT,
            next: "What if votedFor is the very candidate that asks?",
          }));
        }
      }
    },
  );

  it(
    "1.3d A server refuses candidates of older terms",
    { points: 2, seeds: 10, servers: 5, scripted: true, quiet: true },
    async (world, peers) => {
      await peers.ask("S2", requestVote("S2", 5));
      for (const [candidate, term] of [
        ["S3", 4],
        ["S2", 4],
        ["S4", 1],
        ["S2", 3],
      ] as const) {
        const reply = await peers.ask(candidate, requestVote(candidate, term));
        world.check(reply.voteGranted === false && reply.term === 5, () => ({
          sentence: `S1 is in term 5 and answers a RequestVote of term ${term} with term ${reply.term}, ${reply.voteGranted ? "granted" : "refused"}; expected term 5, refused.`,
          rule: STALE,
          next: "Is the request's term compared with currentTerm before votedFor is looked at?",
        }));
      }
    },
  );

  it(
    "1.3e A vote's answer carries the term that the request brought",
    { points: 2, seeds: 10, servers: 5, scripted: true, quiet: true },
    async (world, peers) => {
      for (const [candidate, term] of [
        ["S2", 4],
        ["S4", 9],
      ] as const) {
        const reply = await peers.ask(candidate, requestVote(candidate, term));
        world.check(reply.term === term, () => ({
          sentence: `S1 answers a RequestVote of term ${term} with term ${reply.term}.`,
          rule: "Figure 2, RequestVote results: term is currentTerm, for the candidate to update itself; the newer term is adopted first.",
          next: "Is the reply put together before or after the newer term is adopted?",
        }));
      }
    },
  );
});

describe("Following", () => {
  it(
    "1.4b A server refuses the heartbeats of a deposed leader",
    { points: 2, seeds: 10, servers: 5, scripted: true, quiet: true },
    async (world, peers) => {
      await peers.ask("S2", heartbeat("S2", 6));
      for (const term of [5, 1]) {
        const reply = await peers.ask("S3", heartbeat("S3", term));
        world.check(reply.success === false && reply.term === 6, () => ({
          sentence: `S1 is in term 6 and answers a heartbeat of term ${term} with term ${reply.term}, ${reply.success ? "ok" : "refused"}; expected term 6, refused.`,
          rule: "Figure 2, AppendEntries receiver, step 1: reply false if term < currentTerm.",
          next: "Is the term compared before success is decided?",
        }));
      }
    },
  );

  it(
    "1.4d Granting a vote restarts the election timer",
    { points: 2, servers: 3, scripted: true, quiet: true },
    async (world, peers) => {
      for (let term = 1; term <= 20; term++) {
        await peers.ask("S2", requestVote("S2", term));
        const since = world.trace.length;
        await world.runFor(TIMING.electionTimeoutMin - 3 * TIMING.answerWithin);

        const { role, currentTerm } = peers.status;
        world.check(role === "follower" && currentTerm === term, () => ({
          sentence: `S1 voted in term ${term} and stood for election itself less than ${TIMING.electionTimeoutMin} ms later: it is a ${role} of term ${currentTerm}.`,
          rule: "Figure 2, Followers: … without receiving AppendEntries from the current leader or granting vote to candidate: convert to candidate.",
          next: "Is the election timer restarted where the vote is granted?",
          wrong: turnOf(world, "S1", since, (said) => said.role !== "follower" || said.currentTerm !== term),
        }));
      }
    },
  );

  it(
    "1.4e A heartbeat does not free a vote",
    { points: 2, seeds: 10, servers: 5, scripted: true, quiet: true },
    async (world, peers) => {
      const term = world.draws.int(1, 9);

      await peers.ask("S2", requestVote("S2", term));
      await peers.ask("S2", heartbeat("S2", term));
      const reply = await peers.ask("S3", requestVote("S3", term));
      world.check(reply.voteGranted === false, () => ({
        sentence: `S1 voted for S2 in term ${term}, heard from S2 as the leader of term ${term}, and then voted for S3 in term ${term} as well.`,
        rule: "§5.2: each server will vote for at most one candidate in a given term.",
        next: "What else but a new term may change votedFor?",
      }));
    },
  );

  it(
    "1.4f A heartbeat's answer carries the term that the heartbeat brought",
    { points: 1, seeds: 10, servers: 5, scripted: true, quiet: true },
    async (world, peers) => {
      for (const [leader, term] of [
        ["S3", 5],
        ["S2", 12],
      ] as const) {
        const reply = await peers.ask(leader, heartbeat(leader, term));
        world.check(reply.term === term && reply.success === true, () => ({
          sentence: `S1 answers a heartbeat of term ${term} with term ${reply.term}, ${reply.success ? "ok" : "refused"}; expected term ${term}, ok.`,
          rule: "Figure 2, AppendEntries results: term is currentTerm, for the leader to update itself.",
          next: "Is the reply put together before or after the newer term is adopted?",
        }));
      }
    },
  );
});
