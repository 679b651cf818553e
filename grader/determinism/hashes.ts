import {
  FAULTS_WITH_DISK,
  type KvOperation,
  LocalHost,
  planSwarm,
  playSwarm,
  type ServerClass,
  Workload,
  World,
} from "../../labs/kit";
import { Raft as Election } from "../../solutions/1-election/raft";
import { Raft as Replication } from "../../solutions/2-replication/raft";
import { Raft as Persistence } from "../../solutions/3-persistence/raft";
import { KvClient } from "../../solutions/4-kv/kv-client";
import { KvServer } from "../../solutions/4-kv/kv-server";

/** Runs whose fingerprints are compared across processes, Node versions and browsers. */
const SEEDS = [1, 2, 3, 1729, 4_294_967_295] as const;
const DURATION_MS = 5_000;
/** From one command of the test's to the next. */
const COMMAND_EVERY_MS = 120;

/** The fingerprints of the reference solutions, a line each. Imports nothing of Node: it runs in a browser too. */
export async function fingerprints(): Promise<string> {
  const lines: string[] = [];
  for (const seed of SEEDS) {
    lines.push(
      await fingerprint(1, servers(seed, Election)),
      await fingerprint(2, withCommands(servers(seed, Replication))),
      await fingerprint(3, withCommands(servers(seed, Persistence))),
      await fingerprint(4, withClients(seed)),
    );
  }
  return lines.join("\n");
}

/** One run with every kind of fault: "lab seed servers hash". */
async function fingerprint(lab: number, world: World): Promise<string> {
  const plan =
    lab < 3
      ? planSwarm(world.seed, world.ids, DURATION_MS)
      : planSwarm(world.seed, world.ids, DURATION_MS, FAULTS_WITH_DISK);
  await playSwarm(world, plan, DURATION_MS);
  await world.runFor(DURATION_MS);
  return `${lab} ${world.seed} ${world.ids.length} ${world.traceHash}`;
}

function servers(seed: number, serverClass: ServerClass): World {
  return new World({ seed, servers: 1 + (seed % 7), host: LocalHost.of(serverClass) });
}

/** Every so often all servers that lead are given a command. */
function withCommands(world: World): World {
  const command = (): void => {
    for (const id of world.leaders()) world.submit(id, { at: world.now, by: id });
    world.after(COMMAND_EVERY_MS, command);
  };
  command();
  return world;
}

function withClients(seed: number): World {
  const host = LocalHost.of(KvServer, KvClient);
  const world = new World({ seed, servers: 1 + (seed % 7), clients: 3, host });
  const next = (client: string, n: number): KvOperation =>
    n % 2 === 0 ? { kind: "get", key: "k" } : { kind: "append", key: "k", value: `${client}.${n};` };
  new Workload(world, { next, rest: [10, 200] });
  return world;
}
