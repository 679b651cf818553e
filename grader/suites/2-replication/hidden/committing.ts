import { describe, it } from "../../../labgrader";
import { listOfCommands } from "../applied";
import { mustCommit, mustNotApply, propose, TOO_EARLY } from "../leading";
import { RULE } from "../rules";
import { steadyLeader } from "../steady";

describe("Committing", () => {
  it(
    "2.6h Half of an even cluster is no majority",
    { points: 1, seeds: 10, servers: [2, 4, 6], scripted: true, needs: ["2.1a", "2.6a"] },
    async (world, peers) => {
      await peers.elect();
      const half = peers.ids.slice(0, world.ids.length / 2 - 1);
      peers.isLost = (to) => !half.includes(to);
      const proposed = await propose(world, "S1", "a");
      await world.runFor(TOO_EARLY);
      const because = `${half.length + 1} of ${world.ids.length} servers store it`;
      mustNotApply(world, "S1", proposed.index, because, RULE.commit);

      const majority = peers.ids.slice(0, world.ids.length / 2);
      peers.isLost = (to) => !majority.includes(to);
      await mustCommit(
        world,
        proposed,
        `${majority.length + 1} of ${world.ids.length} servers store S1's entry`,
      );
    },
  );

  it("2.6i A cluster of one needs nobody to commit", {
    points: 1,
    seeds: 10,
    servers: 1,
    needs: ["2.1a", "2.6b"],
  }, async (world) => {
    const leader = await steadyLeader(world);
    for (const command of ["a", "b", "c"])
      await mustCommit(world, await propose(world, leader, command), "S1 is the whole cluster");
    const commands = listOfCommands(world, leader).join(" ");
    world.check(commands === "a b c", () => ({
      sentence: `A cluster of one was given the commands a, b and c, and applied: ${commands}.`,
      rule: RULE.apply,
      next: "Who looks for new entries to commit if no reply ever comes?",
    }));
  });

  it(
    "2.6q Indexes are compared as numbers, not as texts",
    { points: 1, seeds: 10, servers: 5, scripted: true, needs: ["2.1a", "2.6a"] },
    async (world, peers) => {
      await peers.elect();
      const reaches = new Map(peers.ids.map((id) => [id, Number.POSITIVE_INFINITY]));
      peers.isLost = (to, { prevLogIndex = 0, entries = [] }) =>
        prevLogIndex + entries.length > (reaches.get(to) ?? 0);
      const first = await propose(world, "S1", "a");
      for (const id of ["S2", "S3"]) reaches.set(id, first.index);
      const second = await propose(world, "S1", "b");
      for (const id of ["S4", "S5"]) reaches.set(id, second.index);
      let { index } = second;
      await mustCommit(world, first, "All peers take S1's first entry");
      while (index < 10 * first.index) index = (await propose(world, "S1", `more than ${index}`)).index;
      await world.runFor(TOO_EARLY);

      const because = `S2 and S3 store ${first.index} of S1's ${index} entries, S4 and S5 store ${second.index}`;
      mustNotApply(world, "S1", second.index + 1, because, RULE.commit);
    },
  );
});
