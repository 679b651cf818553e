import { mustSurvive } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { bothStand } from "../../searching";
import { LEADING } from "../rules";

const WALKS = { walks: 10, steps: 60, budget: { duplicates: 5, drops: 5 } };

describe("Every order", () => {
  it("1.8o Two election timers run out: whatever the order of all messages, no term has two leaders", {
    points: 1,
    needs: LEADING,
    seeds: 1,
  }, async (world) => {
    await mustSurvive(world, { walks: WALKS }, { budget: { timers: 2 }, states: 10_000, watchEvery: 50 });
  });

  it("1.8p Two of four servers stand in one term: whatever the order, and with a message that comes twice, at most one leads", {
    points: 1,
    needs: LEADING,
    seeds: 1,
    servers: 4,
  }, async (world) => {
    await mustSurvive(world, { walks: WALKS }, bothStand({ id: "S1", term: 1 }, { id: "S2", term: 1 }, 4), {
      budget: { duplicates: 1 },
      states: 4_000,
      watchEvery: 20,
    });
  });

  it("1.8q Requests and votes of an earlier term are still on their way: whatever comes first, all votes are right", {
    points: 1,
    needs: LEADING,
    seeds: 1,
  }, async (world) => {
    await mustSurvive(world, { walks: WALKS }, bothStand({ id: "S1", term: 1 }, { id: "S3", term: 2 }, 6), {
      budget: { timers: 1, duplicates: 1 },
      states: 5_000,
      watchEvery: 20,
    });
  });
});
