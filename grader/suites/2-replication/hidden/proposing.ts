import { appendEntries } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { propose } from "../leading";
import { RULE } from "../rules";
import { fill } from "../scripted-leader";

describe("Proposing", () => {
  it(
    "2.1b Followers, candidates and deposed leaders take no command; a new leader goes on where its log ends",
    { points: 1, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.3a"] },
    async (world, peers) => {
      const mustRefuse = async () => {
        const { role } = peers.status;
        const taken = await world.propose("S1", "to nobody");
        world.check(taken === null, () => ({
          sentence: `S1 is a ${role} of term ${peers.status.currentTerm} and took a command as entry ${taken?.index} of term ${taken?.term}.`,
          rule: "The handout: propose returns null at a server that does not lead.",
          next: "What does propose look at before it appends?",
        }));
      };
      const { term } = await fill(world, peers, "S2", [1, 1, 2]);
      await mustRefuse();
      await peers.awaitCampaign();
      await mustRefuse();

      const led = await peers.elect();
      const { index } = await propose(world, "S1", "a");
      world.check(index === 4 || index === 5, () => ({
        sentence: `S1 has three entries of the terms 1, 1 and ${term}, becomes the leader and takes a command as entry ${index}; expected 4, or 5 after a no-op.`,
        rule: RULE.appendOnly,
        next: `What does S1 do with its log when it is elected?`,
      }));
      await peers.ask("S3", appendEntries("S3", led + 1, { index: 3, term }, []));
      await mustRefuse();
    },
  );
});
