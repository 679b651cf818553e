import { describe, it } from "../../../labgrader";
import { depose, propose } from "../leading";
import { RULE } from "../rules";

describe("Proposing", () => {
  it(
    "2.1b Candidates and deposed leaders take no command; a new leader goes on where its log ends",
    { points: 1, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a"] },
    async (world, peers) => {
      const mustRefuse = async () => {
        const { role, currentTerm } = peers.status;
        const taken = await world.propose("S1", "to nobody");
        world.check(taken === null, () => ({
          sentence: `S1 is a ${role} of term ${currentTerm} and took a command as entry ${taken?.index} of term ${taken?.term}.`,
          rule: "The handout: propose returns null at a server that does not lead.",
          next: "What does propose look at before it appends?",
        }));
      };
      peers.answersHeartbeats = false;
      await peers.awaitCampaign();
      await mustRefuse();
      await peers.elect();
      await propose(world, "S1", "a");
      const last = await propose(world, "S1", "b");
      await depose(world, peers, "S3");
      await mustRefuse();

      await peers.elect();
      const { index } = await propose(world, "S1", "c");
      world.check(index === last.index + 1 || index === last.index + 2, () => ({
        sentence: `S1's log ended with entry ${last.index} when it lost its office; it leads again and takes a command as entry ${index}. Expected ${last.index + 1}, or ${last.index + 2} after a no-op.`,
        rule: RULE.appendOnly,
        next: "What does S1 do with its log when it steps down, and when it is elected?",
      }));
    },
  );
});
