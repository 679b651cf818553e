import test from "tape";
import { storyOfPart, worldOf } from "./helpers";

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
