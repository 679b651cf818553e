import test, { type Test } from "tape";
import { GraphCopy } from "../search/copy-graph";
import { Fingerprint, Opaque } from "../search/fingerprint";
import { renamingsOf } from "../search/renaming";

const ATOM = (): void => {};
const ATOMS: ReadonlyMap<unknown, string> = new Map([[ATOM, "atom"]]);

function printOf(value: unknown, rename = (text: string): string => text): string {
  const { low, high } = new Fingerprint(rename, ATOMS).of(value);
  return `${low} ${high}`;
}

function copyOf<T extends object>(value: T): T {
  return new GraphCopy(ATOMS).of(value);
}

class Counter {
  private readonly seen = new Set<string>();
  constructor(private count: number) {}
  add(name: string): this {
    this.count += 1;
    this.seen.add(name);
    return this;
  }
}

class OtherCounter {
  readonly seen = new Set<string>();
  constructor(public count: number) {}
}

/** An object that holds itself, after so many others. */
function ring(length: number): object {
  const first: Record<string, unknown> = {};
  let last = first;
  for (let i = 1; i < length; i++) {
    const next: Record<string, unknown> = {};
    last.next = next;
    last = next;
  }
  last.next = first;
  return first;
}

test("equal graphs have equal fingerprints", (t) => {
  const same = (a: unknown, b: unknown, what: string): void => t.equal(printOf(a), printOf(b), what);
  same({ a: 1, b: [2, { c: null }] }, { b: [2, { c: null }], a: 1 }, "the order of fields does not count");
  same(
    new Map([
      ["a", 1],
      ["b", 2],
    ]),
    new Map([
      ["b", 2],
      ["a", 1],
    ]),
    "nor does that of a map",
  );
  same(new Set(["a", "b"]), new Set(["b", "a"]), "nor that of a set");
  same(new Counter(1).add("S1"), new Counter(1).add("S1"), "private fields are walked through");
  same({ a: 1, b: undefined }, { a: 1 }, "a field that is undefined is not there");
  const shared = [1];
  same({ a: shared, b: shared }, { a: shared, b: shared }, "shared objects are walked through");
  same(ring(3), ring(3), "and so are cycles");
  same({ call: ATOM }, { call: ATOM }, "an atom is not looked into");
  same(Object.assign(Object.create(null), { a: 1 }), { a: 1 }, "an object without a prototype is an object");
  t.end();
});

test("different graphs have different fingerprints", (t) => {
  // biome-ignore format: a list
  const different: readonly unknown[] = [
    undefined, null, true, false, 0, 1, -1, 0.5, 2 ** 31, 2 ** 32, Number.NaN, "", "1", "true", "null", "undefined", 1n,
    [], {}, new Map(), new Set(), [[]], [{}], [undefined], [null], [0], ["a", "b"], ["b", "a"], ["ab"],
    { a: 1 }, { a: 2 }, { b: 1 }, { a: 1, b: 2 }, { a: 2, b: 1 }, { a: { b: 1 } }, { a: [1] }, { a: "1" },
    new Map([["a", 1]]), new Map([["a", 2]]), new Map([[1, "a"]]), new Map([["a", 2], ["b", 1]]),
    new Map([["a", 1], ["b", 2]]), new Set([1]), new Set([1, 2]), new Set([[1]]), new Set(["1"]),
    new Counter(1), new Counter(2), new Counter(1).add("S1"), new Counter(1).add("S2"), new OtherCounter(1),
    { count: 1, seen: new Set() }, ring(1), ring(2), ring(3), ATOM,
  ];
  const prints = different.map((value) => printOf(value));
  const double = prints.findIndex((print, i) => prints.indexOf(print) !== i);
  t.equal(
    double,
    -1,
    `${different.length} values, ${double === -1 ? "all different" : `number ${double} is not`}`,
  );
  t.end();
});

test("by other names, a state of other servers is the same", (t) => {
  const renamings = renamingsOf(["S1", "S2", "S3"]);
  const least = (value: unknown): string => renamings.map((rename) => printOf(value, rename)).sort()[0];
  t.equal(renamings.length, 6, "three servers can be called in 6 ways");
  t.equal(
    least({ votedFor: "S1", by: ["S3"] }),
    least({ votedFor: "S2", by: ["S1"] }),
    "the least one is the same",
  );
  t.notEqual(least({ votedFor: "S1", by: ["S1"] }), least({ votedFor: "S1", by: ["S2"] }), "as far as it is");
  t.equal(least("S1 follows S2"), least("S3 follows S1"), "names within texts are names");
  t.notEqual(least("S11"), least("S21"), "but not within words");
  t.end();
});

