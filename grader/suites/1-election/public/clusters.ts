import { TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { LEADING } from "../rules";
import { mustAgree, mustSettle, mustStayStable } from "../stability";

describe("Clusters in a good network", () => {
  it("1.8a Three servers elect a leader, agree on its term, and keep it", {
    points: 2,
    needs: LEADING,
    servers: 3,
  }, async (world) => {
    await world.awaitLeader();
    await world.runFor(500);
    mustAgree(world);
    await mustStayStable(world);
  });
});

describe("Clusters in trouble", () => {
  it("1.8d A leader that is cut off is replaced, and joins its successor when it is back", {
    points: 2,
    needs: LEADING,
    servers: [3, 5],
  }, async (world) => {
    const first = await world.awaitLeader();
    world.faults.isolate(first);
    const others = world.ids.filter((id) => id !== first);
    await world.awaitLeader(others);
    world.faults.rejoin(first);
    await world.runFor(TIMING.electionTimeoutMax);
    await mustSettle(world);
  });
});
