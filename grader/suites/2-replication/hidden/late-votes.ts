import { grant, TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";

/** From one election to the next, with a pre-vote in between. */
const NEXT_ELECTION_MAX = 2 * TIMING.electionTimeoutMax + 5 * TIMING.answerWithin;

describe("All together", () => {
  it(
    "2.8p A vote that comes late, while a server asks whether it could win, makes no false leader",
    {
      points: 1,
      servers: 3,
      scripted: true,
      needs: ["2.1a"],
    },
    async (world, peers) => {
      const term = await peers.awaitCampaign();
      peers.answersPreVotes = false;
      const asksAgain = () =>
        peers.heard.some(
          ({ message }) =>
            (message.type === "PreVote" || message.type === "RequestVote") && (message.term ?? 0) > term,
        );
      await world.runWhile(() => !asksAgain(), NEXT_ELECTION_MAX);

      peers.tell("S2", grant(term));
      await world.runFor(TIMING.answerWithin);
      for (const id of peers.ids) peers.tell(id, { type: "PreVoteReply", term: term + 1, voteGranted: true });
      await world.runFor(5 * TIMING.heartbeatIntervalMax);

      const { role, currentTerm } = peers.status;
      world.check(role !== "leader" || currentTerm === term, () => ({
        sentence: `S1 has one vote of term ${term}, and leads term ${currentTerm}.`,
        rule: "§5.2: a candidate wins an election if it receives votes from a majority of the servers for the same term.",
        next: "Which votes does S1 count, and what becomes of a poll when it wins the election before?",
      }));
    },
  );
});
