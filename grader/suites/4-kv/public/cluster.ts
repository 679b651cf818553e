import { mustBeLinearizable, Workload } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { finish, KEYS, mixed, mustPerform, perform, soon } from "../clusters";
import { append, get, put } from "../requests";
import { WORKING } from "../rules";

describe("The store", () => {
  it("4.6a One client gets what it has written", {
    points: 3,
    needs: WORKING,
    seeds: 8,
    servers: [1, 3, 5],
    clients: 1,
  }, async (world) => {
    await world.awaitLeader();
    const next = mixed(world);
    for (let n = 1; n <= 25; n++) await perform(world, "C1", next("C1", n, world.draws), soon(world));
    for (const key of KEYS) await perform(world, "C1", get(key), soon(world));
    mustBeLinearizable(world);
  });

  it("4.6b Five clients at once see one store", {
    points: 3,
    needs: WORKING,
    seeds: 8,
    servers: [3, 5],
    clients: 5,
  }, async (world) => {
    await world.awaitLeader();
    const workload = new Workload(world, { next: mixed(world), each: 12, rest: [0, 30] });
    await world.runWhile(() => !workload.isDone, 12 * soon(world));
    await finish(world, workload);
    mustBeLinearizable(world);
  });

  it("4.6c When the leader stops, the clients find the next one, and nothing is lost", {
    points: 2,
    needs: WORKING,
    seeds: 8,
    servers: [3, 5],
    clients: 2,
  }, async (world) => {
    const leader = await world.awaitLeader();
    await perform(world, "C1", put("x", "C1.1;"));
    world.faults.stop(leader);
    await perform(world, "C1", append("x", "C1.2;"));
    await mustPerform(
      world,
      "C2",
      get("x"),
      "C1.1;C1.2;",
      `C1 wrote “C1.1;” to x, ${leader}, the leader, stopped, and C1 appended “C1.2;”.`,
    );
  });
});
