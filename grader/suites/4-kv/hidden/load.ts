import {
  Draws,
  FAULTS_WITH_DISK,
  KIND,
  keyOf,
  type Millis,
  mustBeLinearizable,
  planSwarm,
  playSwarm,
  type SwarmPlan,
  TIMING,
  Workload,
  type World,
} from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import {
  finish,
  KEYS,
  mixed,
  mustComplete,
  mustHoldAppends,
  perform,
  soon,
  split,
  without,
  work,
} from "../clusters";
import { append, get, put } from "../requests";
import { WORKING } from "../rules";

/** In the lan network one operation after the other takes at most this, on average. */
const EACH_MAX: Millis = 33;

/** Designs may write their whole state, three times over, for each operation: in long runs that adds up. */
const WHOLE_STATE_BYTES_MAX = 60_000_000;

describe("The store in a good network", () => {
  it("4.6l Operations that come one after the other take 33 ms each at most", {
    points: 1,
    needs: WORKING,
    seeds: 4,
    servers: 3,
    clients: 1,
    bytesMax: WHOLE_STATE_BYTES_MAX,
  }, async (world) => {
    const operations = 250; // a thousand in all four runs
    await world.awaitLeader();
    await perform(world, "C1", put("x", "C1.0;"));
    const since = world.now;
    const workload = new Workload(world, {
      each: operations,
      next: (client, n) => (n % 2 === 0 ? get("x") : put("x", `${client}.${n};`)),
    });
    await world.runWhile(() => !workload.isDone, 2 * operations * EACH_MAX);
    const took = (world.now - since) / operations;
    world.check(workload.isDone && took <= EACH_MAX, () => ({
      sentence: workload.isDone
        ? `In a good network ${operations} operations of one client took ${took.toFixed(1)} ms each; at most ${EACH_MAX} ms are allowed.`
        : `In a good network ${operations} operations of one client are not done after ${2 * EACH_MAX} ms each.`,
      rule: `The handout: ${EACH_MAX} ms for each operation, on average.`,
      next: "What does an operation wait for on its way: a heartbeat, a timer, a retry?",
    }));
    mustBeLinearizable(world);
  });

  it("4.6m When nobody asks for anything, nothing is added to the log", {
    points: 1,
    needs: WORKING,
    seeds: 3,
    servers: [3, 5],
    clients: 2,
  }, async (world) => {
    // Mostly a new leader does not know yet that the first entry is committed. Twice: a heartbeat may have told it.
    for (const round of [1, 2]) {
      const leader = await world.awaitLeader();
      await perform(world, "C1", append("x", `C1.${2 * round - 1};`));
      world.faults.stop(leader);
      await perform(world, "C1", append("x", `C1.${2 * round};`));
      world.faults.restart(leader);
    }
    await perform(world, "C2", get("x"));
    await world.runFor(TIMING.leaderWithin);
    const since = world.trace.length;
    await world.runFor(1_000);
    const { trace } = world;
    let sent = 0;
    for (let i = since; i < trace.length; i++)
      if (trace.kindOf(i) === KIND.send && (trace.messageOf(i).entries?.length ?? 0) > 0) sent += 1;
    world.check(sent === 0, () => ({
      sentence: `All links are whole and no client has asked for anything for ${TIMING.leaderWithin.toLocaleString("en")} ms; in the next second servers send each other entries ${sent} times.`,
      rule: "Figure 2, Leaders: entries come from clients' requests; an idle leader sends empty AppendEntries.",
      next: "Who calls propose(), besides the handler of a client's request?",
    }));
    mustBeLinearizable(world);
  });
});

describe("The store in a bad network", () => {
  it("4.6n Five clients at once see one store although messages are lost and late", {
    points: 1,
    needs: WORKING,
    seeds: 12,
    servers: [3, 5],
    clients: 5,
    network: "unreliable",
  }, async (world) => {
    const workload = await work(world, 4_000, [0, 100]);
    world.faults.network("lan");
    await finish(world, workload);
  });

  it("4.6o Five clients append to one key, and each text is there once", {
    points: 1,
    needs: WORKING,
    seeds: 12,
    servers: [3, 5],
    clients: 5,
    network: "stormy",
  }, async (world) => {
    const workload = new Workload(world, {
      next: (client, n) => append("x", `${client}.${n};`),
      each: 8,
      rest: [0, 50],
    });
    await world.runWhile(() => !workload.isDone, 4_000);
    world.faults.network("lan");
    await world.runFor(500); // what is late arrives
    await finish(world, workload, ["x"]);
    await mustHoldAppends(world, "x");
  });
});

