import { refuse, requestVote } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { mustVote } from "../candidates";
import { depose, mustStandWith, propose } from "../leading";
import { RULE } from "../rules";

describe("The election restriction", () => {
  it(
    "2.2b A later last term beats a longer log, and a refusal leaves the vote free",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a"] },
    async (world, peers) => {
      peers.answersHeartbeats = false;
      peers.tell("S2", refuse(4));
      await peers.elect();
      await propose(world, "S1", "a");
      await propose(world, "S1", "b");
      const own = await propose(world, "S1", "c");
      const newer = await depose(world, peers, "S3");

      await mustVote(world, peers, own, { index: own.index + 5, term: 3 }, false);
      await mustVote(world, peers, own, { index: 1, term: newer }, true);
      await mustVote(world, peers, own, { index: own.index + 5, term: 3 }, false);
      const { currentTerm } = peers.status;
      const reply = await peers.ask("S2", requestVote("S2", currentTerm, own));
      world.check(reply.voteGranted === true, () => ({
        sentence: `S1 refused S3 its vote of term ${currentTerm}, whose log was not up to date, and then refuses S2 as well, whose log is just like S1's.`,
        rule: "Figure 2, RequestVote receiver, step 2: if votedFor is null or candidateId, and the log is up-to-date, grant vote.",
        next: "When is votedFor set: before or after the logs are compared?",
      }));
    },
  );

  it(
    "2.2c A candidate names its own last entry, not its term",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a"] },
    async (world, peers) => {
      peers.answersHeartbeats = false;
      for (const time of ["once", "twice"]) {
        await peers.elect();
        await propose(world, "S1", "a");
        const last = await propose(world, "S1", "b");
        await depose(world, peers, "S3");
        await mustStandWith(
          world,
          peers,
          last,
          `After it led ${time} and took two commands`,
          "Figure 2, RequestVote: lastLogTerm is the term of the candidate's last log entry.",
        );
      }
    },
  );

  it(
    "2.2d Votes and new terms take nothing from a log",
    { points: 1, seeds: 10, servers: 5, scripted: true, needs: ["2.1a", "2.2a"] },
    async (world, peers) => {
      peers.answersHeartbeats = false;
      await peers.elect();
      await propose(world, "S1", "a");
      const last = await propose(world, "S1", "b");

      const term = await depose(world, peers, "S3");
      await peers.ask("S2", requestVote("S2", term, last));
      const after = `After it led, heard of term ${term} and voted`;
      const stood = await mustStandWith(world, peers, last, after, RULE.conflict);
      await peers.ask("S2", requestVote("S2", stood + 1, last));
      await mustStandWith(world, peers, last, "After another vote", RULE.conflict);
    },
  );
});
