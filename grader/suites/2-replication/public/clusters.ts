import { agree, mustApply, TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { propose } from "../leading";
import { WORKING } from "../rules";
import { steadyLeader } from "../steady";

describe("All together", () => {
  it("2.8a A follower that missed four commands catches up", {
    points: 2,
    servers: [3, 5],
    needs: WORKING,
  }, async (world) => {
    const leader = await steadyLeader(world);
    await mustApply(world, await propose(world, leader, "a"));
    const away = world.ids.find((id) => id !== leader) as string;
    const others = world.ids.filter((id) => id !== away);
    world.faults.isolate(away);
    for (const command of ["b", "c", "d", "e"])
      await mustApply(world, await propose(world, leader, command), others);
    await world.runFor(TIMING.electionTimeoutMax);

    world.faults.rejoin(away);
    await agree(world, "f");
  });

  it("2.8b A leader that was cut off gives up what it could not commit", {
    points: 2,
    servers: [3, 5],
    needs: WORKING,
  }, async (world) => {
    const first = await steadyLeader(world);
    await mustApply(world, await propose(world, first, "a"));
    world.faults.isolate(first);
    for (const command of ["lost 1", "lost 2", "lost 3"]) await propose(world, first, command);
    const others = world.ids.filter((id) => id !== first);
    await agree(world, "b", others);

    const second = await world.awaitLeader(others);
    world.faults.isolate(second);
    await world.propose(second, "lost 4");
    world.faults.rejoin(first);
    const connected = world.ids.filter((id) => id !== second);
    await agree(world, "c", connected);

    world.faults.rejoin(second);
    await agree(world, "d");
  });
});
