import { describe, it } from "../../../labgrader";
import { refusalsMax } from "../rules";
import { fill, mustApplyLogOf, ScriptedLeader } from "../scripted-leader";

describe("Fast back-up", () => {
  it(
    "2.7a A refusal tells the leader how far to go back: not one entry at a time, and not too far",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a", "2.3b", "2.6b"] },
    async (world, peers) => {
      const known = [1, 1, 1, 2, 2];
      const first = await fill(world, peers, "S2", known, 5);
      await mustApplyLogOf(world, first, 5, "S1's leader has committed five entries");
      const longer = new ScriptedLeader(world, peers, "S3", 3, [...known, ...Array(40).fill(3)]);
      await longer.repair(refusalsMax(0), 3); // 3, and not 5, for who gives up the last term of a log that is too short
      await longer.mustHold(1, 45, "After S3 has sent what S1 lacked");

      const other = new ScriptedLeader(world, peers, "S2", 5, [...known, ...Array(50).fill(4), 5]);
      await other.repair(refusalsMax(1), 5);
      await other.mustHold(1, 56, "After S2 has replaced all that was in conflict");
    },
  );
});
