import test from "tape";
import { Raft } from "../../../solutions/1-election/raft";
import { KIND, LocalHost, planSwarm, playSwarm, World } from "..";
import { recordsOf, TICKER, worldOf } from "./helpers";

const DURATION_MS = 4_000;
const IDS = ["S1", "S2", "S3", "S4", "S5"];

test("no oracle finds fault with the reference in 50 runs of bad luck, and each run ends with a leader", async (t) => {
  let faults = 0;
  for (let seed = 1; seed <= 50; seed++) {
    const world = new World({ seed, servers: 1 + (seed % 7), host: LocalHost.of(Raft) });
    await playSwarm(world, planSwarm(seed, world.ids, DURATION_MS), DURATION_MS);
    faults += recordsOf(world.trace, KIND.fault).length;
    await world.awaitLeader();
  }
  t.ok(faults > 500, `${faults} faults struck`);
});

test("a plan is fixed by its seed, and each seed has its own mix", (t) => {
  t.deepEqual(planSwarm(7, IDS, DURATION_MS), planSwarm(7, IDS, DURATION_MS));

  const plans = Array.from({ length: 60 }, (_, seed) => planSwarm(seed, IDS, DURATION_MS));
  t.equal(new Set(plans.map(({ network }) => network)).size, 6, "every weather comes up");
  t.equal(new Set(plans.flatMap(({ faults }) => faults.map(({ kind }) => kind))).size, 8, "and every fault");
  const drifts = plans
    .map(({ clockRates }) => clockRates.some((rate) => rate !== 1))
    .filter((isWrong) => isWrong);
  t.ok(drifts.length > 10 && drifts.length < 35, `wrong clocks in ${drifts.length} of 60`);
  const mixes = plans.map(({ faults }) => new Set(faults.map(({ kind }) => kind)).size);
  t.ok(Math.min(...mixes) <= 1 && Math.max(...mixes) >= 5, "from few kinds of fault to many");
  t.end();
});

test("a longer plan begins like a shorter one", (t) => {
  const [short, long] = [planSwarm(3, IDS, 2_000), planSwarm(3, IDS, 8_000)];

  t.deepEqual(long.faults.slice(0, short.faults.length), short.faults);
  t.ok(long.faults.length > short.faults.length);
  t.ok(short.faults.every(({ at, lasts }) => at < 2_000 && lasts >= 100 && lasts <= 3_000));
  t.end();
});

test("after the swarm all faults are over; only stopped servers stay so, and they are a minority", async (t) => {
  for (let seed = 1; seed <= 40; seed++) {
    const world = worldOf(TICKER, { seed, servers: 5 });
    await playSwarm(world, planSwarm(seed, world.ids, 2_000), 2_000);
    const running = world.runningIds;
    const frozen = world.ids.filter((id) => !world.isRunning(id) && !world.isStopped(id));
    await world.runFor(1_300); // what was sent in the storm arrives
    const since = world.trace.length;
    await world.runFor(50);
    const heard = new Set<string>();
    const { trace } = world;
    for (const i of recordsOf(trace, KIND.deliver)) {
      if (i < since) continue;
      heard.add(`${trace.peerOf(i)} ${trace.nodeOf(i)}`);
      if (trace.timeOf(i) - trace.timeOf(trace.causeOf(i)) > 5) heard.add("a message that is late");
    }
    const isWell =
      frozen.length === 0 && running.length >= 3 && heard.size === running.length * (running.length - 1);
    t.ok(isWell, `seed ${seed}: ${running.length} run, ${heard.size} links are open`);
  }
});

test("leaving one fault out of a plan leaves the others as they are", async (t) => {
  const cutsOf = async (skipped: number): Promise<string[]> => {
    const world = worldOf(TICKER, { seed: 5, servers: 4 });
    const plan = planSwarm(5, world.ids, 3_000);
    const faults = plan.faults.filter(({ kind }, i) => i !== skipped && kind !== "stop" && kind !== "pause");
    await playSwarm(world, { ...plan, faults }, 3_000);
    return recordsOf(world.trace, KIND.fault).map(
      (i) => `${world.trace.timeOf(i)} ${String(world.trace.dataOf(i))}`,
    );
  };
  const whole = await cutsOf(-1);
  for (let skipped = 0; skipped < 4; skipped++) {
    const rest = await cutsOf(skipped);
    t.ok(
      rest.every((line) => whole.includes(line)),
      `without fault ${skipped}, nothing new happens`,
    );
  }
});
