import test from "tape";
import type { AnyMessage, Env, Json, ServerClass, Status } from "..";
import { EFFECTS_MAX, HANDLER_BYTES_MAX } from "../host/recording-env";
import { FOLLOWER, note, type Part, storyOfPart, worldOf } from "./helpers";

const starting = (start: (env: Env<AnyMessage>) => void): Part => ({ start });
const headlineOf = async (server: Part | ServerClass) => (await storyOfPart(server)).headline;

test("a handler that returns a promise is refused", async (t) => {
  const PROMISE = "expected a handler that does its work at once; found a promise as its result.";
  const waiting: Part = { start: (env) => env.setTimer("t", 1), onTimer: async () => {} };
  const answering: Part = {
    start: (env) => env.self === "S1" && env.send("S2", note(1)),
    onMessage: async () => {},
  };

  t.equal(await headlineOf({ start: async () => {} }), `S1.start: ${PROMISE}`);
  t.equal(await headlineOf(answering), `S2.onMessage: ${PROMISE}`);
  t.equal(await headlineOf(waiting), `S1.onTimer: ${PROMISE}`);
  const { kind, next } = await storyOfPart({
    start: async () => {},
    status: () => ({ role: "leader", currentTerm: 1 }),
  });
  t.equal(kind, "contract", "whatever else is wrong with it");
  t.match(String(next), /^Remove async and await/);
});

test("an asynchronous handler that rejects is refused, and its rejection does not end the process", async (t) => {
  const rejecting = starting(async () => {
    await undefined;
    throw new Error("nobody waits for this");
  });

  t.match(await headlineOf(rejecting), /found a promise/);
});

test("a constructor has no effects", async (t) => {
  class Eager {
    constructor(env: Env<AnyMessage>) {
      env.setTimer("t", 5);
    }
    start(): void {}
    onMessage(): void {}
    onTimer(): void {}
    status = () => FOLLOWER;
  }

  t.equal(
    await headlineOf(Eager),
    "S1.constructor, env.setTimer: expected a constructor without effects; found a call of env.setTimer.",
  );
});

test("status() has no effects", async (t) => {
  const status = (env: Env<AnyMessage>): Status => {
    env.log("looked at");
    return FOLLOWER;
  };

  t.equal(
    await headlineOf({ status }),
    "S1.status, env.log: expected a status() without effects; found a call of env.log.",
  );
});

test("a class without the methods of a server is refused", async (t) => {
  class Half {
    start(): void {}
    onTimer(): void {}
  }
  const half: unknown = Half;

  t.equal(
    await headlineOf(half as ServerClass),
    "S1: expected a class with all the methods of the skeleton; found none of: onMessage, status.",
  );
});

const STATUSES: readonly { readonly status: unknown; readonly says: string }[] = [
  { status: undefined, says: "an object { role, currentTerm, leader? }; found undefined." },
  { status: null, says: "an object { role, currentTerm, leader? }; found null." },
  { status: "leader", says: 'an object { role, currentTerm, leader? }; found "leader".' },
  {
    status: { role: "boss", currentTerm: 0 },
    says: 'role to be "follower", "candidate" or "leader"; found "boss".',
  },
  { status: { currentTerm: 0 }, says: 'role to be "follower", "candidate" or "leader"; found undefined.' },
  {
    status: { role: "follower", currentTerm: -1 },
    says: "currentTerm to be a whole number, 0 or more; found -1.",
  },
  {
    status: { role: "follower", currentTerm: 1.5 },
    says: "currentTerm to be a whole number, 0 or more; found 1.5.",
  },
  {
    status: { role: "follower", currentTerm: Number.NaN },
    says: "currentTerm to be a whole number, 0 or more; found NaN.",
  },
  {
    status: { role: "follower", currentTerm: "3" },
    says: 'currentTerm to be a whole number, 0 or more; found "3".',
  },
  { status: { role: "follower" }, says: "currentTerm to be a whole number, 0 or more; found undefined." },
  { status: { ...FOLLOWER, leader: 2 }, says: "leader to be a server's name, or absent; found 2." },
  { status: { ...FOLLOWER, leader: null }, says: "leader to be a server's name, or absent; found null." },
  {
    status: { ...FOLLOWER, leader: "L".repeat(201) },
    says: `leader to be a server's name, or absent; found "${"L".repeat(40)}".`,
  },
  {
    status: { ...FOLLOWER, commitIndex: -2 },
    says: "commitIndex to be a whole number, 0 or more; found -2.",
  },
];

test("a status that is not one is refused, field by field", async (t) => {
  for (const { status, says } of STATUSES)
    t.equal(await headlineOf({ status: () => status as Status }), `S1.status(): expected ${says}`);
});

test("a leader's name may have 200 characters", async (t) => {
  const world = worldOf({ status: () => ({ ...FOLLOWER, leader: "L".repeat(200) }) });
  await world.runFor(1);

  t.equal(world.status("S1").leader?.length, 200);
});

test("a server sends only to its peers", async (t) => {
  const to = (name: unknown) => headlineOf(starting((env) => env.send(name as string, note(1))));
  const PEERS = "S1.start, env.send: expected one of this server's peers (S2); found";

  t.equal(await to("S1"), `${PEERS} "S1" as receiver.`);
  t.equal(await to("S3"), `${PEERS} "S3" as receiver.`);
  t.equal(await to(undefined), `${PEERS} undefined as receiver.`);
  t.equal(await to(2), `${PEERS} 2 as receiver.`);
  t.equal(await to({}), `${PEERS} an object as receiver.`);
});

