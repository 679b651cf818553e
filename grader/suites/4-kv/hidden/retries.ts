import { TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { confine, invokeAt, mustComplete, mustPerform, perform, without } from "../clusters";
import { append, cas, get, put } from "../requests";
import { WORKING } from "../rules";

describe("At most once, at several servers", () => {
  it("4.4d Followers carry out what the leader carries out", {
    points: 2,
    needs: WORKING,
    seeds: 6,
    servers: [3, 5],
    clients: 2,
  }, async (world) => {
    const leader = await world.awaitLeader();
    for (let n = 1; n <= 3; n++) await perform(world, "C1", append("x", `C1.${n};`));
    await perform(world, "C1", cas("y", null, "C1.4;"));
    await world.runFor(TIMING.applyWithin);
    world.faults.stop(leader);
    const story = `C1 appended to x and set y, and ${leader}, the leader, stopped half a second later.`;
    await mustPerform(world, "C2", get("x"), "C1.1;C1.2;C1.3;", story);
    await mustPerform(world, "C2", cas("y", "C1.4;", "C2.2;"), true, story);
  });

  it("4.5g A client whose answer was lost asks the next leader, and nothing happens twice", {
    points: 1,
    needs: WORKING,
    seeds: 10,
    servers: [3, 5],
    clients: 2,
  }, async (world) => {
    const leader = await world.awaitLeader();
    await perform(world, "C2", put("x", "C2.1;"));
    world.faults.cutOneWay(leader, "C1");
    const isCas = world.draws.chance(0.5);
    const operation = isCas ? cas("x", "C2.1;", "C1.1;") : append("x", "C1.1;");
    const invocation = await invokeAt(world, "C1", leader, operation);
    // Everybody has it; only C1 does not know.
    await world.runFor(TIMING.commitWithin / 2);
    if (invocation.completedAt === undefined) world.faults.stop(leader);
    const result = await mustComplete(world, invocation);
    const story = `${leader}, the leader, carried out C1's operation, its answer was lost, it stopped, and C1 asked on.`;
    world.check(result === (isCas ? true : null), () => ({
      sentence: `${story} C1 was told ${result}: that is what comes of doing it a second time.`,
      rule: "Raft §8: a server that sees a request again answers with the result that it had the first time.",
      next: "Do followers remember, too, what was carried out for whom?",
    }));
    await mustPerform(world, "C2", get("x"), isCas ? "C1.1;" : "C2.1;C1.1;", story);
  });

  it("4.5h A request that two leaders have put into their logs is carried out once", {
    points: 2,
    needs: WORKING,
    seeds: 10,
    servers: 3,
    clients: 2,
  }, async (world) => {
    const leader = await world.awaitLeader();
    await perform(world, "C2", put("x", "C2.1;"));
    // What the leader sends reaches one follower, and no answer comes back.
    const [heir, other] = world.draws.shuffle(without(world.ids, [leader]));
    const cuts = [
      world.faults.partition([leader, heir, ...world.clients], [other]),
      world.faults.cutOneWay(heir, leader),
    ];
    const free = confine(world, "C1", leader);
    const invocation = await invokeAt(world, "C1", leader, append("x", "C1.1;"));
    await world.runFor(2 * TIMING.heartbeatIntervalMax);
    world.faults.isolate(leader);
    for (const undo of [...cuts, free]) undo();
    await mustComplete(world, invocation);
    world.faults.rejoin(leader);
    await mustPerform(
      world,
      "C2",
      get("x"),
      "C2.1;C1.1;",
      `${leader} put C1's append into its log and into ${heir}'s, and was cut off; C1 asked ${heir} or ${other} for it, who led next.`,
    );
  });

  it("4.5i After all servers have restarted, a request that was carried out is still recognised", {
    points: 2,
    needs: WORKING,
    seeds: 10,
    servers: [1, 3, 5],
    clients: 2,
  }, async (world) => {
    const leader = await world.awaitLeader();
    await perform(world, "C2", put("x", "C2.1;"));
    const deaf = world.faults.deafen("C1");
    const invocation = await invokeAt(world, "C1", leader, append("x", "C1.1;"));
    await world.runFor(TIMING.commitWithin / 2);
    world.faults.stop(...world.ids);
    await world.runFor(world.draws.int(0, 1_000));
    world.faults.restart(...world.ids);
    deaf();
    await mustComplete(world, invocation);
    await mustPerform(
      world,
      "C2",
      get("x"),
      "C2.1;C1.1;",
      "C1's append was carried out, its answer was lost, all servers stopped and started again, and C1 asked once more.",
    );
  });
});
