import { Raft } from "../../../solutions/1-election/raft";
import { Raft as Replication } from "../../../solutions/2-replication/raft";
import {
  type AnyMessage,
  type ClientEnv,
  type Env,
  Failure,
  grant,
  type KvOperation,
  type KvResult,
  LocalHost,
  mustBeLinearizable,
  Proposer,
  planSwarm,
  playSwarm,
  requestVote,
  World,
} from "../../kit";
import { type Part, playing } from "../../kit/tests/helpers";

/** A run that failed, as {@link diagramOf} takes it. */
export interface Failed {
  readonly world: World;
  readonly failure: Failure;
}

/** Lets a world fail. */
export async function failed(world: World, run: () => Promise<void>): Promise<Failed> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Failure) return { world, failure: error };
    throw error;
  }
  throw new Error("The run should have failed.");
}

/** S1 asks at 10 ms and S3 at 20 ms; S2 grants both. */
const GENEROUS: Part = {
  start: (env) => env.self !== "S2" && env.setTimer("t", env.self === "S1" ? 10 : 20),
  onTimer: (env) => env.send("S2", requestVote(env.self, 4)),
  onMessage: (env, from) => env.self === "S2" && env.send(from, grant(4)),
};

/** Two votes in one term: a short run. */
export function doubleVote(part: Part = GENEROUS): Promise<Failed> {
  const world = new World({ seed: 1729, servers: 3, host: LocalHost.of(playing(part)) });
  return failed(world, () => world.runFor(50));
}

/** The same, and the test plays all but S2. */
export function scriptedRun(): Promise<Failed> {
  const host = LocalHost.of(playing({}));
  const world = new World({ seed: 1729, servers: 3, host, scripted: ["S1", "S3"] });
  return failed(world, async () => {
    await world.runFor(541.6);
    world.fail({ sentence: "S2 does nothing.", rule: "None.", next: "Why?" });
  });
}

/** Words that mean something to a browser. */
export const HOSTILE = `</script><script>document.title="taken"</script><img src=x onerror="document.title='taken'"><!--\u2028\u202e`;

/** A run whose servers put hostile words wherever they can. */
export function hostileRun(): Promise<Failed> {
  const message = { ...requestVote("S1", 4), type: "RequestVote", note: HOSTILE, [HOSTILE]: HOSTILE };
  const other: AnyMessage = { type: HOSTILE };
  return doubleVote({
    start: (env) => {
      env.log(HOSTILE);
      env.disk.write({ [HOSTILE]: HOSTILE, constructor: 1 });
      if (env.self !== "S2") env.setTimer(HOSTILE, env.self === "S1" ? 10 : 20);
    },
    onTimer: (env) => {
      env.send("S2", other);
      env.send("S2", { ...message, candidateId: env.self } as AnyMessage);
    },
    onMessage: (env, from, { type }) =>
      type === "RequestVote" && env.self === "S2" && env.send(from, grant(4)),
  });
}

/** A long run of a correct cluster with faults and commands, ended by a test that is not content. */
export async function longRun(events: number, seed = 7): Promise<Failed> {
  const world = new World({ seed, servers: 5, host: LocalHost.of(Replication), network: "lan" });
  const duration = 4_000;
  const proposer = new Proposer(world, [5, 60]);
  while (world.simulation.events < events)
    await playSwarm(world, planSwarm(seed, world.ids, duration), duration);
  proposer.stop();
  return failed(world, async () => world.fail({ sentence: "The test is not content." }));
}

/** A quiet leader: hundreds of heartbeats without news. */
export async function quietRun(): Promise<Failed> {
  const world = new World({ seed: 3, servers: 3, host: LocalHost.of(Raft) });
  await world.awaitLeader();
  await world.runFor(2_000);
  return failed(world, async () => world.fail({ sentence: "Nothing happens any more." }));
}

/** Stops, pauses and cuts, each with its end. */
export async function faultyRun(): Promise<Failed> {
  const world = new World({ seed: 3, servers: 3, host: LocalHost.of(Raft) });
  await world.awaitLeader();
  const undo = world.faults.partition(["S1"], ["S2", "S3"]);
  await world.runFor(400);
  undo();
  world.faults.pause("S2");
  await world.runFor(200);
  world.faults.resume("S2");
  world.faults.cutOneWay("S1", "S3");
  await world.runFor(200);
  world.faults.heal();
  world.faults.stop("S3");
  await world.runFor(100);
  return failed(world, async () => world.fail({ sentence: "Too many faults." }));
}

/** Each server of this store answers for itself: a read elsewhere is stale. */
class LonelyStore {
  private readonly values = new Map<string, string>();

  constructor(private readonly env: Env<AnyMessage>) {}

  start(): void {}
  onTimer(): void {}

  onMessage(from: string, { sequence, operation }: AnyMessage): void {
    if (operation === undefined) return;
    if (operation.kind === "put") this.values.set(operation.key, operation.value);
    const result = operation.kind === "get" ? (this.values.get(operation.key) ?? null) : null;
    this.env.send(from, { type: "ClientReply", sequence, ok: true, result });
  }

  status() {
    return { role: "follower", currentTerm: 0 } as const;
  }
}

/** Asks the server that has its number. */
class LoyalClient {
  private sequence = 0;

  constructor(private readonly env: ClientEnv<AnyMessage>) {}

  start(): void {}
  onTimer(): void {}

  invoke(operation: KvOperation): void {
    this.sequence += 1;
    const { self } = this.env;
    this.env.send(self.replace("C", "S"), {
      type: "ClientRequest",
      clientId: self,
      sequence: this.sequence,
      operation,
    });
  }

  onMessage(_from: string, { result }: AnyMessage): void {
    this.env.complete(result as KvResult);
  }
}

/** A read that misses what was written before. */
export async function staleRead(): Promise<Failed> {
  const host = LocalHost.of(LonelyStore, LoyalClient);
  const world = new World({ seed: 1, servers: 2, clients: 2, host, oracles: [] });
  await world.runFor(10);
  world.invoke("C1", { kind: "put", key: "k", value: "v" });
  await world.runFor(50);
  world.invoke("C2", { kind: "get", key: "k" });
  await world.runFor(50);
  return failed(world, async () => mustBeLinearizable(world));
}
