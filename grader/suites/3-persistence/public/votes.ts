import { requestVote } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { adopt, answerWords, mustWriteBeforeSending } from "../rules";

describe("Votes and terms on the disk", () => {
  it(
    "3.1a A vote is on the disk before its answer is sent",
    { points: 3, seeds: 10, servers: [3, 5], scripted: true, quiet: true },
    async (world, peers) => {
      for (const term of [1, 2, 6]) {
        await adopt(world, peers, term);
        const since = world.trace.length;

        const reply = await peers.ask("S2", requestVote("S2", term));

        world.check(reply.voteGranted === true, () => ({
          sentence: `S1's vote of term ${term} was free, S2 asked for it, and S1 answered ${answerWords(reply)}.`,
          rule: "Figure 2, RequestVote receiver, step 2: if votedFor is null or candidateId, grant vote.",
          next: "What is votedFor at the start of a new term?",
        }));
        mustWriteBeforeSending(
          world,
          since,
          ({ type, voteGranted }) => type === "RequestVoteReply" && voteGranted === true,
          `S2 has my vote of term ${term}`,
        );
      }
    },
  );

  it(
    "3.1b A candidate's term and its vote for itself are on the disk before it asks for votes",
    { points: 3, seeds: 10, servers: [2, 3, 5], scripted: true },
    async (world, peers) => {
      for (let round = 0; round < 3; round++) {
        const since = world.trace.length;

        const term = await peers.awaitCampaign();

        mustWriteBeforeSending(
          world,
          since,
          (message) => message.type === "RequestVote" && message.term === term,
          `I stand for election in term ${term}`,
        );
      }
    },
  );

  it(
    "3.1c A newer term is on the disk before a server speaks in it",
    { points: 2, seeds: 10, servers: 3, scripted: true, quiet: true },
    async (world, peers) => {
      for (const term of [3, 4, 9]) {
        const since = world.trace.length;
        await adopt(world, peers, term);

        const reply = await peers.ask("S2", requestVote("S2", 1));

        world.check(reply.voteGranted === false && reply.term === term, () => ({
          sentence: `S1 has heard of term ${term}; S2 asks for its vote of term 1, and S1 answers ${answerWords(reply)}.`,
          rule: "Figure 2, RequestVote receiver, step 1: reply false if term < currentTerm.",
          next: "Is the term of each message looked at before anything else?",
        }));
        mustWriteBeforeSending(world, since, (message) => message.term === term, `my term is ${term}`);
      }
    },
  );
});
