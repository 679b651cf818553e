import test from "tape";
import { arrivals, logged, note, notesTo, type Part, TICKER, worldOf } from "./helpers";

test("a frozen server does nothing until it goes on; then all that waited happens, in its order", async (t) => {
  const witness: Part = {
    start(env) {
      env.setTimer("tick", 10);
      if (env.self === "S2") env.setTimer("long", 25);
    },
    onMessage: (env, from, message) => env.self === "S2" && env.log(`${from} ${Reflect.get(message, "n")}`),
    onTimer(env, name) {
      if (env.self === "S2") env.log(name);
      else TICKER.onTimer?.(env, name);
    },
  };
  const world = worldOf(witness);
  world.after(5, () => world.faults.pause("S2"));
  world.after(40, () => world.faults.resume("S2"));
  await world.runFor(39);
  t.deepEqual(logged(world), []);
  t.notOk(world.isRunning("S2"));
  t.notOk(world.isStopped("S2"));

  await world.runFor(4);
  t.ok(world.isRunning("S2"));
  t.deepEqual(logged(world), [
    "40 S2 tick",
    "40 S2 S1 10",
    "40 S2 S1 20",
    "40 S2 long",
    "40 S2 S1 30",
    "42 S2 S1 40",
  ]);
});

test("what a server sent before it froze goes on its way", async (t) => {
  const world = worldOf(TICKER);
  world.after(11, () => world.faults.pause("S1"));
  await world.runFor(30);

  t.deepEqual(notesTo(world, "S2"), [10]);
});

test("a server that wakes up first handles its backlog: a message may cancel a timer that is due", async (t) => {
  const part: Part = {
    start: (env) => (env.self === "S1" ? env.send("S2", note(1)) : env.setTimer("late", 20)),
    onMessage: (env) => env.cancelTimer("late"),
    onTimer: (env) => env.log("ran out"),
  };
  const world = worldOf(part);
  world.after(1, () => world.faults.pause("S2"));
  world.after(50, () => world.faults.resume("S2"));
  await world.runFor(60);

  t.deepEqual(logged(world), []);
});

test("stopping a frozen server drops its backlog", async (t) => {
  const world = worldOf(TICKER);
  await world.runFor(5);
  world.faults.pause("S2");
  await world.runFor(30);
  world.faults.stop("S2");
  world.faults.restart("S2");
  await world.runFor(4);
  t.ok(world.isRunning("S2"), "and thaws it");

  world.faults.pause("S2");
  world.faults.resume("S2");
  await world.runFor(0);
  t.deepEqual(notesTo(world, "S2"), []);
});

test("what waited for a server happens once, however often it freezes", async (t) => {
  const world = worldOf(TICKER);
  for (const at of [5, 25, 45]) {
    world.after(at, () => world.faults.pause("S2"));
    world.after(at + 10, () => world.faults.resume("S2"));
  }
  await world.runFor(64);

  t.deepEqual(notesTo(world, "S2"), [10, 20, 30, 40, 50, 60]);
});

test("servers can freeze and go on several at a time", async (t) => {
  const world = worldOf(TICKER, { servers: 3 });
  await world.runFor(5);
  world.faults.pause("S1", "S3");
  t.deepEqual(world.runningIds, ["S2"]);

  world.faults.resume("S1", "S3");
  t.deepEqual(world.runningIds, ["S1", "S2", "S3"]);
  await world.runFor(10);
  t.equal(arrivals(world).length, 6);
});

/** Logs its clock each time a timer of 90 ms (on its own clock) runs out. */
const PENDULUM: Part = {
  start: (env) => env.setTimer("swing", 90),
  onTimer(env) {
    env.log(`${Math.round(env.now())}`);
    env.setTimer("swing", 90);
  },
};

async function swings(rate: number): Promise<{ readonly trueTimes: number[]; readonly ownTimes: number[] }> {
  const world = worldOf(PENDULUM, { servers: 1 });
  world.faults.clockRate("S1", rate);
  await world.runFor(320);
  const fields = logged(world).map((line) => line.split(" "));
  return {
    trueTimes: fields.map(([at]) => Math.round(Number(at))),
    ownTimes: fields.map(([, , own]) => Number(own)),
  };
}

test("a clock that is slow or fast moves timers, and its owner does not notice", async (t) => {
  t.deepEqual(await swings(1), { trueTimes: [90, 180, 270], ownTimes: [90, 180, 270] });
  t.deepEqual(await swings(0.9), { trueTimes: [100, 200, 300], ownTimes: [90, 180, 270] });
  t.deepEqual(await swings(1.1), { trueTimes: [82, 164, 245], ownTimes: [90, 180, 270] });
});

test("a change of the clock's rate keeps the clock where it is, and the timers that are set", async (t) => {
  const world = worldOf(PENDULUM, { servers: 1 });
  world.after(50, () => world.faults.clockRate("S1", 0.5));
  world.after(300, () => world.faults.clockRate("S1", 1));
  await world.runFor(500);

  // 50 ms at full speed, then half of it: at 90 ms its clock says 50 + 20, at 270 ms 160, at 300 ms 175.
  t.deepEqual(logged(world), ["90 S1 70", "270 S1 160", "450 S1 325"]);
});

test("drift is one server's: the clocks of the others are true, and no clock ever goes back", async (t) => {
  const world = worldOf(PENDULUM);
  for (let at = 7; at < 900; at += 13)
    world.after(at, () => world.faults.clockRate("S2", at % 2 === 0 ? 0.9 : 1.1));
  await world.runFor(1_000);
  const own = (id: string) =>
    logged(world).flatMap((line) => (line.includes(id) ? [Number(line.split(" ")[2])] : []));

  t.deepEqual(own("S1"), [90, 180, 270, 360, 450, 540, 630, 720, 810, 900, 990]);
  t.ok(own("S2").length > 8);
  t.ok(own("S2").every((now, i, all) => i === 0 || now > all[i - 1]));
});

test("the clock goes on while a server is stopped", async (t) => {
  const world = worldOf({ start: (env) => env.log(`${env.now()}`) }, { servers: 1 });
  await world.runFor(10);
  world.faults.stop("S1");
  await world.runFor(30);
  world.faults.restart("S1");
  await world.runFor(1);

  t.deepEqual(logged(world), ["0 S1 0", "40 S1 40"]);
});

test("a timer is never early on its server's own clock, right or wrong", async (t) => {
  for (const rate of [1, 0.9, 0.95, 1.03, 1.1]) {
    let deadline = 0;
    let early = 0;
    let rings = 0;
    const set = (env: {
      now(): number;
      random(): number;
      setTimer(name: string, delay: number): void;
    }): void => {
      const delay = env.random() * 20;
      deadline = env.now() + delay;
      env.setTimer("t", delay);
    };
    const world = worldOf(
      {
        start: set,
        onTimer: (env) => {
          rings += 1;
          if (env.now() < deadline) early += 1;
          set(env);
        },
      },
      { servers: 1 },
    );
    world.faults.clockRate("S1", rate);
    await world.runFor(5_000);
    t.ok(rings > 400 && early === 0, `rate ${rate}: ${early} of ${rings} were early`);
  }
});
