import test from "tape";
import { Raft } from "../../../solutions/1-election/raft";
import { KIND, LocalHost, Trace, World } from "..";
import { traceHash } from "../trace/hash";
import { NONE } from "../trace/trace";
import { note, type Part, worldOf } from "./helpers";

async function hashOf(seed: number, duration = 3_000): Promise<string> {
  const world = new World({ seed, servers: 5, network: "stormy", host: LocalHost.of(Raft) });
  await world.runFor(duration);
  return world.traceHash;
}

test("the same seed gives the same trace hash twice in one process", async (t) => {
  for (const seed of [0, 1, 1729, -5, 4_294_967_295]) {
    const hash = await hashOf(seed);
    t.match(hash, /^[0-9a-f]{16}$/);
    t.equal(await hashOf(seed), hash);
  }
});

test("different seeds give different trace hashes, and so do different lengths of a run", async (t) => {
  const hashes = new Set<string>();
  for (let seed = 1; seed <= 30; seed++) hashes.add(await hashOf(seed, 500));
  t.equal(hashes.size, 30);

  const [long, longer] = [await hashOf(1, 2_000), await hashOf(1, 2_100)];
  t.notEqual(long, longer);
});

test("the hash sees every message, time, text and step of the run", async (t) => {
  const hash = async (part: Part, text = "step") => {
    const world = worldOf(part);
    world.note(text);
    await world.runFor(50);
    return world.traceHash;
  };
  const sending = (n: number, delay = 10): Part => ({
    start: (env) => env.self === "S1" && env.setTimer("t", delay),
    onTimer: (env) => env.send("S2", note(n)),
  });
  const hashes = [
    await hash(sending(1)),
    await hash(sending(2)),
    await hash(sending(1, 10.001)),
    await hash(sending(1), "stop"),
    await hash({ ...sending(1), onMessage: (env) => env.log("x") }),
    await hash({ ...sending(1), onMessage: (env) => env.log("y") }),
    await hash({ ...sending(1), onMessage: (env) => env.disk.write({ a: 1 }) }),
  ];

  t.equal(new Set(hashes).size, hashes.length);
  t.equal(await hash(sending(1)), hashes[0]);
});

test("the hash sees every column of a record", (t) => {
  const hashWith = (
    change: Partial<Record<"kind" | "at" | "node" | "peer" | "cause", number>>,
    data: object,
  ) => {
    const { kind = KIND.write, at = 1_000, node = 0, peer = 1, cause = 0 } = change;
    const trace = new Trace();
    trace.add(KIND.start, 0, 0, NONE, NONE, undefined);
    trace.add(KIND.start, 0, 1, NONE, NONE, undefined);
    trace.add(kind, at, node, peer, cause, { ...data });
    return traceHash(trace);
  };
  const hashes = [
    hashWith({}, { a: 1 }),
    hashWith({ kind: KIND.status }, { a: 1 }),
    hashWith({ at: 1_001 }, { a: 1 }),
    hashWith({ at: 1_000 + 2 ** -30 }, { a: 1 }),
    hashWith({ node: 1 }, { a: 1 }),
    hashWith({ peer: 0 }, { a: 1 }),
    hashWith({ cause: 1 }, { a: 1 }),
    hashWith({}, { b: 1 }),
    hashWith({}, { a: 2 }),
    hashWith({}, { a: 1 + 2 ** -40 }),
    hashWith({}, { a: "1" }),
    hashWith({}, { a: true }),
    hashWith({}, { a: null }),
    hashWith({}, { a: [1, 2] }),
    hashWith({}, { a: [2, 1] }),
  ];

  t.equal(new Set(hashes).size, hashes.length);
  t.equal(hashWith({}, { a: 1 }), hashes[0]);
  t.end();
});
