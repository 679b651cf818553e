import { agree, restart } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { mustStillHave } from "../clusters";
import { RESTARTING } from "../rules";

describe("Clusters that are started again", () => {
  it("3.4a All servers stop, start again, and have everything", {
    points: 4,
    needs: RESTARTING,
    seeds: 15,
    servers: [3, 5],
  }, async (world) => {
    const commands: string[] = [];
    for (let round = 1; round <= 3; round++) {
      commands.push(`command ${round}`);
      await agree(world, `command ${round}`);
      await restart(world, ...world.ids);
    }
    await agree(world, "the last command");
    mustStillHave(world, [...commands, "the last command"]);
  });

  it("3.4b A leader stops, starts again, and takes part", {
    points: 5,
    needs: RESTARTING,
    seeds: 15,
    servers: [3, 5],
  }, async (world) => {
    const commands: string[] = [];
    for (let round = 1; round <= 3; round++) {
      const leader = await world.awaitLeader();
      world.faults.stop(leader);
      commands.push(`without ${leader}, ${round}`);
      await agree(world, commands[commands.length - 1]);
      world.faults.restart(leader);
      commands.push(`with ${leader} again, ${round}`);
      await world.runFor(1);
      await agree(world, commands[commands.length - 1]);
    }
    mustStillHave(world, commands);
  });
});
