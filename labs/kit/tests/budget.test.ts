import test from "tape";
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
  t.deepEqual(story.standing, ["S1 follower of term 0", "S2 follower of term 0"]);
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
