import { grant, refuse, TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";

describe("Winning", () => {
  it(
    "1.6a A majority makes a leader",
    { points: 2, seeds: 24, servers: [2, 3, 4, 5, 6, 7], scripted: true },
    async (_world, peers) => {
      await peers.elect();
    },
  );

  it(
    "1.6b One vote less than a majority does not",
    { points: 2, seeds: 24, servers: [2, 3, 4, 5, 6, 7], scripted: true },
    async (world, peers) => {
      const term = await peers.awaitCampaign();
      const needed = Math.floor(world.ids.length / 2);
      for (const voter of peers.ids.slice(0, needed - 1)) peers.tell(voter, grant(term));
      for (const other of peers.ids.slice(needed - 1)) peers.tell(other, refuse(term));
      await world.runFor(2 * TIMING.answerWithin);

      world.check(peers.status.role !== "leader", () => ({
        sentence: `S1 leads term ${term} with ${needed} of ${world.ids.length} votes; a majority is ${needed + 1}.`,
        rule: "§5.2: a candidate wins an election if it receives votes from a majority of the servers in the full cluster.",
        next: `What does S1 compare its ${needed} votes with?`,
      }));
    },
  );
});
