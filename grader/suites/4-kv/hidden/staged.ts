import {
  type Invocation,
  type Millis,
  mustBeLinearizable,
  type NodeId,
  TIMING,
  type World,
} from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { confine, invokeAt, mustComplete, perform, requestArrives, split, without } from "../clusters";
import { append, cas, get, put } from "../requests";
import { WORKING } from "../rules";

/** How long a deposed leader may be asked in vain before a test goes on: enough for several requests. */
const IN_VAIN: Millis = 3 * TIMING.clientRetryMax;

/** All links whole again: waits for an answer, and judges what the clients saw. */
async function healAndJudge(world: World, invocation: Invocation): Promise<void> {
  world.faults.heal();
  await mustComplete(world, invocation);
  for (const key of ["x", "y"]) await perform(world, "C2", get(key));
  mustBeLinearizable(world);
}

describe("Deposed leaders", () => {
  it("4.6d A leader that was deposed without knowing it answers no reads", {
    points: 2,
    needs: WORKING,
    seeds: 10,
    servers: [3, 5],
    clients: 2,
  }, async (world) => {
    const leader = await world.awaitLeader();
    await perform(world, "C1", put("x", "C1.1;"));
    const others = without(world.ids, [leader]);
    split(world, [leader, "C1"], [...others, "C2"]);
    await world.awaitLeader(others);
    await perform(world, "C2", put("x", "C2.1;"));
    const read = await invokeAt(world, "C1", leader, get("x"));
    await world.runFor(IN_VAIN);
    mustBeLinearizable(world);
    await healAndJudge(world, read);
  });

  it("4.6e A leader that was frozen while another was elected answers no reads", {
    points: 1,
    needs: WORKING,
    seeds: 10,
    servers: [3, 5],
    clients: 2,
  }, async (world) => {
    const leader = await world.awaitLeader();
    await perform(world, "C1", put("x", "C1.1;"));
    const others = without(world.ids, [leader]);
    confine(world, "C1", leader);
    world.faults.pause(leader);
    await world.runFor(2 * TIMING.answerWithin);
    // When it wakes up, it finds what was said to it before, and C1's question, but nothing of its successor.
    for (const other of others) world.faults.slow(other, leader, TIMING.leaderWithin);
    await world.awaitLeader(others);
    await perform(world, "C2", put("x", "C2.1;"));
    const read = world.invoke("C1", get("x"));
    const hasArrived = requestArrives(world, "C1", leader);
    await world.runFor(world.draws.int(0, 500));
    world.faults.resume(leader);
    await world.runWhile(() => !hasArrived(), IN_VAIN);
    await world.runFor(TIMING.heartbeatIntervalMax);
    mustBeLinearizable(world);
    await healAndJudge(world, read);
  });

  it("4.6f What followers said before a read was asked for does not answer it", {
    points: 1,
    needs: WORKING,
    seeds: 10,
    servers: 3,
    clients: 5,
  }, async (world) => {
    const late: Millis = 12_000;
    const leader = await world.awaitLeader();
    const readers = without(world.clients, ["C2"]);
    await perform(world, "C1", put("x", "C1.1;"));
    for (const reader of readers) await perform(world, reader, get("x"));
    const others = without(world.ids, [leader]);
    const free = confine(world, "C1", leader);
    for (const follower of others) world.faults.slow(follower, leader, late);
    const first = await invokeAt(world, "C1", leader, get("x"));
    await world.runFor(world.draws.int(10, 2 * TIMING.heartbeatIntervalMax));
    // What the followers have answered so far arrives 12 s later. By then the leader is cut off, and others lead.
    for (const follower of others) world.faults.cutOneWay(leader, follower);
    const arrivalAt = world.now + late;
    free();
    await world.runWhile(() => first.completedAt === undefined, late / 2);
    const write = world.invoke("C2", put("x", "C2.1;"));
    await world.runFor(arrivalAt - 1_200 - world.now);
    if (first.completedAt === undefined || write.completedAt === undefined) return; // a slow election
    for (const reader of readers) confine(world, reader, leader);
    const read = world.invoke("C1", get("x"));
    for (const [i, reader] of without(readers, ["C1"]).entries())
      world.after(1_160 + 60 * i, () => world.invoke(reader, get("x")));
    await world.runFor(1_400);
    mustBeLinearizable(world);
    await healAndJudge(world, read);
  });

  it("4.6g A request that was lost is not answered when another entry comes to stand in its place", {
    points: 2,
    needs: WORKING,
    seeds: 10,
    servers: [3, 5],
    clients: 3,
  }, async (world) => {
    const leader = await world.awaitLeader();
    await perform(world, "C2", put("x", "C2.1;"));
    const others = without(world.ids, [leader]);
    const cut = split(world, [leader, "C1"], [...others, "C2", "C3"]);
    const operation = world.draws.pick([put("y", "C1.1;"), append("y", "C1.1;"), get("x")]);
    const lost = await invokeAt(world, "C1", leader, operation);
    await world.awaitLeader(others);
    for (let n = 2; n <= 4; n++) await perform(world, "C2", append("z", `C2.${n};`));
    cut();
    // The servers talk to each other again; C1 hears of the deposed leader only.
    confine(world, "C1", leader);
    await world.runFor(TIMING.clientRetryMax);
    await perform(world, "C3", get("y"));
    mustBeLinearizable(world);
    await healAndJudge(world, lost);
  });

  it("4.6h A request that was lost is not answered when its server leads again", {
    points: 1,
    needs: WORKING,
    seeds: 12,
    servers: 3,
    clients: 2,
  }, async (world) => {
    const first = await world.awaitLeader();
    await perform(world, "C2", put("x", "C2.1;"));
    const others = without(world.ids, [first]);
    const cut = world.faults.partition([first, "C1"], [...others, "C2"]);
    const lost = await invokeAt(world, "C1", first, get("x"));
    const second = await world.awaitLeader(others);
    const third: NodeId = without(others, [second])[0];
    // Now the second leader has only the first one to follow it: what it commits stands in both logs.
    world.faults.isolate(third);
    cut();
    confine(world, "C1", first);
    await world.runFor(world.draws.int(50, 400));
    const other = await invokeAt(world, "C2", second, put("y", "C2.2;"));
    await world.runWhile(() => other.completedAt === undefined, TIMING.commitWithin);
    // Before the first one hears that this is committed, the second one is gone, and the first one leads again.
    world.faults.isolate(second);
    world.faults.cutOneWay("C1", first);
    world.faults.rejoin(third);
    await world.awaitLeader([first, third]);
    await mustComplete(world, other);
    const next = world.invoke("C2", put("y", "C2.3;"));
    await mustComplete(world, next);
    await world.runFor(TIMING.heartbeatIntervalMax);
    mustBeLinearizable(world);
    await healAndJudge(world, lost);
  });
});

