import test from "tape";
import { type Conditions, KIND, type World } from "..";
import { arrivals, type Note, note, notesTo, type Part, recordsOf, worldOf } from "./helpers";

const MESSAGES = 2_000;
const STEADY: Conditions = { delay: [2, 2], loss: 0, duplication: 0, tail: { chance: 0, delay: [0, 0] } };

/** S1 sends many notes to S2 at once. */
const SHOWER: Part = {
  start(env) {
    for (let n = 0; n < MESSAGES && env.self === "S1"; n++) env.send("S2", note(n));
  },
};

async function shower(conditions: Partial<Conditions>, seed = 1): Promise<World> {
  const world = worldOf(SHOWER, { seed, network: { ...STEADY, ...conditions } });
  await world.runFor(2_000);
  return world;
}

const isNear = (found: number, expected: number): boolean => Math.abs(found - expected) < 0.15 * expected;
const sorted = (list: readonly number[]): number[] => [...list].sort((a, b) => a - b);

test("a steady network delivers everything, once, in order, on time and unaltered", async (t) => {
  const world = await shower({});

  t.deepEqual(notesTo(world, "S2"), [...Array(MESSAGES).keys()]);
  t.ok(arrivals(world).every(({ at, from, to }) => at === 2 && from === "S1" && to === "S2"));
  t.deepEqual(arrivals(world)[7].message, note(7));
});

test("loss takes as many messages as it says, and leaves a trace of each", async (t) => {
  const world = await shower({ loss: 0.3 });
  const drops = recordsOf(world.trace, KIND.drop);

  t.ok(isNear(drops.length, 0.3 * MESSAGES), `${drops.length} lost`);
  t.equal(drops.length + notesTo(world, "S2").length, MESSAGES);
  t.ok(drops.every((i) => world.trace.dataOf(i) === "lost by the network"));
  t.ok(drops.every((i) => world.trace.nodeOf(i) === 1 && world.trace.peerOf(i) === 0));
});

test("with a loss of 1 nothing arrives", async (t) => {
  t.deepEqual(notesTo(await shower({ loss: 1 }), "S2"), []);
});

test("duplication lets as many messages as it says arrive a second time, never a third, and later", async (t) => {
  const world = await shower({ duplication: 0.2 });
  const times = new Map<number, number[]>();
  for (const { at, message } of arrivals(world)) {
    const { n } = message as Note;
    times.set(n, [...(times.get(n) ?? []), at]);
  }
  const doubled = [...times.values()].filter(({ length }) => length > 1);

  t.equal(times.size, MESSAGES, "each arrives");
  t.ok(isNear(doubled.length, 0.2 * MESSAGES), `${doubled.length} doubled`);
  t.ok(doubled.every(({ length }) => length === 2));
  t.ok(doubled.every(([first, second]) => first === 2 && second >= 2 && second <= 502));
  t.ok(Math.max(...doubled.map(([, second]) => second)) > 450, "an echo may be half a second late");
});

test("a long tail makes as many messages as it says late, by as much as it says", async (t) => {
  const world = await shower({ tail: { chance: 0.1, delay: [100, 300] } });
  const late = arrivals(world).filter(({ at }) => at > 2);

  t.ok(isNear(late.length, 0.1 * MESSAGES), `${late.length} late`);
  t.ok(late.every(({ at }) => at >= 102 && at <= 302));
  t.ok(Math.min(...late.map(({ at }) => at)) < 112 && Math.max(...late.map(({ at }) => at)) > 292);
  t.equal(arrivals(world).length, MESSAGES);
});

test("delays fill their range, and messages overtake each other", async (t) => {
  const world = await shower({ delay: [10, 20] });
  const delays = arrivals(world).map(({ at }) => at);
  const notes = notesTo(world, "S2");

  t.ok(delays.every((at) => at >= 10 && at <= 20));
  t.ok(Math.min(...delays) < 10.1 && Math.max(...delays) > 19.9);
  t.notDeepEqual(notes, sorted(notes), "reordered");
  t.deepEqual(sorted(notes), [...Array(MESSAGES).keys()], "but complete");
});

