import { agree, mustApply, TIMING, type World } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { listOfCommands } from "../applied";
import { propose } from "../leading";
import { RULE, WORKING } from "../rules";
import { steadyLeader } from "../steady";

/** How long a command may not be committed. */
const LOST_MS = 2_000;

describe("Loss of one server after the other", () => {
  it("2.8d A leader commits until it has lost too many followers", {
    points: 1,
    seeds: 10,
    servers: [3, 4, 5],
    needs: WORKING,
  }, async (world) => {
    const leader = await steadyLeader(world);
    const connected = world.draws.shuffle(world.ids.filter((id) => id !== leader));
    const needed = Math.floor(world.ids.length / 2);
    while (connected.length > needed) {
      world.faults.isolate(connected.pop() as string);
      await mustApply(world, await propose(world, leader, connected.length), [leader, ...connected]);
    }
    world.faults.isolate(connected.pop() as string);
    await propose(world, leader, "too many");
    await mustNotCommit(world, "too many");

    world.faults.heal();
    await agree(world, "end");
  });

  it("2.8e A cluster commits until it has lost too many leaders", {
    points: 1,
    seeds: 10,
    servers: [3, 5],
    needs: WORKING,
  }, async (world) => {
    let connected = world.ids;
    while (connected.length * 2 > world.ids.length) {
      await agree(world, `${connected.length} servers`, connected);
      const leader = await steadyLeader(world, connected);
      world.faults.isolate(leader);
      connected = connected.filter((id) => id !== leader);
    }
    for (const id of world.ids) await world.propose(id, "too many");
    await mustNotCommit(world, "too many");

    world.faults.heal();
    await agree(world, "end");
  });

  it("2.8n A server that missed a committed entry is not elected", {
    points: 1,
    servers: 3,
    needs: WORKING,
  }, async (world) => {
    const leader = await steadyLeader(world);
    const [away, other] = world.draws.shuffle(world.ids.filter((id) => id !== leader));
    world.faults.isolate(away);
    for (const command of ["a", "b", "c"])
      await mustApply(world, await propose(world, leader, command), [leader, other]);
    await world.runFor(TIMING.electionTimeoutMax);

    world.faults.isolate(leader);
    world.faults.rejoin(away);
    const next = await world.awaitLeader([away, other]);
    world.check(next === other, () => ({
      sentence: `${away} leads term ${world.status(away).currentTerm}, although three commands were committed that it does not have.`,
      rule: RULE.upToDate,
      next: `Why did ${other}, which has these entries, vote for ${away}?`,
    }));
    await agree(world, "d", [away, other]);
    world.faults.heal();
    await agree(world, "e");
  });

  it("2.8u A server whose log is the longest is elected, although it has missed two terms", {
    points: 1,
    seeds: 5,
    servers: 5,
    needs: WORKING,
  }, async (world) => {
    const longest = await steadyLeader(world);
    world.faults.isolate(longest);
    await propose(world, longest, "lost or not");
    let others = world.ids.filter((id) => id !== longest);
    for (let missed = 1; missed <= 2; missed++) {
      const leader = await world.awaitLeader(others);
      world.faults.isolate(leader);
      others = others.filter((id) => id !== leader);
    }

    world.faults.rejoin(longest);

    await agree(world, "end", [longest, ...others]);
  });
});

async function mustNotCommit(world: World, command: string): Promise<void> {
  await world.runFor(LOST_MS);
  for (const id of world.ids) {
    world.check(!listOfCommands(world, id).includes(command), () => ({
      sentence: `${id} applied a command that was given to servers none of which could reach a majority.`,
      rule: RULE.commit,
      next: "Who counted a majority for it, and which servers were in it?",
    }));
  }
}
