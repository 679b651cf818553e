import { describe, it } from "../../../labgrader";
import { fill, ScriptedLeader } from "../scripted-leader";

describe("Storing entries", () => {
  it(
    "2.3a A follower stores what its leader sends, and says how far the logs match",
    { points: 3, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a"] },
    async (world, peers) => {
      const leader = new ScriptedLeader(world, peers, "S2", 2, [1, 1, 2, 2]);

      await leader.mustSend(0, 2);
      await leader.mustSend(2, 3);
      await leader.mustSend(3, 3);
      await leader.mustSend(3, 4);

      await leader.mustHold(1, 4, "After all four entries were sent");
    },
  );

  it(
    "2.3b A follower refuses entries for which it lacks the entry before",
    { points: 3, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a"] },
    async (world, peers) => {
      await fill(world, peers, "S2", [1, 1]);
      const leader = new ScriptedLeader(world, peers, "S3", 4, [1, 2, 2, 4]);

      await leader.mustBeRefused(3, 4, "has only two entries");
      await leader.mustBeRefused(2, 4, "has an entry 2 of term 1");
      await leader.mustBeRefused(3, 3, "has refused all entries so far");
      await leader.mustHold(1, 1, "After refusals, which change nothing");
      await leader.mustSend(1, 4);
    },
  );

  it(
    "2.3c A follower replaces entries that conflict with the leader's",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a"] },
    async (world, peers) => {
      await fill(world, peers, "S2", [1, 1, 1, 1]);
      const leader = new ScriptedLeader(world, peers, "S3", 3, [1, 1, 3, 3]);

      await leader.mustSend(2, 3);
      await leader.mustHold(1, 3, "After entry 3 of term 3 was sent in the place of entry 3 of term 1");
      await leader.mustSend(3, 4);
      await leader.mustHold(1, 4, "After the whole log was sent");
    },
  );
});
