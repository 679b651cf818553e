import test from "tape";
import type { Json } from "..";
import { findFault, HANDED_OVER_BYTES_MAX, HandOver } from "../host/hand-over";

const isDeepFrozen = (value: unknown): boolean =>
  typeof value !== "object" ||
  value === null ||
  (Object.isFrozen(value) && Object.values(value).every(isDeepFrozen));

function nested(levels: number): Json {
  let value: Json = [];
  for (let level = 1; level < levels; level++) value = [value];
  return value;
}

test("the copy of a message is equal to it and shares nothing with it", (t) => {
  const message = { type: "A", list: [1, [true, null]], inner: { text: "x", empty: {}, none: [] } };
  const copy = new HandOver().take(message);

  t.deepEqual(copy, { type: "A", list: [1, [true, null]], inner: { text: "x", empty: {}, none: [] } });
  t.notEqual(copy, message);
  t.notEqual(copy?.list, message.list);
  t.notEqual(copy?.list[1], message.list[1]);
  t.notEqual(copy?.inner, message.inner);
  t.notEqual(copy?.inner.empty, message.inner.empty);
  t.end();
});

test("what was handed over is frozen, down to the last array", (t) => {
  const message = { type: "A", list: [[{ deep: [] as number[] }]], inner: { none: {} } };
  new HandOver().take(message);

  t.ok(isDeepFrozen(message));
  t.throws(() => message.list[0][0].deep.push(1), TypeError);
  t.end();
});

test("bytes are 8 a number, an array or an object, 1 a boolean or null, and the characters of texts and field names", (t) => {
  const handOver = new HandOver();
  const bytesOf = (value: Json): number => {
    t.notEqual(handOver.take(value as object), undefined);
    return handOver.bytes;
  };

  t.equal(bytesOf({}), 8);
  t.equal(bytesOf([]), 8);
  t.equal(bytesOf({ ab: 1 }), 8 + 2 + 8);
  t.equal(bytesOf({ ab: "xyz" }), 8 + 2 + 3);
  t.equal(bytesOf({ a: "", b: [""] }), 8 + 1 + 1 + 1 + 8 + 1, "an empty text counts for one");
  t.equal(bytesOf({ a: true, b: null }), 8 + 2 + 2);
  t.equal(bytesOf({ a: [1, "x", false] }), 8 + 1 + 8 + 8 + 1 + 1);
  t.equal(bytesOf({ a: { b: [] } }), 8 + 1 + 8 + 1 + 8);
  t.equal(bytesOf({ dropped: undefined, b: 1 }), 8 + 1 + 8, "a field that is dropped does not count");
  t.end();
});

test("what is empty is not free: nobody hands over a million empty arrays, objects or texts", (t) => {
  for (const empty of [[], {}, ""] as const) {
    const list = new Array<Json>(1_000_000).fill(empty);
    t.equal(new HandOver().take({ list }), undefined, JSON.stringify(empty));
    t.equal(findFault({ list }).found, "more than 1,000,000 bytes");
  }
  t.end();
});

test("an array that is far too long is refused before a single item of it is copied", (t) => {
  let isLookedAt = false;
  const list = new Proxy(new Array<number>(2_000_000).fill(7), {
    get(target, key, receiver) {
      if (key === "0") isLookedAt = true;
      return Reflect.get(target, key, receiver);
    },
  });

  t.equal(new HandOver().take({ list }), undefined);
  t.notOk(isLookedAt);
  t.end();
});

test("a copy that says the same in other words is known as reworded, and no other", (t) => {
  const handOver = new HandOver();
  const isReworded = (value: Json): boolean => {
    handOver.take(value as object);
    return handOver.isReworded;
  };

  for (const value of [{ a: -0 }, { a: [-0] }, { a: undefined }, { a: [{ b: { c: undefined } }] }])
    t.ok(isReworded(value as Json), JSON.stringify(value));
  for (const value of [{}, { a: 0, b: [0, null, ""] }, { a: [{ b: -1 }] }])
    t.notOk(isReworded(value), JSON.stringify(value));
  t.end();
});

test("minus zero becomes zero wherever it stands", (t) => {
  const copy = new HandOver().take({ field: -0, list: [-0, [-0]], inner: { field: -0 } });

  t.ok(Object.is(copy?.field, 0));
  t.ok(Object.is(copy?.list[0], 0));
  t.ok(Object.is(copy?.list.flat()[1], 0));
  t.ok(Object.is(copy?.inner.field, 0));
  t.end();
});

