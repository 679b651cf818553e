import { agree, Proposer, planSwarm, playSwarm } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { WORKING } from "../rules";

describe("Bad luck", () => {
  it("2.8k Late, doubled and overtaking messages put nothing out of order", {
    points: 1,
    seeds: 30,
    servers: [3, 5],
    network: "stormy",
    needs: WORKING,
  }, async (world) => {
    const proposer = new Proposer(world, [1, 30]);
    await world.runFor(3_000);
    proposer.stop();
    world.faults.network("lan");
    await agree(world, "end");
  });

  it("2.8l Any mix of faults: never two histories, and a new command is applied soon after the last fault", {
    points: 1,
    seeds: 120,
    servers: [3, 4, 5],
    needs: WORKING,
  }, async (world) => {
    const duration = 6_000;
    const proposer = new Proposer(world, [5, 150]);
    await playSwarm(world, planSwarm(world.seed, world.ids, duration), duration);
    proposer.stop();
    await agree(world, "end");
  });
});
