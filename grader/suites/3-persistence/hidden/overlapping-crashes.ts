import { agree, type NodeId, restart, TIMING, type World } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { mustStillHave } from "../clusters";
import { RESTARTING } from "../rules";

/** The servers, beginning with the leader. */
async function fromTheLeader(world: World): Promise<NodeId[]> {
  const leader = await world.awaitLeader();
  const at = world.ids.indexOf(leader);
  return [...world.ids.slice(at), ...world.ids.slice(0, at)];
}

describe("Crashes that overlap", () => {
  it("3.4i A leader stops while a follower comes back that missed an entry", {
    points: 2,
    needs: RESTARTING,
    servers: 3,
  }, async (world) => {
    await agree(world, "for all three");
    const [leader, missing, other] = await fromTheLeader(world);
    world.faults.stop(missing);
    await agree(world, `without ${missing}`);
    world.faults.stop(leader);
    await restart(world, missing);
    await agree(world, `without ${leader}`);
    await restart(world, leader);
    world.faults.stop(other);
    await agree(world, `without ${other}`);
    await restart(world, other);
    await agree(world, "for all three again");
    mustStillHave(world, [
      "for all three",
      `without ${missing}`,
      `without ${leader}`,
      `without ${other}`,
      "for all three again",
    ]);
  });

  it("3.4j Crashes overlap for five rounds, and three of five servers go on", {
    points: 3,
    needs: RESTARTING,
    seeds: 10,
    servers: 5,
  }, async (world) => {
    const commands: string[] = [];
    const decide = async (command: string) => {
      commands.push(command);
      await agree(world, command);
    };
    for (let round = 1; round <= 5; round++) {
      await decide(`round ${round}, all five`);
      const [a, b, c, d, e] = await fromTheLeader(world);
      world.faults.stop(b, c);
      await decide(`round ${round}, ${a} ${d} ${e}`);
      world.faults.stop(a, d, e);
      await restart(world, b, c);
      await world.runFor(world.draws.int(0, TIMING.electionTimeoutMax));
      await restart(world, d);
      await decide(`round ${round}, ${b} ${c} ${d}`);
      await restart(world, a, e);
    }
    await decide("the last one");
    mustStillHave(world, commands);
  });

  it("3.4k A follower that was cut off meets a leader that was started again", {
    points: 2,
    needs: RESTARTING,
    servers: 3,
  }, async (world) => {
    await agree(world, "for all three");
    const [leader, follower, away] = await fromTheLeader(world);
    world.faults.isolate(away);
    await agree(world, `without ${away}`, [leader, follower]);
    world.faults.stop(leader, follower);
    world.faults.rejoin(away);
    await restart(world, leader);
    await agree(world, `without ${follower}`);
    await restart(world, follower);
    await agree(world, "for all three again");
    mustStillHave(world, ["for all three", `without ${away}`, `without ${follower}`, "for all three again"]);
  });
});