test("a delay is a number of milliseconds, 0 or more", async (t) => {
  const after = (delay: unknown) => headlineOf(starting((env) => env.setTimer("tick", delay as number)));
  const DELAY = 'S1.start, env.setTimer("tick"): expected a delay of 0 to 1,000,000,000 milliseconds; found';

  t.equal(await after(-1), `${DELAY} -1.`);
  t.equal(await after(Number.NaN), `${DELAY} NaN.`);
  t.equal(await after(Number.POSITIVE_INFINITY), `${DELAY} Infinity.`);
  t.equal(await after(undefined), `${DELAY} undefined.`);
  t.equal(await after("50"), `${DELAY} "50".`);
  await worldOf(starting((env) => env.setTimer("tick", 0))).runFor(1);
  t.pass("0 is a delay");
});

test("a timer's name is a text", async (t) => {
  const name: unknown = 7;
  const set = starting((env) => env.setTimer(name as string, 1));
  const cancel = starting((env) => env.cancelTimer(name as string));

  const NAME = "expected a name (a string of at most 200 characters); found";
  t.equal(await headlineOf(set), `S1.start, env.setTimer: ${NAME} 7.`);
  t.equal(await headlineOf(cancel), `S1.start, env.cancelTimer: ${NAME} 7.`);
});

test("a timer's name has at most 200 characters", async (t) => {
  const using = (length: number) => "n".repeat(length);
  const quoted = `"${using(60)}"`;
  const NAME = `expected a name (a string of at most 200 characters); found ${quoted}.`;

  await worldOf(starting((env) => env.setTimer(using(200), 1))).runFor(10);
  await worldOf(starting((env) => env.cancelTimer(using(200)))).runFor(10);
  t.equal(
    await headlineOf(starting((env) => env.setTimer(using(201), 1))),
    `S1.start, env.setTimer: ${NAME}`,
  );
  t.equal(
    await headlineOf(starting((env) => env.cancelTimer(using(201)))),
    `S1.start, env.cancelTimer: ${NAME}`,
  );
});

test("one handler may have ten thousand effects, and not one more", async (t) => {
  const logging = (times: number) =>
    starting((env) => {
      for (let i = 0; i < times; i++) env.log("again");
    });

  await worldOf(logging(EFFECTS_MAX), { servers: 1 }).runFor(1);
  t.equal(
    await headlineOf(logging(EFFECTS_MAX + 1)),
    "S1.start, env: expected at most 10,000 effects of one handler; found one more.",
  );
});

const SENDS_TOO_MUCH = "S1.start, env: expected at most 4,000,000 bytes of one handler; found more.";

test("one handler may hand over four million bytes, and not one more", async (t) => {
  const sized = (bytes: number): AnyMessage => ({ type: "x".repeat(bytes - "type".length - 8) });
  const sending = (...sizes: readonly number[]) =>
    starting((env) => {
      if (env.self === "S1") for (const bytes of sizes) env.send("S2", sized(bytes));
    });
  const all = new Array<number>(HANDLER_BYTES_MAX / 1_000_000).fill(1_000_000);

  await worldOf(sending(...all)).runFor(1);
  t.equal(await headlineOf(sending(...all, 20)), SENDS_TOO_MUCH);
});

test("what a handler writes counts as what it sends, the names of removed keys included", async (t) => {
  const writing = (times: number, changes: (i: number) => Record<string, Json | undefined>) =>
    starting((env) => {
      for (let i = 0; i < times; i++) env.disk.write(changes(i));
    });
  const value = "x".repeat(900_000);
  const key = "k".repeat(900_000);

  t.equal(await headlineOf(writing(5, () => ({ value }))), SENDS_TOO_MUCH);
  t.equal(await headlineOf(writing(5, (i) => ({ [`${key}${i}`]: undefined }))), SENDS_TOO_MUCH);
  await worldOf(writing(4, () => ({ value }))).runFor(1);
});

test("each handler may hand over as much anew", async (t) => {
  const text = "x".repeat(900_000);
  const world = worldOf(
    {
      start: (env) => env.setTimer("t", 1),
      onTimer(env) {
        for (let i = 0; i < 4; i++) env.disk.write({ text });
        if (env.now() < 4) env.setTimer("t", 1);
      },
    },
    { servers: 1 },
  );
  await world.runFor(10);

  t.equal(world.simulation.bytes, 4 * (4 * (8 + "text".length + 900_000) + "t".length));
});

test("a server gets the contract's env, and nothing of what stands behind it", async (t) => {
  const seen: object[] = [];
  await worldOf(
    starting((env) => void seen.push(env)),
    { servers: 1 },
  ).runFor(1);
  const [env] = seen;

  t.deepEqual(Reflect.ownKeys(env).sort(), [
    "cancelTimer",
    "disk",
    "log",
    "now",
    "peers",
    "random",
    "self",
    "send",
    "setTimer",
  ]);
  t.equal(Object.getPrototypeOf(env), Object.prototype, "no class whose methods could be reached");
  t.ok(Object.isFrozen(env));
});

test("two servers cannot talk through their state machines", async (t) => {
  const machines = new Set<unknown>();
  class Collector {
    constructor(_env: unknown, machine: unknown) {
      machines.add(machine);
    }
    start(): void {}
    onMessage(): void {}
    onTimer(): void {}
    status = () => FOLLOWER;
  }
  await worldOf(Collector, { servers: 3 }).runFor(1);

  t.equal(machines.size, 3);
});

test("a server knows its own name, its peers and no more", async (t) => {
  const world = worldOf(
    {
      start: (env) => env.log(`${env.self} of ${env.peers.join(" ")}, frozen: ${Object.isFrozen(env.peers)}`),
    },
    { servers: 3 },
  );
  await world.runFor(1);
  const { trace } = world;

  t.equal(trace.dataOf(1), "S1 of S2 S3, frozen: true");
  t.equal(trace.dataOf(3), "S2 of S1 S3, frozen: true");
});
