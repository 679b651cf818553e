import { heartbeatReply, KIND, TIMING, turnOf } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { ADOPT } from "../rules";

describe("Waiting for a leader", () => {
  it(
    "1.1a A server starts as a follower of term 0 and sets a timer",
    { points: 2, seeds: 10, servers: 5, scripted: true, quiet: true },
    async (world, peers) => {
      await world.runFor(TIMING.electionTimeoutMin - 10);

      const { role, currentTerm } = peers.status;
      world.check(role === "follower" && currentTerm === 0, () => ({
        sentence: `S1 heard nothing for ${world.now} ms after its start and is a ${role} of term ${currentTerm}; expected a follower of term 0.`,
        rule: `The handout, timing: a server waits at least ${TIMING.electionTimeoutMin} ms before it stands for election.`,
        next: "What are the first values of role and currentTerm, and how is the first timeout drawn?",
        wrong: turnOf(world, "S1", 0, (said) => said.role !== "follower" || said.currentTerm !== 0),
      }));
      world.check(world.trace.has(KIND.setTimer), () => ({
        sentence: "S1 has started and set no timer: if nobody ever calls, it waits for ever.",
        rule: "§5.2: a follower that receives no communication over an election timeout begins an election.",
        next: "Does start() set the election timer?",
      }));
    },
  );
});

describe("Terms", () => {
  it(
    "1.2a A server adopts a higher term",
    { points: 2, seeds: 10, servers: 5, scripted: true, quiet: true },
    async (world, peers) => {
      for (const term of [3, 4, 9]) {
        peers.tell("S2", heartbeatReply(term, false));
        await world.runFor(TIMING.answerWithin);

        const { role, currentTerm } = peers.status;
        world.check(currentTerm === term && role === "follower", () => ({
          sentence: `After an AppendEntriesReply of term ${term}, S1 is a ${role} of term ${currentTerm}; expected a follower of term ${term}.`,
          rule: ADOPT,
          next: "Is the term of each message looked at before anything else?",
        }));
      }
    },
  );

  it(
    "1.2b A message of an older term does not lower the term",
    { points: 2, seeds: 10, servers: 5, scripted: true, quiet: true },
    async (world, peers) => {
      peers.tell("S2", heartbeatReply(8, false));
      for (const term of [7, 1, 8]) {
        peers.tell("S3", heartbeatReply(term, true));
        await world.runFor(TIMING.answerWithin);

        const { role, currentTerm } = peers.status;
        world.check(currentTerm === 8 && role === "follower", () => ({
          sentence: `S1, a follower of term 8, gets an AppendEntriesReply of term ${term} and is a ${role} of term ${currentTerm}.`,
          rule: "§5.1: currentTerm increases monotonically; stale messages are rejected.",
          next: "How is the term of a message compared with currentTerm?",
        }));
      }
    },
  );
});
