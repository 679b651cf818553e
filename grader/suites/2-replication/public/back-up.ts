import { describe, it } from "../../../labgrader";
import { refusalsMax } from "../rules";
import { fill, ScriptedLeader } from "../scripted-leader";

describe("Fast back-up", () => {
  it(
    "2.7a A refusal tells the leader how far to go back, not one entry at a time",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.3b"] },
    async (world, peers) => {
      await fill(world, peers, "S2", [1, 1]);
      const longer = new ScriptedLeader(world, peers, "S3", 2, [1, 1, ...Array(40).fill(2)]);
      await longer.repair(refusalsMax(0));
      await longer.mustHold(1, 42, "After S3 has sent what S1 lacked");

      const other = new ScriptedLeader(world, peers, "S2", 4, [1, 1, ...Array(50).fill(3), 4]);
      await other.repair(refusalsMax(1));
      await other.mustHold(1, 53, "After S2 has replaced all that was in conflict");
    },
  );
});
