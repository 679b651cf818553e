import test from "tape";
import type { AnyMessage, Client, ClientEnv, Env, KvOperation, NodeId, Server, Status } from "..";
import { FAULTS_WITH_DISK, KIND, planSwarm, playSwarm, Workload, World } from "..";
import { LocalHost } from "../host/local-host";
import { recordsOf, storyOf, TICKER, worldOf } from "./helpers";

/** Answers every request with its own name. */
class Echo implements Server<AnyMessage> {
  constructor(private readonly env: Env<AnyMessage>) {}
  start(): void {}
  onTimer(): void {}
  onMessage(from: NodeId, { type, sequence }: AnyMessage): void {
    if (type === "ClientRequest")
      this.env.send(from, { type: "ClientReply", sequence, ok: true, result: this.env.self });
  }
  status = (): Status => ({ role: "follower", currentTerm: 0 });
}

/** Asks S1 once for each operation. */
class Asker implements Client<AnyMessage> {
  protected sequence = 0;
  constructor(protected readonly env: ClientEnv<AnyMessage>) {}
  start(): void {}
  onTimer(): void {}
  invoke(operation: KvOperation): void {
    this.sequence += 1;
    const { self: clientId, peers } = this.env;
    this.env.send(peers[0], { type: "ClientRequest", clientId, sequence: this.sequence, operation });
  }
  onMessage(_from: NodeId, { result }: AnyMessage): void {
    this.env.complete(result ?? null);
  }
}

const GET: KvOperation = { kind: "get", key: "k" };
const worldWith = (
  client: new (...args: never[]) => Client<AnyMessage> = Asker as never,
  clients = 2,
): World =>
  new World({ seed: 1, servers: 2, clients, network: "calm", host: LocalHost.of(Echo, client as never) });

test("a client's operation goes to a server and comes back with its result", async (t) => {
  const world = worldWith();
  await world.runFor(10);
  const operation = world.invoke("C1", GET);
  t.ok(world.isBusy("C1"));
  await world.runFor(10);

  t.notOk(world.isBusy("C1"));
  t.equal(operation.result, "S1");
  t.equal(operation.invokedAt, 10);
  t.equal(operation.completedAt, 14, "two ways of 2 ms");
  t.ok((operation.completion ?? 0) > operation.record);
  t.deepEqual(world.invocations, [operation]);
  t.end();
});

test("clients count for no majority and stand in no list of servers", (t) => {
  const world = worldWith();
  t.deepEqual(world.ids, ["S1", "S2"]);
  t.deepEqual(world.clients, ["C1", "C2"]);
  t.deepEqual(world.names, ["S1", "S2", "C1", "C2"]);
  t.end();
});

test("one operation at a time", async (t) => {
  const world = worldWith();
  world.invoke("C1", GET);
  t.throws(() => world.invoke("C1", GET), /C1 still works on another operation/);
  t.end();
});

test("a client that completes twice, or with something else than a result, breaks the contract", async (t) => {
  class Twice extends Asker {
    override onMessage(): void {
      this.env.complete("a");
      this.env.complete("b");
    }
  }
  const twice = worldWith(Twice as never);
  twice.invoke("C1", GET);
  t.match(
    (await storyOf(twice.runFor(10))).headline,
    /C1\.onMessage, env\.complete.*expected one result for each operation; found a second one/,
  );
  class Odd extends Asker {
    override onMessage(): void {
      this.env.complete(7 as never);
    }
  }
  const odd = worldWith(Odd as never);
  odd.invoke("C1", GET);
  t.match(
    (await storyOf(odd.runFor(10))).headline,
    /expected a result: a string, true, false or null; found 7/,
  );
  t.end();
});

test("a client reaches servers only", async (t) => {
  class Gossip extends Asker {
    override invoke(): void {
      this.env.send("C2", { type: "Note" } as AnyMessage);
    }
  }
  const world = worldWith(Gossip as never);
  world.invoke("C1", GET);
  t.match((await storyOf(world.runFor(10))).headline, /expected one of the servers \(S1, S2\).*found "C2"/);
  t.end();
});

test("a partition takes along the clients that it names; others reach everybody", async (t) => {
  const world = worldWith();
  await world.runFor(1);
  world.faults.partition(["S1"], ["S2", "C1"]);
  world.invoke("C1", GET);
  world.invoke("C2", GET);
  await world.runFor(10);
  t.ok(world.isBusy("C1"), "C1 is on the other side");
  t.notOk(world.isBusy("C2"));
  t.end();
});

test("a workload keeps clients busy: each rests, goes on, and its choices hang on the seed", async (t) => {
  const run = async () => {
    const world = worldWith();
    const workload = new Workload(world, {
      each: 20,
      rest: [1, 5],
      next: (client, n, draws) => ({ kind: "put", key: draws.pick(["a", "b"]), value: `${client}.${n}` }),
    });
    await world.runUntil(
      () => workload.isDone,
      1_000,
      () => ({ sentence: "not done" }),
    );
    return world;
  };
  const [one, two] = [await run(), await run()];
  t.equal(one.invocations.length, 40);
  t.equal(one.traceHash, two.traceHash);
  const keys = one.invocations.map(({ operation }) => operation.key);
  t.ok(keys.includes("a") && keys.includes("b"));
  t.end();
});

test("a workload that is stopped begins nothing more", async (t) => {
  const world = worldWith();
  const workload = new Workload(world, { next: () => GET });
  await world.runFor(20);
  workload.stop();
  await world.runFor(10);
  const { length } = world.invocations;
  await world.runFor(50);
  t.ok(length > 4 && workload.isDone);
  t.equal(world.invocations.length, length);
  t.end();
});

test("a swarm with restarts crashes servers, in handlers too, and ends with all of them running", async (t) => {
  let restarts = 0;
  for (let seed = 1; seed <= 30; seed++) {
    const world = worldOf(TICKER, { seed, servers: 5, oracles: [] });
    await playSwarm(world, planSwarm(seed, world.ids, 3_000, FAULTS_WITH_DISK), 3_000);
    restarts += recordsOf(world.trace, KIND.start).length - 5;
    await world.runFor(1);
    t.deepEqual(world.runningIds, world.ids, `seed ${seed}`);
    await world.runFor(500);
    t.deepEqual(world.runningIds, world.ids, `seed ${seed}: nobody stops later`);
  }
  t.ok(restarts > 15, `${restarts} restarts`);
});
