import test from "tape";
import { KIND, Trace } from "..";
import { NONE } from "../trace/trace";
import { note, type Part, recordsOf, TICKER, worldOf } from "./helpers";

/** S1's timer leads to a send to S2, whose handler writes, logs and answers. */
const CHAIN: Part = {
  start: (env) => env.self === "S1" && env.setTimer("go", 10),
  onTimer: (env) => env.send("S2", note(1)),
  onMessage(env) {
    if (env.self === "S1") return;
    env.disk.write({ a: 1 });
    env.log("got it");
    env.send("S1", note(2));
    env.cancelTimer("none");
  },
};

test("the trace tells why: each record leads to its cause, back to a start", async (t) => {
  const world = worldOf(CHAIN);
  await world.runFor(20);
  const { trace } = world;
  const kinds = Object.entries(KIND);
  const nameOf = (i: number) => kinds.find(([, kind]) => kind === trace.kindOf(i))?.[0];
  const story: string[] = [];
  for (let i = trace.length - 1; i !== NONE; i = trace.causeOf(i))
    story.push(`${trace.timeOf(i)} ${world.ids[trace.nodeOf(i)]} ${nameOf(i)}`);

  t.deepEqual(story, [
    "14 S1 deliver",
    "12 S2 send",
    "12 S2 deliver",
    "10 S1 send",
    "10 S1 timer",
    "0 S1 setTimer",
    "0 S1 start",
  ]);
});

test("all that a handler did has the handler as its cause, in its order", async (t) => {
  const world = worldOf(CHAIN);
  await world.runFor(20);
  const { trace } = world;
  const [handler] = recordsOf(trace, KIND.deliver);
  const effects = Array.from({ length: trace.length }, (_, i) => i).filter(
    (i) => trace.causeOf(i) === handler,
  );

  t.deepEqual(
    effects.map((i) => trace.kindOf(i)),
    [KIND.write, KIND.log, KIND.send, KIND.cancelTimer],
  );
  for (const i of effects) {
    t.equal(trace.handlerOf(i), handler);
    t.equal(trace.nodeOf(i), 1);
    t.notOk(trace.isHandler(i));
  }
  t.deepEqual(trace.dataOf(effects[0]), { a: 1 });
  t.deepEqual(trace.messageOf(effects[2]), note(2));
  t.equal(trace.peerOf(effects[2]), 0);
  t.ok(trace.isHandler(handler));
  t.equal(trace.handlerOf(handler), handler);
});

test("both arrivals of a doubled message have its one send as their cause", async (t) => {
  const network = { delay: [2, 2], loss: 0, duplication: 1, tail: { chance: 0, delay: [0, 0] } } as const;
  const world = worldOf({ start: (env) => env.self === "S1" && env.send("S2", note(1)) }, { network });
  await world.runFor(600);
  const { trace } = world;

  t.equal(recordsOf(trace, KIND.deliver).length, 2);
  for (const i of recordsOf(trace, KIND.deliver)) t.equal(trace.kindOf(trace.causeOf(i)), KIND.send);
  t.equal(new Set(recordsOf(trace, KIND.deliver).map((i) => trace.causeOf(i))).size, 1);
});

test("a change of status is recorded with what was before", async (t) => {
  const world = worldOf(
    {
      start: (env) => env.setTimer("t", 10),
      status: (env) => ({ role: "follower", currentTerm: 0, commitIndex: env.now() < 10 ? 0 : 4 }),
    },
    { servers: 1 },
  );
  await world.runFor(20);
  const [, change] = recordsOf(world.trace, KIND.status);

  t.equal(recordsOf(world.trace, KIND.status).length, 2, "one at the start, then only what changed");
  t.equal(world.trace.timeOf(change), 10);
  t.deepEqual(world.trace.dataOf(change), {
    before: { role: "follower", currentTerm: 0, leader: undefined, commitIndex: 0 },
    after: { role: "follower", currentTerm: 0, leader: undefined, commitIndex: 4 },
  });
});

test("a trace of many thousand records gives back each as it was written", (t) => {
  const trace = new Trace();
  const length = 5_000;
  const numbers: number[] = [];
  for (let i = 0; i < length; i++) {
    numbers.push(trace.add(i % 12, i * 1_000 + 7, (i % 101) - 1, (i % 100) - 1, i - 1, `text ${i}`));
  }
  const wrong: number[] = [];
  for (let i = 0; i < length; i++) {
    const isRight =
      trace.kindOf(i) === i % 12 &&
      trace.microsOf(i) === i * 1_000 + 7 &&
      trace.timeOf(i) === (i * 1_000 + 7) / 1_000 &&
      trace.nodeOf(i) === (i % 101) - 1 &&
      trace.peerOf(i) === (i % 100) - 1 &&
      trace.causeOf(i) === i - 1 &&
      trace.dataOf(i) === `text ${i}`;
    if (!isRight) wrong.push(i);
  }

  t.equal(trace.length, length);
  t.ok(numbers.every((number, i) => number === i));
  t.deepEqual(wrong, []);
  t.ok(trace.has(KIND.step));
  t.notOk(new Trace().has(KIND.step));
  t.end();
});

test("a run longer than one chunk keeps its causes", async (t) => {
  const world = worldOf(TICKER, { servers: 3 });
  await world.runFor(9_000);
  const { trace } = world;

  t.ok(trace.length > 2 * 4_096);
  const broken = recordsOf(trace, KIND.deliver).filter((i) => {
    const send = trace.causeOf(i);
    const timer = trace.causeOf(send);
    const isSame = trace.nodeOf(send) === trace.peerOf(i) && trace.peerOf(send) === trace.nodeOf(i);
    return !isSame || trace.kindOf(timer) !== KIND.timer || trace.timeOf(i) !== trace.timeOf(timer) + 2;
  });
  t.deepEqual(broken, []);
});
