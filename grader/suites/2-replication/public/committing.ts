import { agree, mustApply, TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { listOfCommands } from "../applied";
import { mustCommit, mustNotApply, propose, TOO_EARLY } from "../leading";
import { RULE } from "../rules";
import { mustApplyLogOf, ScriptedLeader } from "../scripted-leader";
import { steadyLeader } from "../steady";

describe("Committing", () => {
  it(
    "2.6a What a majority stores is committed, and the leader tells its peers",
    { points: 3, seeds: 10, servers: 5, scripted: true, needs: ["2.1a"] },
    async (world, peers) => {
      await peers.elect();
      for (const id of ["S3", "S4", "S5"]) peers.silent.add(id);
      const proposed = await propose(world, "S1", "a");
      await world.runFor(TOO_EARLY);
      mustNotApply(world, "S1", proposed.index, "only S2 has answered that it stores it", RULE.commit);

      peers.silent.delete("S3");
      await mustCommit(world, proposed, "S1, S2 and S3 store S1's entry, a majority of five");
      const entry = world.applied("S1")[proposed.index - 1];
      world.check(entry.index === proposed.index && entry.command === "a", () => ({
        sentence: `S1 took “a” as entry ${proposed.index} and applies “${entry.command}” as entry ${entry.index}.`,
        rule: RULE.apply,
        next: "What does S1 hand to its state machine?",
      }));
      await world.runUntil(
        () => ["S2", "S3"].every((id) => peers.log(id).commitIndex >= proposed.index),
        TIMING.applyWithin,
        () => ({
          sentence: `S1 committed entry ${proposed.index} and did not tell S2 and S3 so: the leaderCommit that they heard of is ${peers.log("S2").commitIndex} and ${peers.log("S3").commitIndex}.`,
          rule: "§5.3: the leader keeps track of the highest index it knows to be committed, and includes it in future AppendEntries RPCs (including heartbeats).",
          next: "What does S1 fill in for leaderCommit?",
        }),
      );
    },
  );

  it(
    "2.6b A follower applies what its leader has committed, in order, each entry once",
    { points: 3, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a", "2.3a"] },
    async (world, peers) => {
      const leader = new ScriptedLeader(world, peers, "S2", 2, [1, 1, 2, 2]);

      await leader.mustSend(0, 3);
      await mustApplyLogOf(world, leader, 0, "S1's leader has sent three entries and committed none");
      await leader.mustSend(3, 4, 2);
      await mustApplyLogOf(world, leader, 2, "S1's leader has committed two entries");
      await leader.mustSend(4, 4, 4);
      await mustApplyLogOf(world, leader, 4, "S1's leader has committed four entries");
      await leader.mustSend(4, 4, 4);
      await mustApplyLogOf(world, leader, 4, "S1's leader has committed four entries, and says so again");
    },
  );

  it("2.6c Commands are applied by all servers, at the index that was promised, and not before they are proposed", {
    points: 2,
    servers: [3, 5],
    needs: ["2.1a", "2.6a", "2.6b"],
  }, async (world) => {
    const leader = await steadyLeader(world);
    await world.runFor(500);
    for (const command of ["a", "b", "c"]) {
      for (const id of world.ids) {
        world.check(!listOfCommands(world, id).includes(command), () => ({
          sentence: `${id} has applied “${command}”, which nobody has proposed yet.`,
          rule: RULE.apply,
          next: `Where did ${id} get this command?`,
        }));
      }
      const proposed = await propose(world, leader, command);
      await mustApply(world, proposed);
      for (const id of world.ids) {
        const entry = world.applied(id)[proposed.index - 1];
        world.check(entry.command === command && entry.index === proposed.index, () => ({
          sentence: `${leader} took “${command}” as entry ${proposed.index}; ${id} applies “${entry.command}” as entry ${entry.index} there.`,
          rule: "Figure 3, State Machine Safety: no two servers apply different commands at the same index.",
          next: `Which entry does ${id} hand to its state machine?`,
        }));
      }
    }
    const lists = world.ids.map((id) => listOfCommands(world, id).join(" "));
    world.check(
      lists.every((list) => list === "a b c"),
      () => ({
        sentence: `Three commands were proposed, “a”, “b” and “c”; the servers applied: ${lists.join(" | ")}.`,
        rule: RULE.apply,
        next: "Is every committed entry applied, once, in the order of the log?",
      }),
    );
  });

  it("2.6d Without a majority nothing is committed", {
    points: 2,
    seeds: 10,
    servers: 5,
    needs: ["2.1a", "2.6c"],
  }, async (world) => {
    const leader = await steadyLeader(world);
    await mustApply(world, await propose(world, leader, "a"));
    const others = world.ids.filter((id) => id !== leader);
    world.faults.isolate(...others.slice(1));

    const { index } = await propose(world, leader, "b");
    await world.runFor(2_000);

    for (const id of world.ids) {
      world.check(!listOfCommands(world, id).includes("b"), () => ({
        sentence: `${id} applied “b”, entry ${index} of the leader ${leader}, who could reach only ${others[0]}: two of five servers.`,
        rule: RULE.commit,
        next: `Which servers does ${leader} count for entry ${index}?`,
      }));
    }
    world.faults.heal();
    await agree(world, "c");
  });
});
