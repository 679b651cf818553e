import test from "tape";
import { Raft } from "../../../solutions/1-election/raft";
import { LocalHost } from "..";
import { driveAtOnce } from "../world/driver";
import { note, type Part, storyOf, TICKER, worldOf } from "./helpers";

test("time passes only in the world, by as much as was asked for", async (t) => {
  const world = worldOf(TICKER);
  t.equal(world.now, 0);
  await world.runFor(12.5);
  t.equal(world.now, 12.5);
  await world.runFor(0);
  t.equal(world.now, 12.5);
});

test("an event at the very end of a run still happens, one a microsecond later does not", async (t) => {
  const world = worldOf(TICKER);
  await world.runFor(10);
  t.equal(world.counts.messages(), 2);
  await world.runFor(9.999);
  t.equal(world.counts.messages(), 2);
});

test("runUntil ends at the moment its condition is true", async (t) => {
  const world = worldOf(TICKER);
  const never = () => ({ sentence: "never" });
  await world.runUntil(() => world.counts.messages() >= 6, 1_000, never);
  t.equal(world.now, 30);
  t.equal(world.counts.messages(), 6);

  await world.runUntil(() => true, 1_000, never);
  t.equal(world.now, 30, "and at once if it is true already");
});

test("step lets one event happen", async (t) => {
  const world = worldOf(TICKER);
  await world.runFor(0);
  const { events } = world.simulation;
  await world.step();

  t.equal(world.simulation.events, events + 1);
  t.equal(world.now, 10);
});

test("an action planned for later happens in the middle of a run, in its turn", async (t) => {
  const seen: string[] = [];
  const world = worldOf(TICKER);
  world.after(15, () => seen.push(`${world.now}: ${world.counts.messages()}`));
  world.after(5, () => world.after(20, () => seen.push(`${world.now}: ${world.counts.messages()}`)));
  await world.runFor(100);

  t.deepEqual(seen, ["15: 2", "25: 4"]);
});

test("a check that fails in a planned action ends the run, and is remembered", async (t) => {
  const world = worldOf(TICKER);
  world.after(5, () => world.check(false, () => ({ sentence: "Expected more." })));
  const story = await storyOf(world.runFor(100));

  t.equal(story.headline, "Expected more.");
  t.equal(world.failure?.story, story);
  t.equal(await storyOf(world.runFor(1)), story, "the run is over");
  t.equal(world.now, 5);
});

test("an error of a test's own action is not taken for the server's", async (t) => {
  const world = worldOf(TICKER);
  world.after(5, () => {
    throw new SyntaxError("the test's own");
  });
  const error: unknown = await world.runFor(10).catch((thrown: unknown) => thrown);

  t.ok(error instanceof SyntaxError);
  t.equal(world.failure, undefined);
});

const CLAIMING: Part = {
  status: (env) => ({
    role: env.self === "S1" ? "leader" : "follower",
    currentTerm: env.self === "S3" ? 1 : 2,
  }),
};

test("a leader is one whose term a majority of the whole cluster has joined", async (t) => {
  const world = worldOf(CLAIMING, { servers: 3, oracles: [] });
  await world.runFor(1);
  t.equal(world.leader(), "S1");
  t.deepEqual(world.leaders(), ["S1"]);
  t.equal(world.leader(["S1", "S3"]), undefined, "S3 is in an older term");
  t.equal(world.leader(["S2", "S3"]), undefined);

  world.faults.pause("S2");
  t.equal(world.leader(), undefined, "a frozen server does not count");
  world.faults.resume("S2");
  world.faults.stop("S1");
  t.deepEqual(world.leaders(), [], "nor does a leader that is stopped");
});

test("awaitLeader gives the leader, or a story when there is none in time", async (t) => {
  const world = worldOf(Raft, { servers: 3 });
  const leader = await world.awaitLeader();
  t.equal(world.status(leader).role, "leader");

  const story = await storyOf(worldOf({}, { servers: 3 }).awaitLeader(["S1", "S2"], 1_000));
  t.equal(story.kind, "expectation");
  t.ok(story.headline.startsWith("No leader within 1,000 ms, although S1 and S2 can talk to each other."));
});

test("two worlds in one process do not disturb each other", async (t) => {
  const alone = worldOf(Raft, { seed: 5, servers: 3, network: "stormy" });
  await alone.runFor(2_000);
  const [one, two] = [5, 6].map((seed) => worldOf(Raft, { seed, servers: 3, network: "stormy" }));
  for (let i = 0; i < 20; i++) await Promise.all([one.runFor(100), two.runFor(100)]);

  t.equal(one.traceHash, alone.traceHash);
  t.notEqual(two.traceHash, alone.traceHash);
});

test("a driver sees each event as data and may carry it elsewhere", async (t) => {
  const kinds: string[] = [];
  const part: Part = { start: (env) => env.self === "S1" && env.send("S2", note(1)) };
  const real = LocalHost.of(Raft);
  const world = worldOf(part, {
    driver: (simulation, host) =>
      driveAtOnce(simulation, {
        react(stimulus) {
          kinds.push(`${stimulus.kind} ${stimulus.node}`);
          return host.react(stimulus);
        },
        lateTrouble: () => host.lateTrouble(),
      }),
  });
  await world.runFor(5);

  t.deepEqual(kinds, ["start 0", "start 1", "message 1"]);
  t.throws(
    () =>
      real.react({
        node: 0,
        kind: "timer",
        now: 0,
        from: 0,
        message: undefined,
        timer: "t",
        command: undefined,
        boot: undefined,
      }),
    /Node 0 was never started in this host/,
  );
});
