import test from "tape";
import type { AnyMessage, Env } from "..";
import { logged, worldOf } from "./helpers";

/** What timers run out, and when, in a server that does this at the start and that when a timer runs out. */
async function timersOf(
  start: (env: Env<AnyMessage>) => void,
  onTimer: (env: Env<AnyMessage>, name: string) => void = () => {},
): Promise<string[]> {
  const world = worldOf(
    {
      start,
      onTimer(env, name) {
        env.log(name);
        onTimer(env, name);
      },
    },
    { servers: 1 },
  );
  await world.runFor(100);
  return logged(world).map((line) => line.replace(" S1 ", " "));
}

test("a timer runs out once, after its delay", async (t) => {
  t.deepEqual(await timersOf((env) => env.setTimer("a", 30)), ["30 a"]);
});

test("a timer that is set again is replaced, by an earlier or a later one", async (t) => {
  const twice = (first: number, second: number) =>
    timersOf((env) => {
      env.setTimer("a", first);
      env.setTimer("a", second);
    });

  t.deepEqual(await twice(30, 50), ["50 a"]);
  t.deepEqual(await twice(50, 30), ["30 a"]);
  t.deepEqual(await twice(30, 30), ["30 a"]);
});

test("a timer that is cancelled does not run out, and can be set again", async (t) => {
  const cancelled = await timersOf((env) => {
    env.setTimer("a", 30);
    env.setTimer("b", 40);
    env.cancelTimer("a");
    env.cancelTimer("never set");
  });
  const again = await timersOf((env) => {
    env.setTimer("a", 30);
    env.cancelTimer("a");
    env.setTimer("a", 60);
  });

  t.deepEqual(cancelled, ["40 b"]);
  t.deepEqual(again, ["60 a"]);
});

test("timers of different names run side by side; those of the same moment in the order of setting", async (t) => {
  const times = await timersOf((env) => {
    env.setTimer("late", 40);
    env.setTimer("b", 20);
    env.setTimer("a", 20);
    env.setTimer("", 10);
  });

  t.deepEqual(times, ["10 ", "20 b", "20 a", "40 late"]);
});

test("a timer can be set again from its own handler, and cancel one of the same moment", async (t) => {
  const repeated = await timersOf(
    (env) => env.setTimer("a", 30),
    (env) => env.setTimer("a", 30),
  );
  const rivals = await timersOf(
    (env) => {
      env.setTimer("first", 30);
      env.setTimer("second", 30);
    },
    (env) => env.cancelTimer("second"),
  );

  t.deepEqual(repeated, ["30 a", "60 a", "90 a"]);
  t.deepEqual(rivals, ["30 first"]);
});

test("a delay of 0 runs out at the same time, after the handler; fractions count to the microsecond", async (t) => {
  const times = await timersOf(
    (env) => env.setTimer("zero", 0),
    (env, name) => name === "zero" && env.setTimer("fraction", 12.3456),
  );

  t.deepEqual(times, ["0 zero", "12.346 fraction"]);
});

test("servers have timers of their own, even under the same name", async (t) => {
  const world = worldOf({
    start(env) {
      env.setTimer("a", env.self === "S1" ? 10 : 20);
      if (env.self === "S2") env.cancelTimer("b");
      else env.setTimer("b", 15);
    },
    onTimer: (env, name) => env.log(name),
  });
  await world.runFor(50);

  t.deepEqual(logged(world), ["10 S1 a", "15 S1 b", "20 S2 a"]);
});
