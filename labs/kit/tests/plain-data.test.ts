import test from "tape";
import type { AnyMessage, Json } from "..";
import { arrivals, type Part, storyOfPart, worldOf } from "./helpers";

class Entry {
  readonly term = 1;
}

class Log extends Array<number> {}

const cycle: { type: string; inner: unknown[] } = { type: "Loop", inner: [] };
cycle.inner.push(0, { back: cycle });

const hole = [1, 2, 3];
delete hole[1];

let deep: unknown = 0;
for (let level = 0; level < 70; level++) deep = { d: deep };

/** Fields of a message that no wire could carry: the path where the fault is, and the words for it. */
const REFUSED: readonly { readonly fields: object; readonly path: string; readonly found: string }[] = [
  { fields: { callback: () => 0 }, path: "callback", found: "a function" },
  { fields: { entries: [1, { command: () => 0 }] }, path: "entries[1].command", found: "a function" },
  { fields: { entry: new Entry() }, path: "entry", found: "an instance of class Entry" },
  { fields: { entries: Log.of(1, 2) }, path: "entries", found: "an instance of class Log" },
  { fields: { term: Number.NaN }, path: "term", found: "NaN" },
  { fields: { a: { b: [0, Number.POSITIVE_INFINITY] } }, path: "a.b[1]", found: "Infinity" },
  { fields: { a: Number.NEGATIVE_INFINITY }, path: "a", found: "-Infinity" },
  { fields: { list: ["a", undefined] }, path: "list[1]", found: "undefined" },
  { fields: { list: hole }, path: "list[1]", found: "a hole in an array" },
  { fields: cycle, path: "inner[1].back", found: "a cycle: an object that contains itself" },
  { fields: { a: JSON.parse('{"__proto__": 1}') }, path: "a", found: "a field named __proto__" },
  { fields: { x: deep }, path: `x${".d".repeat(64)}`, found: "more than 64 levels of nesting" },
  { fields: { text: "x".repeat(1_000_000) }, path: "", found: "more than 1,000,000 bytes" },
  { fields: { n: 12n }, path: "n", found: "a bigint" },
  { fields: { s: Symbol("s") }, path: "s", found: "a symbol" },
  { fields: { votes: new Set([1]) }, path: "votes", found: "an instance of class Set" },
  { fields: { m: new Map() }, path: "m", found: "an instance of class Map" },
  { fields: { when: new Date(0) }, path: "when", found: "an instance of class Date" },
  { fields: { bytes: new Uint8Array(1) }, path: "bytes", found: "an instance of class Uint8Array" },
];

const PLAIN = "plain data (null, booleans, finite numbers, strings, arrays and plain objects)";

for (const { fields, path, found } of REFUSED) {
  const at = path === "" ? "" : `, field ${path}`;

  test(`a message is refused for ${found} at “${path.slice(0, 20)}”`, async (t) => {
    const message: AnyMessage = { type: "Bad", ...fields };
    const story = await storyOfPart(
      { start: (env) => env.send("S2", fields === cycle ? cycle : message) },
      { servers: 2 },
    );

    t.equal(story.kind, "contract");
    t.equal(story.headline, `S1.start, env.send${at}: expected ${PLAIN}; found ${found}.`);
    t.equal(story.next, "Send a copy that holds only the values its receiver needs.");
  });
}

test("a message that is no object is refused for what it is", async (t) => {
  const sends = (message: unknown): Part => ({ start: (env) => env.send("S2", message as AnyMessage) });
  const headline = async (message: unknown) => (await storyOfPart(sends(message))).headline;

  t.equal(await headline("hello"), 'S1.start, env.send: expected a message with a `type`; found "hello".');
  t.equal(await headline(7), "S1.start, env.send: expected a message with a `type`; found 7.");
  t.equal(await headline(null), "S1.start, env.send: expected a message with a `type`; found null.");
  t.equal(await headline(undefined), `S1.start, env.send: expected ${PLAIN}; found undefined.`);
  t.equal(await headline({ type: 3 }), "S1.start, env.send: expected a message with a `type`; found 3.");
  t.equal(await headline({}), "S1.start, env.send: expected a message with a `type`; found undefined.");
});

test("what is written to disk must be plain data too", async (t) => {
  const writes = (changes: unknown): Part => ({
    start: (env) => env.disk.write(changes as Record<string, Json>),
  });
  const headline = async (changes: unknown) => (await storyOfPart(writes(changes))).headline;

  t.equal(
    await headline({ log: [{ command: new Map() }] }),
    `S1.start, env.disk.write, field log[0].command: expected ${PLAIN}; found an instance of class Map.`,
  );
  t.match(await headline("text"), /env\.disk\.write: expected an object .*; found "text"\./);
  t.match(await headline(null), /env\.disk\.write: expected an object .*; found null\./);
});

test("the trace keeps a copy as it would come off a wire", async (t) => {
  const message = { type: "Note", term: -0, voteGranted: undefined };
  const world = worldOf({ start: (env) => env.self === "S1" && env.send("S2", message) });
  await world.runFor(10);
  const [kept] = arrivals(world).map((arrival) => arrival.message);

  t.notEqual(kept, message);
  t.ok(Object.is(kept.term, 0));
  t.deepEqual(Object.keys(kept), ["type", "term"]);
});

test("a receiver gets what a wire would bring it: 0 for -0, and no fields of undefined", async (t) => {
  const got: AnyMessage[] = [];
  const sends = (message: AnyMessage): Part => ({
    start: (env) => env.self === "S1" && env.send("S2", message),
    onMessage: (_env, _from, message) => void got.push(message),
  });
  const reworded = { type: "Note", term: -0, voteGranted: undefined, list: [{ n: -0 }] };
  const plain = { type: "Note", term: 0, list: [{ n: 1 }] };
  await worldOf(sends(reworded)).runFor(10);
  await worldOf(sends(plain)).runFor(10);

  const first = got[0] as unknown as {
    readonly term: number;
    readonly list: readonly { readonly n: number }[];
  };
  t.deepEqual(Object.keys(first), ["type", "term", "list"]);
  t.ok(Object.is(first.term, 0));
  t.ok(Object.is(first.list[0].n, 0));
  t.ok(Object.isFrozen(first) && Object.isFrozen(first.list) && Object.isFrozen(first.list[0]), "frozen too");
  t.equal(got[1], plain, "nothing to reword: what the sender handed over");
});

test("a refused message is not sent, what was sent before it is", async (t) => {
  const world = worldOf({
    start(env) {
      if (env.self !== "S1") return;
      env.send("S2", { type: "Good" });
      env.send("S2", { type: "Bad", term: Number.NaN });
    },
  });
  await world.runFor(10).catch(() => {});

  t.deepEqual(world.counts.byType(), [{ type: "Good", messages: 1, bytes: 8 + "typeGood".length }]);
});
