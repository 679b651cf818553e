import { heartbeat, requestVote, restart } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { adopt, answerWords, ONE_VOTE, PERSIST } from "../rules";

describe("Restarts", () => {
  it(
    "3.3d A candidate that is started again keeps its term and its vote for itself",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true },
    async (world, peers) => {
      for (let round = 0; round < 3; round++) {
        const term = await peers.awaitCampaign();
        await restart(world, "S1");

        const reply = await peers.ask("S2", requestVote("S2", term));
        world.check(reply.voteGranted === false && reply.term === term, () => ({
          sentence: `S1 stood for election in term ${term} and was started again; S2 asks for its vote of term ${term}, and S1 answers ${answerWords(reply)}.`,
          rule: ONE_VOTE,
          next: "To stand for election is to vote for oneself: when does that vote reach the disk?",
        }));
      }
      await peers.awaitCampaign(); // in a newer term than before
    },
  );

  it(
    "3.3e A vote that a new term has freed is free after a restart, too",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true, quiet: true },
    async (world, peers) => {
      for (const term of [2, 5]) {
        await peers.ask("S2", requestVote("S2", term));
        await adopt(world, peers, term + 1);
        await peers.ask("S2", requestVote("S2", term)); // the answer says that S1 is in the new term
        await restart(world, "S1");

        const reply = await peers.ask("S3", requestVote("S3", term + 1));
        world.check(reply.voteGranted === true, () => ({
          sentence: `S1 voted for S2 in term ${term}, came to term ${term + 1}, in which it voted for nobody, and was started again; S3 asks for its vote of term ${term + 1}, and S1 answers ${answerWords(reply)}.`,
          rule: "Figure 2, State: votedFor is the candidate that received the vote in the current term, or null if none.",
          next: "What happens to the votedFor on the disk when currentTerm changes there?",
        }));
      }
    },
  );

  it(
    "3.3i A server that is started again is in no older term than it has said",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true, quiet: true },
    async (world, peers) => {
      for (const term of [5, 9]) {
        await adopt(world, peers, term);
        await peers.ask("S3", requestVote("S3", term - 2)); // the answer says so
        await restart(world, "S1");

        const vote = await peers.ask("S2", requestVote("S2", term - 1));
        world.check(vote.voteGranted === false && vote.term === term, () => ({
          sentence: `S1 said that it is in term ${term}, was started again, is asked for its vote of term ${term - 1}, and answers ${answerWords(vote)}.`,
          rule: PERSIST,
          next: "Is a term that was only heard of on the disk, too?",
        }));
        await restart(world, "S1");
        const reply = await peers.ask("S2", heartbeat("S2", term - 1));
        world.check(reply.success === false && reply.term === term, () => ({
          sentence: `S1 said that it is in term ${term}, was started again, hears from the leader of term ${term - 1}, and answers ${answerWords(reply)}.`,
          rule: PERSIST,
          next: "Is a term that was only heard of on the disk, too?",
        }));
      }
    },
  );
});