function mustBeOpaque(t: Test, value: object, what: string): void {
  for (const [name, walk] of [
    ["fingerprint", () => printOf(value)],
    ["copy", () => copyOf(value)],
  ] as const)
    t.throws(walk, Opaque, `${what}: no ${name}`);
}

test("what keeps its state out of reach is opaque", (t) => {
  class Hidden {
    #count = 0;
    add(): number {
      return ++this.#count;
    }
  }
  class Heir extends Hidden {
    readonly name = "S1";
  }
  class Bag extends Map<string, number> {
    rest = 0;
  }
  class Names extends Set<string> {}
  class Log extends Array<string> {}
  mustBeOpaque(t, { f: () => 1 }, "a function");
  mustBeOpaque(t, { f: Object.setPrototypeOf(() => 1, null) }, "a function without a prototype");
  mustBeOpaque(t, Object.defineProperty({}, "a", { enumerable: true, get: () => 1 }), "an accessor");
  mustBeOpaque(t, new Hidden(), "a #private field");
  mustBeOpaque(t, Object.freeze(new Hidden()), "a frozen one: its #private field still changes");
  mustBeOpaque(t, new Heir(), "one of a class above it");
  mustBeOpaque(t, new WeakMap(), "a class of the language");
  mustBeOpaque(t, new Date(0), "another one");
  mustBeOpaque(t, [1n, function* () {}.prototype, new Promise(() => {})], "something deep in an array");
  mustBeOpaque(t, new Bag(), "a class over Map, which may keep anything besides");
  mustBeOpaque(t, new Names(), "one over Set");
  mustBeOpaque(t, new Log(), "one over Array");
  t.throws(() => copyOf(new Array(2)), Opaque, "an array with holes: no copy");
  t.throws(() => printOf(deep(1_000)), Opaque, "what is too deep: no fingerprint");
  t.throws(
    () => printOf(Array.from({ length: 60_000 }, () => ({}))),
    Opaque,
    "what is too large: no fingerprint",
  );
  t.end();
});

function deep(levels: number): object {
  let value: object = {};
  for (let i = 0; i < levels; i++) value = [value];
  return value;
}

test("a copy is the same graph, of objects of its own", (t) => {
  const shared = { n: 1 };
  const original = {
    counter: new Counter(3).add("S1"),
    a: shared,
    b: shared,
    map: new Map([[shared, [shared]]]),
    set: new Set([shared]),
    call: ATOM,
  };
  const copy = copyOf(original);
  t.equal(printOf(copy), printOf(original), "it has the same fingerprint");
  t.ok(copy.counter instanceof Counter && copy.counter !== original.counter, "a class stays a class");
  t.ok(copy.a === copy.b && copy.a !== shared, "what was shared is shared");
  t.ok(copy.map.get(copy.a)?.[0] === copy.a && copy.set.has(copy.a), "in maps and sets too");
  t.equal(copy.call, ATOM, "an atom stays what it is");
  copy.a.n = 2;
  copy.counter.add("S2");
  t.equal(original.a.n, 1, "a change of the copy does not reach the original");
  t.notEqual(printOf(copy), printOf(original), "and makes it another state");
  const loop = copyOf(ring(2)) as { next: { next: unknown } };
  t.equal(loop.next.next, loop, "a cycle stays a cycle");
  t.end();
});

test("only what can never change is shared with a copy", (t) => {
  const message = Object.freeze({ entries: Object.freeze([Object.freeze({ term: 1 })]) });
  const map = Object.freeze(new Map([["a", 1]]));
  const holder = Object.freeze({ list: [1] });
  const original = { message, map, holder };
  const fingerprint = new Fingerprint((text) => text);
  const { low } = fingerprint.of(original);
  const copy = copyOf(original);
  t.equal(copy.message, message, "what is frozen in all its depth is");
  t.notEqual(copy.map, map, "a frozen map is not: it still takes entries");
  t.notEqual(copy.holder.list, holder.list, "and a frozen object is not that holds an array which grows");
  const hidden = Object.freeze(Object.defineProperty({ [Symbol("log")]: [1] }, "rest", { value: [1] }));
  const [copied] = copyOf([hidden]);
  t.notEqual(copied, hidden, "nor is one that holds such an array by a symbol, or where nobody counts it");
  holder.list.push(2);
  t.notEqual(fingerprint.of(original).low, low, "a change in there is seen");
  t.end();
});
