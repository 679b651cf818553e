import test from "tape";
import type { NetworkName, NodeId, World } from "..";
import { worldOf } from "./helpers";

test("a seed is a whole number", (t) => {
  for (const seed of [1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
    t.throws(
      () => worldOf({}, { seed }),
      new RegExp(`^RangeError: A seed is a whole number, not ${seed}\\.$`),
    );
  t.end();
});

test("a world has 1 to 100 servers, and names them", (t) => {
  for (const servers of [0, -1, 2.5, 101, Number.NaN])
    t.throws(
      () => worldOf({}, { servers }),
      new RegExp(`^RangeError: A world has 1 to 100 servers, not ${servers}\\.$`),
    );
  t.deepEqual(worldOf({}, { servers: 3 }).ids, ["S1", "S2", "S3"]);
  t.equal(worldOf({}, { servers: 100 }).ids.at(-1), "S100");
  t.end();
});

test("a network that has no such name is refused with the names there are", (t) => {
  const typo: string = "wlan";
  const WORDS =
    /^RangeError: There is no network “wlan”\. There are: calm, lan, wan, lossy, doubling, unreliable, stormy\.$/;

  t.throws(() => worldOf({}, { network: typo as NetworkName }), WORDS);
  t.throws(() => worldOf({}).faults.network(typo as NetworkName), WORDS);
  t.end();
});

test("a server that does not exist is refused by every word of a test, with those there are", (t) => {
  const uses: readonly ((world: World, id: NodeId) => unknown)[] = [
    (world, id) => world.status(id),
    (world, id) => world.isRunning(id),
    (world, id) => world.isStopped(id),
    (world, id) => world.leaders([id]),
    ({ faults }, id) => faults.stop(id),
    ({ faults }, id) => faults.stopBefore(id, () => true),
    ({ faults }, id) => faults.restart(id),
    ({ faults }, id) => faults.pause(id),
    ({ faults }, id) => faults.resume(id),
    ({ faults }, id) => faults.clockRate(id, 1),
    ({ faults }, id) => faults.isolate(id),
    ({ faults }, id) => faults.rejoin(id),
    ({ faults }, id) => faults.deafen(id),
    ({ faults }, id) => faults.cutOneWay("S1", id),
    ({ faults }, id) => faults.cutOneWay(id, "S1"),
    ({ faults }, id) => faults.slow(id, "S1", 5),
    ({ faults }, id) => faults.partition(["S1"], ["S2", id]),
  ];
  for (const use of uses)
    t.throws(
      () => use(worldOf({}), "S9"),
      /^RangeError: There is no server S9 in this world; there are S1 and S2\.$/,
      use.toString(),
    );
  t.end();
});

test("times and rates that cannot be are refused", async (t) => {
  const world = worldOf({});
  const never = () => ({ sentence: "never" });
  const rejection = (promise: Promise<void>): Promise<string> => promise.then(() => "none", String);
  for (const duration of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    t.match(await rejection(world.runFor(duration)), /RangeError: A duration is 0 to/, `runFor(${duration})`);
    t.match(
      await rejection(world.runUntil(() => true, duration, never)),
      /RangeError/,
      `runUntil, ${duration}`,
    );
    t.throws(() => world.after(duration, () => {}), /RangeError: A duration is 0 to/, `after(${duration})`);
  }
  for (const rate of [0, -1, Number.NaN, 100])
    t.throws(() => world.faults.clockRate("S1", rate), /A clock's rate/);
  t.throws(() => world.faults.slow("S1", "S2", -5), /A link is slower by 0 ms or more, not by -5/);
  t.throws(() => worldOf({}, { scripted: ["S7"] }), /There is no server S7 to script; there are S1 and S2/);
});

test("a step where nothing is left to happen changes nothing", async (t) => {
  const world = worldOf({});
  await world.runFor(10);
  const { now, traceHash } = world;
  await world.step();
  await world.step();
  t.deepEqual([world.now, world.traceHash], [now, traceHash]);
});
