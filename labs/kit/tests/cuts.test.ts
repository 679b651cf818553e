import test from "tape";
import { KIND, type Millis, type World } from "..";
import { arrivals, note, notesTo, type Part, recordsOf, TICKER, worldOf } from "./helpers";

/** The links over which something arrives in the next 30 ms, in which every server sends to every other three times. */
async function openLinks(world: World): Promise<string[]> {
  await world.runFor(5); // what is on its way arrives first
  const since = arrivals(world).length;
  await world.runFor(30);
  return [
    ...new Set(
      arrivals(world)
        .slice(since)
        .map(({ from, to }) => `${from}→${to}`),
    ),
  ].sort();
}

/** All links within each group. */
function within(...groups: readonly string[][]): string[] {
  const links = groups.flatMap((group) =>
    group.flatMap((from) => group.filter((to) => to !== from).map((to) => `${from}→${to}`)),
  );
  return [...new Set(links)].sort();
}

const clusterOf = (servers: number): World => worldOf(TICKER, { servers });
const ALL = ["S1", "S2", "S3", "S4"];

test("at first all links are open", async (t) => {
  t.deepEqual(await openLinks(clusterOf(4)), within(ALL));
});

test("a partition leaves the links within its groups, and a server of no group has none", async (t) => {
  const world = clusterOf(4);
  const undo = world.faults.partition(["S1", "S2"], ["S3"]);
  t.deepEqual(await openLinks(world), within(["S1", "S2"]));

  world.faults.partition(["S1"], ["S2", "S3", "S4"]);
  t.deepEqual(await openLinks(world), [], "partitions add up");

  undo();
  undo();
  t.deepEqual(await openLinks(world), within(["S2", "S3", "S4"]), "undone once, and only its own cuts");

  world.faults.heal();
  t.deepEqual(await openLinks(world), within(ALL));
});

test("a server that is in two groups is a bridge", async (t) => {
  const world = clusterOf(5);
  world.faults.partition(["S1", "S2", "S3"], ["S3", "S4", "S5"]);

  t.deepEqual(await openLinks(world), within(["S1", "S2", "S3"], ["S3", "S4", "S5"]));
});

test("a one-way cut stops one direction", async (t) => {
  const world = clusterOf(3);
  world.faults.cutOneWay("S1", "S2");

  t.deepEqual(
    await openLinks(world),
    within(["S1", "S2", "S3"]).filter((link) => link !== "S1→S2"),
  );
});

test("an undo from before everything was healed leaves later faults alone", async (t) => {
  const world = clusterOf(4);
  const undo = world.faults.partition(["S1"], ["S2", "S3", "S4"]);
  world.faults.heal();
  world.faults.isolate("S1");
  undo();
  t.deepEqual(await openLinks(world), within(["S2", "S3", "S4"]));
});

test("a deaf server can still send, and hears again when that is undone", async (t) => {
  const world = clusterOf(3);
  const undo = world.faults.deafen("S2");
  t.deepEqual(await openLinks(world), ["S1→S3", "S2→S1", "S2→S3", "S3→S1"]);

  undo();
  t.deepEqual(await openLinks(world), within(["S1", "S2", "S3"]));
});

test("isolated servers hear nobody, not even each other", async (t) => {
  const world = clusterOf(4);
  world.faults.isolate("S1", "S2");

  t.deepEqual(await openLinks(world), within(["S3", "S4"]));
});

test("a server that rejoins is joined to all but those who are still away", async (t) => {
  const world = clusterOf(4);
  world.faults.isolate("S1", "S2");
  world.faults.rejoin("S1");
  t.deepEqual(await openLinks(world), within(["S1", "S3", "S4"]));

  world.faults.rejoin("S2");
  t.deepEqual(await openLinks(world), within(ALL));
});

test("healing brings isolated servers back for good", async (t) => {
  const world = clusterOf(4);
  world.faults.isolate("S1", "S2");
  world.faults.heal();
  t.deepEqual(await openLinks(world), within(ALL));

  world.faults.isolate("S3");
  world.faults.rejoin("S3");
  t.deepEqual(await openLinks(world), within(ALL), "nobody is remembered as away");
});

/** S1 sends one note to S2 at 10 ms; it arrives at 12 ms. */
const ONE_NOTE: Part = {
  start: (env) => env.self === "S1" && env.setTimer("t", 10),
  onTimer: (env) => env.send("S2", note(1)),
};

async function notesWhenCut(from: Millis, until: Millis): Promise<World> {
  const world = worldOf(ONE_NOTE);
  world.after(from, () => world.faults.isolate("S1"));
  world.after(until, () => world.faults.heal());
  await world.runFor(50);
  return world;
}

test("a message on its way when its link is cut does not arrive", async (t) => {
  const world = await notesWhenCut(11, 30);
  const [drop] = recordsOf(world.trace, KIND.drop);

  t.deepEqual(notesTo(world, "S2"), []);
  t.equal(world.trace.dataOf(drop), "the link is cut");
  t.equal(world.trace.timeOf(drop), 12, "it is lost when it would have arrived");
});

test("a message that is sent over a cut link does not arrive after the link is healed", async (t) => {
  const world = await notesWhenCut(9, 10.5);

  t.deepEqual(notesTo(world, "S2"), []);
  t.equal(world.trace.timeOf(recordsOf(world.trace, KIND.drop)[0]), 10, "it is lost when it is sent");
});

test("a cut that is over before the message arrives does no harm", async (t) => {
  t.deepEqual(notesTo(await notesWhenCut(10.5, 11.5), "S2"), [1]);
});

test("a message that reaches a frozen server over a cut link is lost", async (t) => {
  const world = worldOf(ONE_NOTE);
  world.after(9, () => world.faults.pause("S2"));
  world.after(11, () => world.faults.cutOneWay("S1", "S2"));
  world.after(20, () => world.faults.heal());
  world.after(30, () => world.faults.resume("S2"));
  await world.runFor(50);

  t.deepEqual(notesTo(world, "S2"), []);
});

test("a slow link takes longer in its direction until it is healed", async (t) => {
  const delays = async (world: World) => {
    const since = world.now;
    await world.runFor(100);
    const delay = (sender: string) =>
      arrivals(world)
        .filter(({ from, sentAt }) => from === sender && sentAt > since)
        .map(({ at, sentAt }) => at - sentAt);
    return [new Set(delay("S1")), new Set(delay("S2"))];
  };
  const world = clusterOf(2);
  world.faults.slow("S1", "S2", 30);
  t.deepEqual(await delays(world), [new Set([32]), new Set([2])]);

  world.faults.heal();
  t.deepEqual(await delays(world), [new Set([2]), new Set([2])]);
});

test("every fault leaves its words in the trace", async (t) => {
  const world = clusterOf(3);
  world.faults.partition(["S1"], ["S2", "S3"]);
  world.faults.isolate("S1", "S2");
  world.faults.rejoin("S1");
  world.faults.cutOneWay("S2", "S3");
  world.faults.slow("S1", "S2", 30);
  world.faults.heal();

  t.deepEqual(
    recordsOf(world.trace, KIND.fault).map((i) => world.trace.dataOf(i)),
    [
      "the network splits: S1 | S2 S3",
      "S1 and S2 are cut off",
      "S1 is back",
      "nothing gets from S2 to S3 any more",
      "messages from S1 to S2 take 30 ms longer",
      "all links are healed",
    ],
  );
});