describe("New leaders", () => {
  it("4.6i A new leader's first answer knows all that was answered before", {
    points: 1,
    needs: WORKING,
    seeds: 20,
    servers: [3, 5],
    clients: 2,
  }, async (world) => {
    const leader = await world.awaitLeader();
    await perform(world, "C1", put("x", "C1.1;"));
    await world.runFor(TIMING.applyWithin);
    await perform(world, "C1", put("x", "C1.2;"));
    // The followers have the entry, and do not know yet that it is committed.
    world.faults.stop(leader);
    const read = world.invoke("C2", get("x"));
    await mustComplete(world, read);
    mustBeLinearizable(world);
  });

  it("4.6j After all servers have restarted, the first read finds everything", {
    points: 1,
    needs: WORKING,
    seeds: 12,
    servers: [1, 3, 5],
    clients: 2,
  }, async (world) => {
    await world.awaitLeader();
    for (let n = 1; n <= 3; n++) await perform(world, "C1", append("x", `C1.${n};`));
    await perform(world, "C1", cas("y", null, "C1.4;"));
    await world.runFor(world.draws.int(0, 300));
    world.faults.stop(...world.ids);
    await world.runFor(500);
    world.faults.restart(...world.ids);
    await perform(world, "C2", get("x"));
    await perform(world, "C1", get("y"));
    mustBeLinearizable(world);
    await perform(world, "C1", append("x", "C1.6;"));
    await perform(world, "C2", get("x"));
    mustBeLinearizable(world);
  });
});

describe("Rivals", () => {
  it("4.6k A read sees what a rival's first write has written, however fast it was", {
    points: 1,
    needs: WORKING,
    seeds: 12,
    servers: 3,
    clients: 2,
  }, async (world) => {
    // The rival has led before, and C2 knows it: its write comes at once when it leads again, while a lease still runs.
    const rival = await world.awaitLeader();
    await perform(world, "C2", put("x", "C2.1;"));
    const rejoin = split(world, [rival]);
    const leader = await world.awaitLeader(without(world.ids, [rival]));
    const [voter] = without(world.ids, [leader, rival]);
    rejoin();
    await perform(world, "C1", put("x", "C1.1;"));
    await world.runFor(TIMING.applyWithin);
    confine(world, "C1", leader);
    confine(world, "C2", rival);
    world.faults.partition([leader, voter, ...world.clients], [rival, voter, ...world.clients]);
    await world.runWhile(() => world.leader([rival, voter]) === undefined, 2 * TIMING.electionTimeoutMax);
    if (world.leader([rival, voter]) === rival) {
      split(world, [leader, "C1"], [rival, voter, "C2"]);
      await perform(world, "C2", put("x", "C2.2;"));
      const read = world.invoke("C1", get("x"));
      await world.runFor(TIMING.clientRetryMax);
      mustBeLinearizable(world);
      await healAndJudge(world, read);
    }
  });
});
