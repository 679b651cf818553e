import test from "tape";
import { storyOfPart, worldOf } from "./helpers";

const DONE = Promise.resolve();
const CELL = new Int32Array(new SharedArrayBuffer(4));

/** What a server might reach for, and what it is told to use instead. */
const TEMPTATIONS: readonly {
  readonly call: string;
  readonly use: () => unknown;
  readonly instead: RegExp;
}[] = [
  { call: "Math.random", use: () => Math.random(), instead: /env\.random\(\)/ },
  { call: "Date.now", use: () => Date.now(), instead: /env\.now\(\)/ },
  { call: "Date", use: () => new Date(), instead: /env\.now\(\)/ },
  { call: "Date", use: () => Date(), instead: /env\.now\(\)/ },
  { call: "performance.now", use: () => globalThis.performance.now(), instead: /env\.now\(\)/ },
  { call: "setTimeout", use: () => globalThis.setTimeout(() => {}, 0), instead: /env\.setTimer/ },
  { call: "setInterval", use: () => globalThis.setInterval(() => {}, 9), instead: /env\.setTimer/ },
  { call: "queueMicrotask", use: () => globalThis.queueMicrotask(() => {}), instead: /set a timer/ },
  { call: "Promise", use: () => new Promise(() => {}), instead: /set a timer/ },
  { call: "Promise.resolve", use: () => Promise.resolve(), instead: /set a timer/ },
  { call: "Promise.reject", use: () => Promise.reject(new Error("x")), instead: /set a timer/ },
  { call: "Promise.all", use: () => Promise.all([]), instead: /set a timer/ },
  { call: "Promise.allSettled", use: () => Promise.allSettled([]), instead: /set a timer/ },
  { call: "Promise.race", use: () => Promise.race([]), instead: /set a timer/ },
  { call: "Promise.any", use: () => Promise.any([1]), instead: /set a timer/ },
  { call: "Promise.prototype.then", use: () => DONE.then(() => {}), instead: /set a timer/ },
  { call: "Promise.prototype.catch", use: () => DONE.catch(() => {}), instead: /set a timer/ },
  { call: "Promise.prototype.finally", use: () => DONE.finally(() => {}), instead: /set a timer/ },
  { call: "Atomics.wait", use: () => Atomics.wait(CELL, 0, 0, 1), instead: /set a timer/ },
  { call: "WeakRef", use: () => new WeakRef({}), instead: /Hold the value itself/ },
  {
    call: "FinalizationRegistry",
    use: () => new FinalizationRegistry(() => {}),
    instead: /Remove the value/,
  },
];

for (const { call, use, instead } of TEMPTATIONS) {
  test(`${call} inside of a handler is explained (${use.toString().slice(6, 24)})`, async (t) => {
    const story = await storyOfPart({
      start: (env) => env.self === "S2" && env.setTimer("t", 5),
      onTimer: () => void use(),
    });

    t.equal(story.kind, "contract");
    t.equal(
      story.headline,
      `S2.onTimer: expected a server that acts only through env; found a call of ${call}.`,
    );
    t.match(String(story.next), instead);
  });
}

test("a forbidden call is reported even if the server catches the error", async (t) => {
  const story = await storyOfPart({
    start() {
      try {
        Math.random();
      } catch {
        // Never mind.
      }
    },
  });

  t.match(story.headline, /^S1\.start: .* found a call of Math\.random\.$/);
});

test("a constructor and status() are guarded like handlers", async (t) => {
  class Early {
    readonly id = Math.random();
    start(): void {}
    onMessage(): void {}
    onTimer(): void {}
    status() {
      return { role: "follower", currentTerm: 0 } as const;
    }
  }
  const status = () => ({ role: "follower", currentTerm: Date.now() }) as const;

  t.match((await storyOfPart(Early)).headline, /^S1\.start: .* found a call of Math\.random\.$/);
  t.match((await storyOfPart({ status })).headline, /^S1\.start: .* found a call of Date\.now\.$/);
});

test("outside of handlers, clocks, chance and timers work as ever", async (t) => {
  const world = worldOf({});
  await world.runFor(10);
  world.after(1, () => {
    t.equal(typeof Math.random(), "number", "in a test's own action");
    t.ok(Date.now() > 0);
  });
  await world.runFor(10);

  t.ok(Math.random() < 1);
  t.ok(new Date() instanceof Date);
  t.equal(new Date(0).toISOString(), "1970-01-01T00:00:00.000Z");
  t.equal(typeof Date(), "string");
  t.ok(Date.now() > 0);
  t.equal(Date.UTC(1970, 0, 1), 0);
  globalThis.clearTimeout(globalThis.setTimeout(() => t.fail("was cleared"), 1));
});

test("after a handler that failed the guards are down again", async (t) => {
  await storyOfPart({
    start() {
      throw new Error("x");
    },
  });

  t.ok(Date.now() > 0);
});

test("outside of handlers, promises are what they always were", async (t) => {
  await worldOf({}).runFor(10);
  class Later<T> extends Promise<T> {}
  const native = (async () => 1)();
  const order: string[] = [];
  const note = (what: string) => () => void order.push(what);

  t.ok(native instanceof Promise, "a native promise is an instance");
  t.ok(new Promise(() => {}) instanceof Promise, "and so is one that was made by hand");
  t.equal(Object.getPrototypeOf(new Promise(() => {})), Object.getPrototypeOf(native), "with one prototype");
  t.equal(Promise.resolve(native), native, "resolve gives a promise back as it is");
  t.equal(Promise[Symbol.species], Promise);
  t.equal(Promise.name, "Promise");
  t.equal(Promise.prototype.then.length, 2);
  t.equal(await Promise.prototype.then.call(native, (value: unknown) => value), 1);
  t.equal(await native.finally(() => {}), 1);
  t.deepEqual(await Promise.all([native, 2, Promise.resolve(3)]), [1, 2, 3]);
  t.equal(await Promise.race([new Promise(() => {}), native]), 1);
  t.equal((await Promise.allSettled([Promise.reject(new Error("x"))]))[0].status, "rejected");

  const later = Later.resolve(1);
  t.ok(later instanceof Later && later instanceof Promise, "a subclass");
  t.ok(later.then(() => {}) instanceof Later, "and what comes of it");
  t.ok(Later.all([1]) instanceof Later);

  const one = Promise.resolve().then(note("1a")).then(note("1b")).then(note("1c"));
  const two = (async () => {
    await native;
    note("2a")();
    await Promise.resolve(native);
    note("2b")();
    await new Promise<void>((resolve) => resolve());
    note("2c")();
  })();
  await Promise.all([one, two]);
  t.deepEqual(order, ["1a", "2a", "1b", "2b", "1c", "2c"], "no promise takes a turn more than before");
});

test("a handler that returns a promise is told so, and its rejection ends no process", async (t) => {
  const story = await storyOfPart({
    async start() {
      throw new Error("nobody sees this");
    },
  });

  t.match(story.headline, /^S1\.start: expected a handler that does its work at once; found a promise/);
});
