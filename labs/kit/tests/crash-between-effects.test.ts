import test from "tape";
import { logged, note, notesTo, type Part, worldOf } from "./helpers";

/** On a note, S2 writes twice with a send before, between and after. */
const PERSISTING: Part = {
  start(env) {
    env.log(`a ${env.disk.read("a") ?? "-"} b ${env.disk.read("b") ?? "-"}`);
    if (env.self === "S1") env.setTimer("go", 10);
  },
  onTimer: (env, name) => name === "go" && env.send("S2", note(0)),
  onMessage(env) {
    if (env.self === "S1") return;
    env.send("S1", note(1));
    env.disk.write({ a: 1 });
    env.send("S1", note(2));
    env.disk.write({ b: 1 });
    env.send("S1", note(3));
    env.setTimer("later", 1);
  },
};

/** Lets S2 crash before an effect. @returns what S1 got, what S2's disk held, and what S2 found on it afterwards */
async function crashBefore(
  kind: "send" | "write" | "setTimer",
  nth: number,
): Promise<[number[], string[], string]> {
  let seen = 0;
  const world = worldOf(PERSISTING);
  world.faults.stopBefore("S2", (effect) => effect.kind === kind && ++seen === nth);
  await world.runFor(20);
  if (!world.isStopped("S2")) throw new Error("S2 should have crashed.");
  const disk = [...world.simulation.nodes[1].disk.keys()];
  world.faults.restart("S2");
  await world.runFor(5);
  return [notesTo(world, "S1"), disk, logged(world).at(-1) ?? ""];
}

test("a crash between two effects keeps those before and drops the rest", async (t) => {
  t.deepEqual(await crashBefore("send", 1), [[], [], "20 S2 a - b -"]);
  t.deepEqual(await crashBefore("write", 1), [[1], [], "20 S2 a - b -"]);
  t.deepEqual(await crashBefore("send", 2), [[1], ["a"], "20 S2 a 1 b -"]);
  t.deepEqual(await crashBefore("write", 2), [[1, 2], ["a"], "20 S2 a 1 b -"]);
  t.deepEqual(await crashBefore("setTimer", 1), [[1, 2, 3], ["a", "b"], "20 S2 a 1 b 1"]);
});

test("a server that crashes says nothing more: neither its new status nor an error that came after", async (t) => {
  const world = worldOf(
    {
      start: (env) => env.setTimer("t", 10),
      onTimer(env) {
        env.disk.write({ a: 1 });
        throw new Error("after the crash");
      },
      status: (env) => ({ role: "follower", currentTerm: env.now() < 10 ? 0 : 5 }),
    },
    { servers: 1 },
  );
  world.faults.stopBefore("S1", ({ kind }) => kind === "write");
  await world.runFor(20);

  t.ok(world.isStopped("S1"));
  t.equal(world.status("S1").currentTerm, 0);
});

test("a planned crash strikes once: after the restart the same effect goes well", async (t) => {
  const world = worldOf(PERSISTING);
  world.faults.stopBefore("S2", ({ kind }) => kind === "write");
  await world.runFor(20);
  t.ok(world.isStopped("S2"));

  world.faults.stop("S1");
  world.faults.restart("S1", "S2");
  await world.runFor(20);
  t.notOk(world.isStopped("S2"));
  t.deepEqual([...world.simulation.nodes[1].disk.keys()], ["a", "b"]);
});
