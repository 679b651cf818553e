import test from "tape";
import { Draws, keyOf } from "..";
import { drawAt, mix } from "../random/keyed";

const take = (draws: Draws, count: number): number[] => Array.from({ length: count }, () => draws.next());

test("the same key gives the same draws, another key gives others", (t) => {
  const draws = take(new Draws(keyOf(7, "link", 0, 2)), 50);

  t.deepEqual(take(new Draws(keyOf(7, "link", 0, 2)), 50), draws);
  for (const other of [
    keyOf(8, "link", 0, 2),
    keyOf(7, "link", 2, 0),
    keyOf(7, "lick", 0, 2),
    keyOf(7, "link", 0),
  ])
    t.equal(take(new Draws(other), 50).filter((draw) => draws.includes(draw)).length, 0);
  t.end();
});

test("the n-th draw depends on the key and n alone", (t) => {
  const key = keyOf(3, "n");
  const inOrder = take(new Draws(key), 20);

  for (const n of [19, 0, 7, 7, 12]) t.equal(drawAt(key, n), inOrder[n]);
  t.end();
});

test("the scrambler is MurmurHash3's, on every machine: seeds of old reports stay good", (t) => {
  t.equal(mix(0), 0);
  t.equal(mix(1), 0x514e28b7);
  t.equal(mix(0xffffffff), 0x81f16f39);
  t.equal(mix(-1), mix(0xffffffff));
  t.end();
});

test("keys of nearby seeds, links and texts all differ", (t) => {
  const keys = new Set<number>();
  for (let seed = 0; seed < 40; seed++)
    for (let from = 0; from < 5; from++)
      for (let to = 0; to < 5; to++) keys.add(keyOf(seed, "link", from, to));
  for (const text of ["a", "b", "ab", "ba", "aa", ""]) keys.add(keyOf(1, text));

  t.equal(keys.size, 40 * 25 + 6);
  t.end();
});

test("every bit of a seed counts, those beyond 32 too", (t) => {
  const seeds = [1, 1 + 2 ** 32, 1 + 2 ** 33, 1 + 2 ** 52, -1, 2 ** 32 - 1];
  t.equal(new Set(seeds.map((seed) => keyOf(seed, "test"))).size, seeds.length);
  t.end();
});

test("draws are spread evenly over [0, 1)", (t) => {
  for (let seed = 1; seed <= 5; seed++) {
    const draws = take(new Draws(keyOf(seed, "spread")), 10_000);
    const tenths = new Array<number>(10).fill(0);
    for (const draw of draws) tenths[Math.floor(draw * 10)] += 1;

    t.ok(draws.every((draw) => draw >= 0 && draw < 1));
    t.ok(
      tenths.every((count) => Math.abs(count - 1_000) < 150),
      `seed ${seed}: ${tenths.join(" ")}`,
    );
    const serial = draws.slice(1).reduce((sum, draw, i) => sum + (draw - 0.5) * (draws[i] - 0.5), 0) / 10_000;
    t.ok(Math.abs(serial) < 0.005, `one draw says nothing about the next: ${serial}`);
  }
  t.end();
});

test("first draws of neighbouring keys are as even as draws of one key", (t) => {
  const tenths = new Array<number>(10).fill(0);
  for (let seed = 0; seed < 10_000; seed++)
    tenths[Math.floor(drawAt(keyOf(seed, "server", 0, 1), 0) * 10)] += 1;

  t.ok(
    tenths.every((count) => Math.abs(count - 1_000) < 150),
    tenths.join(" "),
  );
  t.end();
});

test("int reaches both of its bounds and nothing beyond", (t) => {
  const draws = new Draws(keyOf(1, "int"));
  const seen = new Set(Array.from({ length: 500 }, () => draws.int(-2, 3)));

  t.deepEqual(
    [...seen].sort((a, b) => a - b),
    [-2, -1, 0, 1, 2, 3],
  );
  t.equal(draws.int(4, 4), 4);
  t.end();
});

test("pick reaches every item and refuses an empty list", (t) => {
  const draws = new Draws(keyOf(1, "pick"));
  const seen = new Set(Array.from({ length: 200 }, () => draws.pick(["a", "b", "c", "d"])));

  t.deepEqual([...seen].sort(), ["a", "b", "c", "d"]);
  t.throws(() => draws.pick([]), RangeError);
  t.end();
});

test("chance is never with 0, always with 1, and in between as often as it says", (t) => {
  const draws = new Draws(keyOf(1, "chance"));
  const times = (p: number) => Array.from({ length: 2_000 }, () => draws.chance(p)).filter(Boolean).length;

  t.equal(times(0), 0);
  t.equal(times(1), 2_000);
  t.ok(Math.abs(times(0.3) - 600) < 100);
  t.end();
});

test("shuffle keeps all items, leaves its argument alone and finds every order", (t) => {
  const draws = new Draws(keyOf(1, "shuffle"));
  const items = [1, 2, 3];
  const orders = new Map<string, number>();
  for (let i = 0; i < 1_200; i++) {
    const order = draws.shuffle(items).join("");
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }

  t.deepEqual(items, [1, 2, 3]);
  t.deepEqual([...orders.keys()].sort(), ["123", "132", "213", "231", "312", "321"]);
  t.ok([...orders.values()].every((count) => Math.abs(count - 200) < 60));
  t.deepEqual(draws.shuffle([]), []);
  t.end();
});
