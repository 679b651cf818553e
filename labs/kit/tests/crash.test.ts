import test from "tape";
import type { Env, Server, Status } from "..";
import { FOLLOWER, logged, notesTo, type Part, TICKER, worldOf } from "./helpers";

/** Counts its lives on disk, and the same in memory. */
class Counter implements Server<never> {
  private inMemory = 0;

  constructor(private readonly env: Env<never>) {}

  start(): void {
    const lives = Number(this.env.disk.read("lives") ?? 0) + 1;
    this.inMemory += 1;
    this.env.disk.write({ lives });
    this.env.log(`disk ${lives}, memory ${this.inMemory}`);
  }

  onMessage(): void {}

  onTimer(): void {}

  status(): Status {
    return FOLLOWER;
  }
}

test("what is on disk survives a restart, what is in memory does not", async (t) => {
  const world = worldOf(Counter, { servers: 1 });
  await world.runFor(10);
  for (let life = 2; life <= 3; life++) {
    world.faults.stop("S1");
    await world.runFor(10);
    world.faults.restart("S1");
    await world.runFor(10);
  }

  t.deepEqual(logged(world), ["0 S1 disk 1, memory 1", "20 S1 disk 2, memory 1", "40 S1 disk 3, memory 1"]);
});

test("a write of undefined removes a key, the others stay; each server has a disk of its own", async (t) => {
  const world = worldOf({
    start(env) {
      const keys = ["a", "b", "self"].map((key) => JSON.stringify(env.disk.read(key)) ?? "nothing");
      env.log(keys.join(" "));
      env.disk.write({ a: 1, b: { deep: [true] }, self: env.self });
      env.disk.write({ a: undefined });
      env.log(`a is ${env.disk.read("a") ?? "nothing"} at once`);
    },
  });
  await world.runFor(1);
  world.faults.stop("S2");
  world.faults.restart("S2");
  await world.runFor(1);

  t.deepEqual(logged(world), [
    "0 S1 nothing nothing nothing",
    "0 S1 a is nothing at once",
    "0 S2 nothing nothing nothing",
    "0 S2 a is nothing at once",
    '1 S2 nothing {"deep":[true]} "S2"',
    "1 S2 a is nothing at once",
  ]);
});

test("a stopped server does nothing, and what is sent to it is lost", async (t) => {
  const world = worldOf(TICKER);
  await world.runFor(25);
  world.faults.stop("S2");
  await world.runFor(35);
  t.ok(world.isStopped("S2"));
  t.deepEqual(world.runningIds, ["S1"]);
  t.deepEqual(notesTo(world, "S2"), [10, 20]);
  t.deepEqual(notesTo(world, "S1"), [10, 20], "its timer runs no more");

  world.faults.restart("S2");
  await world.runFor(15);
  t.notOk(world.isStopped("S2"));
  t.deepEqual(notesTo(world, "S2"), [10, 20, 60, 70], "the one of 60 ms was on its way when it came back");
  t.deepEqual(notesTo(world, "S1"), [10, 20, 70], "timers of its earlier life are gone");
});

test("a server that is stopped before any time has passed never starts", async (t) => {
  const world = worldOf(TICKER);
  world.faults.stop("S2");
  await world.runFor(25);

  t.ok(world.isStopped("S2"));
  t.deepEqual(notesTo(world, "S1"), []);
});

test("a server that is stopped again right after its restart stays stopped", async (t) => {
  const world = worldOf(Counter, { servers: 1 });
  await world.runFor(10);
  world.faults.stop("S1");
  world.faults.restart("S1");
  world.faults.stop("S1");
  await world.runFor(10);

  t.ok(world.isStopped("S1"));
  t.equal(logged(world).length, 1);
});

test("a restart of a running server begins a new life: timers of the old one are gone", async (t) => {
  const world = worldOf({
    start: (env) => env.setTimer(`set at ${env.now()}`, 20),
    onTimer: (env, name) => env.log(name),
  });
  await world.runFor(10);
  world.faults.restart("S1");
  await world.runFor(50);

  t.deepEqual(logged(world), ["20 S2 set at 0", "30 S1 set at 10"]);
});

test("the status of a restarted server is that of a new one", async (t) => {
  const climbing: Part = {
    start: (env) => env.disk.read("born") === undefined && env.disk.write({ born: true }),
    status: (env) => (env.now() < 10 ? { role: "candidate", currentTerm: 3 } : FOLLOWER),
  };
  const world = worldOf(climbing, { servers: 1 });
  await world.runFor(20);
  t.deepEqual(world.status("S1").currentTerm, 3);

  world.faults.stop("S1");
  world.faults.restart("S1");
  await world.runFor(1);
  t.deepEqual(world.status("S1"), FOLLOWER, "and going back from term 3 to 0 is no violation");
});
