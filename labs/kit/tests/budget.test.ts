import test from "tape";
import { BUDGET, type Effect, type Host, type Reaction } from "..";
import { type Part, storyOf, storyOfPart, TICKER, worldOf } from "./helpers";

const PING_PONG: Part = {
  start: (env) => env.self === "S1" && env.send("S2", { type: "Ping" }),
  onMessage(env, from, { type }) {
    for (let times = 0; times < 2; times++) env.send(from, { type: type === "Ping" ? "Pong" : "Ping" });
  },
};

test("a flood of messages ends the run, and its story names the types and who sends them", async (t) => {
  const story = await storyOfPart(PING_PONG, { eventsMax: 1_500 });

  t.equal(story.kind, "budget");
  const WORDS =
    /^More than 1,500 events in (\d+) ms of virtual time: ([\d,]+) × P[io]ng, ([\d,]+) × P[io]ng\.$/;
  const [time, first, second] = (WORDS.exec(story.headline) ?? [])
    .slice(1)
    .map((n) => Number(n.replace(",", "")));
  t.ok(time < 30, story.headline);
  t.ok(first > second, "the most frequent type comes first");
  t.match(story.headline, /Ping/);
  t.match(story.headline, /Pong/);
  t.ok(story.lines.length > 0 && story.lines.length <= 12);
  t.deepEqual(story.standing, [
    "S1 follower of term 0, no timer is running",
    "S2 follower of term 0, no timer is running",
  ]);
  t.match(String(story.next), /sends a message for each one it gets/);
});

test("a timer of no delay that is set again and again ends the run too", async (t) => {
  const story = await storyOfPart(
    { start: (env) => env.setTimer("spin", 1), onTimer: (env, name) => env.setTimer(name, 0) },
    { servers: 1, eventsMax: 500 },
  );

  t.equal(story.headline, "More than 500 events in 1 ms of virtual time: timers only.");
  t.equal(story.lines.length, 1, "lines that say the same are merged");
  t.match(story.lines[0].event, /^S1 {2}timer “spin” runs out .*\b40\b/);
});

test("a run may have exactly as many events as it is given", async (t) => {
  const free = worldOf(TICKER);
  await free.runFor(100);
  const { events } = free.simulation;

  await worldOf(TICKER, { eventsMax: events }).runFor(100);
  t.equal((await storyOf(worldOf(TICKER, { eventsMax: events - 1 }).runFor(100))).kind, "budget");
});

const SET = { kind: "setTimer", name: "t", delay: 1 } as const;
const NOTE = { type: "Note" };

/** A host whose server does the same every millisecond. */
function hostThat(does: Partial<Reaction>): Host {
  const effects: Effect[] = [SET, ...(does.effects ?? [])];
  const status = {
    role: "follower",
    currentTerm: 0,
    leader: undefined,
    commitIndex: undefined,
    answer: null,
  } as const;
  const reaction = { ...status, trouble: undefined, steps: 0, ...does, effects, effectCount: effects.length };
  return { react: () => reaction, lateTrouble: () => undefined };
}

/** What a server may do four times and not a fifth time. */
const QUARTERS: readonly {
  readonly does: Partial<Reaction>;
  readonly headline: string;
  readonly next: RegExp;
}[] = [
  {
    does: { effects: Array<Effect>(BUDGET.effects / 4 - 1).fill({ kind: "cancelTimer", name: "x" }) },
    headline: "More than 400,000 calls of env in 4 ms of virtual time: timers only.",
    next: /sends a message for each one it gets/,
  },
  {
    does: {
      effects: [
        { kind: "send", to: 1, bytes: BUDGET.bytes / 4 - SET.name.length, message: NOTE, original: NOTE },
      ],
    },
    headline: "More than 16,000,000 bytes sent or written in 4 ms of virtual time: 5 × Note.",
    next: /What is in these messages that their receivers do not need\?/,
  },
  {
    does: { effects: [{ kind: "write", changes: {}, bytes: BUDGET.bytes / 4 - SET.name.length }] },
    headline: "More than 16,000,000 bytes sent or written in 4 ms of virtual time: timers only.",
    next: /do not need/,
  },
  {
    does: { steps: BUDGET.steps / 4 },
    headline:
      "More than 200,000,000 rounds of loops and calls of functions in 4 ms of virtual time: timers only.",
    next: /far more work than its event asks for/,
  },
];

for (const { does, headline, next } of QUARTERS) {
  test(`a run has a budget: ${headline}`, async (t) => {
    const world = worldOf({}, { host: hostThat(does), scripted: ["S2"] });
    await world.runFor(3);
    t.equal(world.failure, undefined, "exactly as much is allowed");

    const story = await storyOf(world.runFor(1));
    t.equal(story.kind, "budget");
    t.equal(story.headline, headline);
    t.match(String(story.next), next);
  });
}

test("what a server did wrong is told before what it has used up", async (t) => {
  const trouble = { kind: "threw", error: "x" } as const;
  const host = hostThat({ steps: BUDGET.steps + 1, trouble });

  t.equal((await storyOf(worldOf({}, { host, servers: 1 }).runFor(1))).headline, "S1 threw x");
});
