import test from "tape";
import type { AnyMessage, Client, ClientEnv, Env, KvOperation, KvResult, NodeId, Server, Status } from "..";
import { historyOf, mustBeLinearizable, World } from "..";
import { LocalHost } from "../host/local-host";
import { storyOf } from "./helpers";

/** A store for itself: what another server was told it does not know. */
class Hermit implements Server<AnyMessage> {
  private value: string | null = null;
  private role: Status["role"] = "follower";

  constructor(private readonly env: Env<AnyMessage>) {}
  start(): void {
    this.env.setTimer("lead", 20);
  }
  onTimer(): void {
    this.role = "leader";
  }
  onMessage(from: NodeId, { operation, sequence }: AnyMessage): void {
    if (operation?.kind === "put") this.value = operation.value;
    const result: KvResult = operation?.kind === "get" ? this.value : null;
    this.env.send(from, { type: "ClientReply", sequence, ok: true, result });
  }
  status(): Status {
    return { role: this.role, currentTerm: this.env.self === "S1" ? 1 : 2 };
  }
}

/** C1 asks S1, C2 asks S2, and so on. */
class Loyal implements Client<AnyMessage> {
  private sequence = 0;
  constructor(private readonly env: ClientEnv<AnyMessage>) {}
  start(): void {}
  onTimer(): void {}
  invoke(operation: KvOperation): void {
    this.sequence += 1;
    const { self, peers } = this.env;
    const server = peers[(Number(self.slice(1)) - 1) % peers.length];
    this.env.send(server, { type: "ClientRequest", clientId: self, sequence: this.sequence, operation });
  }
  onMessage(_from: NodeId, { result }: AnyMessage): void {
    this.env.complete(result ?? null);
  }
}

const PUT: KvOperation = { kind: "put", key: "k", value: "C1.1;" };
const GET: KvOperation = { kind: "get", key: "k" };

function worldOfHermits(): World {
  const host = LocalHost.of(Hermit, Loyal);
  return new World({ seed: 1, servers: 2, clients: 3, network: "calm", host, oracles: [] });
}

test("what one order explains is all right, open operations too", async (t) => {
  const world = worldOfHermits();
  await world.runFor(1);
  world.invoke("C1", PUT);
  await world.runFor(10);
  world.invoke("C3", GET); // asks S1, like C1
  await world.runFor(10);
  world.faults.stop("S2");
  world.invoke("C2", GET);
  await world.runFor(10);

  mustBeLinearizable(world);
  t.deepEqual(
    historyOf(world).map(({ client, completed }) => [client, completed?.result]),
    [
      ["C1", null],
      ["C3", "C1.1;"],
      ["C2", undefined],
    ],
  );
});

test("what no order explains is told with what went on behind the clients' backs", async (t) => {
  const world = worldOfHermits();
  await world.runFor(30);
  world.invoke("C1", PUT);
  await world.runFor(10);
  world.faults.partition(["S1"], ["S2"]);
  world.invoke("C2", GET);
  await world.runFor(10);

  const story = await storyOf(Promise.resolve().then(() => mustBeLinearizable(world)));
  t.equal(story.kind, "violation");
  t.match(
    story.headline,
    /^Linearizability \(Raft §8\): C2 read k at 40–44 ms and found nothing, but C1's put of "C1\.1;" had completed/,
  );
  const figure = story.figure?.join("\n") ?? "";
  t.match(figure, /^C1 +├─* put "C1\.1;"/m, "the operations");
  t.match(figure, /^C2 .*✗$/m, "the one that cannot be explained");
  t.match(figure, /^S2 .*leads term 2/m, "who led");
  t.match(figure, /^faults .*the network splits: S1 \| S2/m, "and what struck");
  t.ok(
    story.lines.some(({ isWrong }) => isWrong),
    "the wrong step is marked among the events",
  );
  t.equal(world.failure?.story, story, "the run has failed for good");
});