test("fields that are undefined are dropped", (t) => {
  const copy = new HandOver().take({ a: undefined, b: 1, c: { d: undefined } });

  t.deepEqual(Object.keys(copy ?? {}), ["b", "c"]);
  t.deepEqual(Object.keys(copy?.c ?? { d: 0 }), []);
  t.end();
});

test("an object without a prototype is plain data", (t) => {
  const bare: Record<string, Json> = Object.create(null);
  bare.a = 1;

  t.deepEqual(new HandOver().take(bare), { a: 1 });
  t.end();
});

test("an object of another realm, as structuredClone gives one inside jest, is plain data", (t) => {
  const otherObjectPrototype: object = Object.create(null);
  const foreign: Record<string, Json> = Object.create(otherObjectPrototype);
  foreign.a = [1];

  t.deepEqual(new HandOver().take(foreign), { a: [1] });
  t.end();
});

test("the same object twice in a message is no cycle", (t) => {
  const twice = { a: 1 };
  t.deepEqual(new HandOver().take({ first: twice, second: [twice] }), {
    first: { a: 1 },
    second: [{ a: 1 }],
  });
  t.end();
});

test("data may be 65 levels deep and no deeper", (t) => {
  t.notEqual(new HandOver().take(nested(65) as object), undefined);
  t.equal(new HandOver().take(nested(66) as object), undefined);
  t.equal(findFault({ a: nested(66) }).found, "more than 64 levels of nesting");
  t.end();
});

test("data may be a million bytes large and no larger", (t) => {
  const sized = (bytes: number) => ({ a: "x".repeat(bytes - 8 - 1) });

  t.notEqual(new HandOver().take(sized(HANDED_OVER_BYTES_MAX)), undefined);
  t.equal(new HandOver().take(sized(HANDED_OVER_BYTES_MAX + 1)), undefined);
  t.deepEqual(findFault(sized(HANDED_OVER_BYTES_MAX + 1)), { path: "", found: "more than 1,000,000 bytes" });
  t.end();
});

test("a small object that unfolds without end is refused at once", (t) => {
  let value: Json = { n: 1 };
  for (let level = 0; level < 50; level++) value = { l: value, r: value };

  t.equal(new HandOver().take(value as object), undefined);
  t.deepEqual(findFault(value), { path: "", found: "more than 1,000,000 bytes" });
  t.end();
});

test("what HandOver takes is never blamed by findFault, and what it refuses always is", (t) => {
  const cycle: unknown[] = [];
  cycle.push({ cycle });
  const bad: readonly unknown[] = [
    () => 0,
    1n,
    Symbol("s"),
    Number.NaN,
    new Map(),
    new Date(0),
    cycle,
    [undefined],
  ];
  for (const value of bad) {
    t.equal(new HandOver().take({ value } as object), undefined);
    t.notEqual(findFault({ value }).path, "", String(findFault({ value }).found));
  }
  t.end();
});

test("with a memory too, data may be 65 levels deep and no deeper, however it came about", (t) => {
  const handOver = new HandOver(new WeakMap());
  let chain: Json = {};
  const links = Array.from({ length: 100 }, () => {
    chain = { next: chain };
    return handOver.take({ chain }) === undefined ? "refused" : "taken";
  });

  t.equal(links.indexOf("refused"), 63, "{ chain: { next: … {} } } of 66 levels");
  t.notOk(links.slice(63).includes("taken"));
  t.match(findFault({ chain }).found, /more than 64 levels of nesting/);
  t.notEqual(
    handOver.take({ a: { chain: {} }, b: { c: 1 } }),
    undefined,
    "and later ones are none the worse",
  );
  const lopsided = { deep: nested(62), shallow: {} };
  t.notEqual(handOver.take({ lopsided }), undefined);
  t.equal(
    handOver.take({ a: { b: { lopsided } } }),
    undefined,
    "the deepest of its fields counts, not the last",
  );
  t.end();
});

test("with a memory, an object that was taken before is neither copied nor checked again, and counts the same", (t) => {
  const handOver = new HandOver(new WeakMap());
  const first = { term: 1, command: { key: "k", list: [1, 2] } };
  const before = handOver.take({ log: [first] });
  const bytes = handOver.bytes;
  const after = handOver.take({ log: [first, { term: 2, command: null }] });

  t.equal(after?.log[0], before?.log[0], "the same copy");
  t.notEqual(after?.log[0], first);
  t.deepEqual(after, { log: [first, { term: 2, command: null }] });
  handOver.take({ log: [first] });
  t.equal(handOver.bytes, bytes, "the same size");
  t.notEqual(
    new HandOver().take({ log: [first] })?.log[0],
    before?.log[0],
    "without one, it is copied each time",
  );
  t.end();
});
