import test from "tape";
import { Draws, keyOf } from "..";
import { check, checkKv, KV_MODEL, kvStory } from "../linearizability";
import { knownAt } from "./histories/brute-force";
import { randomHistory, type Taste, withWrongAnswer } from "./histories/random-history";

/** The model without the zone test: everything is searched. */
const SEARCHED = { ...KV_MODEL, machine: { ...KV_MODEL.machine, shortcut: undefined } };

const WORKLOAD: Taste = {
  clients: 8,
  operations: 5_000,
  keys: ["a", "b", "c", "d", "e"],
  isUnique: true,
  kinds: ["get", "put", "append", "cas"],
  openChance: 0.03,
};

test("5,000 operations on five keys are checked within a million steps", (t) => {
  const history = randomHistory(new Draws(keyOf(1, "size")), WORKLOAD);
  const bounds = { stepsMax: 1_000_000, configurationsMax: 2_000 };

  t.equal(history.length, 5_000);
  t.equal(checkKv(history, bounds).kind, "ok");
  t.equal(check(history, SEARCHED, bounds).kind, "ok", "so they are by search alone");
  t.end();
});

test("where the zone test decides, the number of operations costs no steps", (t) => {
  const kinds = ["get", "put", "append"] as const;
  const history = randomHistory(new Draws(keyOf(2, "size")), {
    ...WORKLOAD,
    kinds,
    keys: ["a"],
    clients: 15,
  });

  t.equal(checkKv(history, { stepsMax: 0, configurationsMax: 0 }).kind, "ok");
  t.end();
});

test("among 5,000 operations, those that contradict each other are few, and are told the same every time", (t) => {
  const draws = new Draws(keyOf(3, "size"));
  const real = randomHistory(draws, { ...WORKLOAD, kinds: ["get", "put", "append"], openChance: 0.005 });
  let illegal = 0;
  for (let i = 0; i < 8; i++) {
    const changed = withWrongAnswer(draws, real);
    const verdict = checkKv(changed);
    if (verdict.kind !== "illegal") continue;
    illegal += 1;
    const story = kvStory(verdict);

    t.ok(verdict.prefix.isShortest && verdict.isMinimal);
    t.equal(check(knownAt(changed, verdict.prefix.end), SEARCHED).kind, "illegal");
    t.equal(check(knownAt(changed, verdict.prefix.end - 1), SEARCHED).kind, "ok");
    t.ok(verdict.core.length <= 4, `${verdict.core.length} of ${verdict.items.length}: ${story.headline}`);
    t.deepEqual(checkKv(changed), verdict);
  }
  t.ok(illegal >= 5, `${illegal} of 8 are illegal`);
  t.end();
});

test("values that are written again and again are searched, and many operations that never return are bearable", (t) => {
  const taste = { ...WORKLOAD, operations: 600, keys: ["a"], isUnique: false, openChance: 0.1 };
  for (let seed = 1; seed <= 10; seed++) {
    const history = randomHistory(new Draws(keyOf(seed, "again")), {
      ...taste,
      kinds: ["get", "put", "cas"],
    });
    t.equal(checkKv(history).kind, "ok", `seed ${seed}`);
  }
  t.end();
});