describe("The store in trouble", () => {
  it("4.6p A majority goes on, a minority answers nothing, and all is done after healing", {
    points: 2,
    needs: WORKING,
    seeds: 8,
    servers: 5,
    clients: 3,
  }, async (world) => {
    const leader = await world.awaitLeader();
    await perform(world, "C1", put("x", "C1.1;"));
    const others = without(world.ids, [leader]);
    const [companion, ...majority] = world.draws.shuffle(others);
    split(world, [leader, companion, "C1", "C3"], [...majority, "C2"]);
    const inVain = [world.invoke("C1", put("x", "C1.2;")), world.invoke("C3", get("x"))];
    await world.awaitLeader(majority);
    for (let n = 1; n <= 3; n++)
      await mustComplete(
        world,
        world.invoke("C2", append("x", `C2.${n};`)),
        soon(world),
        "can talk to three of five servers, one of whom leads",
      );
    await perform(world, "C2", get("x"), soon(world));
    await world.runFor(TIMING.clientRetryMax);
    mustBeLinearizable(world);
    const early = inVain.find(
      ({ completedAt, operation }) => completedAt !== undefined && operation.kind === "put",
    );
    world.check(early === undefined, () => ({
      sentence: `${leader} and ${companion} can talk to nobody else, and ${early?.client}'s put is answered with ok there.`,
      rule: "§5.3: an entry is committed once it is stored on a majority of the servers.",
      next: "How many servers have stored the entry when the client is answered?",
    }));
    world.faults.heal();
    for (const invocation of inVain) await mustComplete(world, invocation);
    await perform(world, "C2", get("x"));
    mustBeLinearizable(world);
  });

  it("4.6q One partition after the other, and clients in them", {
    points: 1,
    needs: WORKING,
    seeds: 16,
    servers: 5,
    clients: 4,
    bytesMax: WHOLE_STATE_BYTES_MAX,
  }, async (world) => {
    const workload = new Workload(world, { next: mixed(world), rest: [20, 180] });
    for (let round = 0; round < 6; round++) {
      const names = world.draws.shuffle(world.names);
      const size = world.draws.int(1, names.length - 1);
      const undo = split(world, names.slice(0, size));
      await world.runFor(world.draws.int(200, 1_500));
      undo();
      if (world.draws.chance(0.5)) await world.runFor(world.draws.int(0, 600));
    }
    world.faults.heal();
    await finish(world, workload);
  });

  it("4.6r Fifteen clients, partitions, crashes, and a bad network", {
    points: 1,
    needs: WORKING,
    seeds: 12,
    servers: 5,
    clients: 15,
    network: "unreliable",
    bytesMax: WHOLE_STATE_BYTES_MAX,
  }, async (world) => {
    const keys = ["a", "b", "c", "d", "e"];
    const workload = new Workload(world, { next: mixed(world, keys), rest: [100, 500] });
    for (let round = 0; round < 4; round++) {
      const names = world.draws.shuffle(world.names);
      const undo = split(world, names.slice(0, world.draws.int(4, 16)));
      await world.runFor(world.draws.int(200, 900));
      undo();
      const crashed = world.draws.shuffle(world.ids).slice(0, world.draws.int(1, 5));
      world.faults.stop(...crashed);
      await world.runFor(world.draws.int(100, 600));
      world.faults.restart(...crashed);
      await world.runFor(world.draws.int(100, 900));
    }
    world.faults.network("lan");
    await finish(world, workload, keys);
  });

  it("4.6s Any mix of faults: the store is one store, and answers everybody soon after the last fault", {
    points: 2,
    needs: WORKING,
    seeds: 80,
    servers: [3, 5, 4],
    clients: 4,
    bytesMax: WHOLE_STATE_BYTES_MAX,
  }, async (world) => {
    const duration = 5_000;
    const plan = planSwarm(world.seed, world.ids, duration, FAULTS_WITH_DISK);
    const workload = new Workload(world, { next: mixed(world), rest: [50, 300] });
    await playSwarm(world, withClients(world, plan), duration);
    await finish(world, workload, KEYS);
  });
});

/** The same plan, but links to clients are cut along with those between servers. */
function withClients(world: World, plan: SwarmPlan): SwarmPlan {
  const faults = plan.faults.map((fault, i) =>
    ["isolate", "split", "bridge"].includes(fault.kind)
      ? { ...fault, targets: new Draws(keyOf(world.seed, "who", i)).shuffle(world.names) }
      : fault,
  );
  return { ...plan, faults };
}