test("what happens to a message says nothing about its delay, nor about the next message", async (t) => {
  const mean = (list: readonly number[]): number => list.reduce((sum, item) => sum + item, 0) / list.length;
  const doubling = arrivals(await shower({ delay: [0, 10], duplication: 0.5 }));
  const firstOf = new Map<number, number>();
  const doubled: number[] = [];
  for (const { at, message } of doubling) {
    const first = firstOf.get((message as Note).n);
    if (first === undefined) firstOf.set((message as Note).n, at);
    else doubled.push(first);
  }
  const losing = arrivals(await shower({ delay: [0, 10], loss: 0.5 }));
  const arrived = new Set(losing.map(({ message }) => (message as Note).n));
  const afterLoss = losing.filter(({ message }) => !arrived.has((message as Note).n - 1)).map(({ at }) => at);

  t.ok(isNear(mean(doubled), 5), `mean delay of doubled messages: ${mean(doubled)}`);
  t.ok(isNear(mean(afterLoss), 5), `mean delay after a loss: ${mean(afterLoss)}`);
});

test("another seed has other luck", async (t) => {
  const [one, again, two] = [
    await shower({ loss: 0.5 }),
    await shower({ loss: 0.5 }),
    await shower({ loss: 0.5 }, 2),
  ];

  t.deepEqual(notesTo(again, "S2"), notesTo(one, "S2"));
  t.notDeepEqual(notesTo(two, "S2"), notesTo(one, "S2"));
});

test("the named networks are what they say", async (t) => {
  const delaysIn = async (network: "calm" | "lan" | "wan") => {
    const world = worldOf(SHOWER, { network });
    await world.runFor(200);
    t.equal(arrivals(world).length, MESSAGES, `${network} loses nothing`);
    return arrivals(world).map(({ at }) => at);
  };
  const lossesIn = async (network: "lossy" | "unreliable" | "stormy") => {
    const world = worldOf(SHOWER, { network });
    await world.runFor(2_000);
    return recordsOf(world.trace, KIND.drop).length / MESSAGES;
  };

  t.ok((await delaysIn("calm")).every((at) => at === 2));
  t.ok((await delaysIn("lan")).every((at) => at >= 1 && at <= 5));
  t.ok((await delaysIn("wan")).every((at) => at >= 15 && at <= 50));
  t.ok(isNear(await lossesIn("lossy"), 0.1));
  t.ok(isNear(await lossesIn("unreliable"), 0.1));
  t.ok(isNear(await lossesIn("stormy"), 0.15));
});

test("a change of the network concerns what is sent from then on", async (t) => {
  const everyTen: Part = {
    start: (env) => env.self === "S1" && env.setTimer("t", 10),
    onTimer(env) {
      env.send("S2", note(env.now()));
      env.setTimer("t", 10);
    },
  };
  const world = worldOf(everyTen, { network: STEADY });
  await world.runFor(31);
  world.faults.network({ ...STEADY, delay: [5, 5] });
  await world.runFor(30);

  t.deepEqual(
    arrivals(world).map(({ sentAt, at }) => [sentAt, at - sentAt]),
    [
      [10, 2],
      [20, 2],
      [30, 2],
      [40, 5],
      [50, 5],
    ],
  );
});

test("the world counts messages and bytes by type, most messages first", async (t) => {
  const world = worldOf({
    start(env) {
      if (env.self !== "S1") return;
      env.send("S2", { type: "Big", term: 1 });
      for (let n = 0; n < 3; n++) env.send("S2", note(n));
    },
  });
  await world.runFor(1);

  t.equal(world.counts.messages(), 4);
  t.equal(world.counts.messages("Note"), 3);
  t.equal(world.counts.messages("None"), 0);
  t.equal(world.counts.bytes("Big"), 8 + "type".length + "Big".length + "term".length + 8);
  t.equal(world.counts.bytes(), world.counts.bytes("Big") + world.counts.bytes("Note"));
  t.deepEqual(
    world.counts.byType().map(({ type }) => type),
    ["Note", "Big"],
  );
});
