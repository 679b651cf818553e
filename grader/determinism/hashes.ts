import { LocalHost, planSwarm, playSwarm, World } from "../../labs/kit";
import { Raft } from "../../solutions/1-election/raft";

/** Runs whose fingerprints are compared across processes, Node versions and browsers. */
const SEEDS = [1, 2, 3, 1729, 4_294_967_295] as const;
const DURATION_MS = 5_000;

/** The fingerprint of one run with every kind of fault: "seed servers hash". */
async function fingerprint(seed: number): Promise<string> {
  const world = new World({ seed, servers: 1 + (seed % 7), host: LocalHost.of(Raft) });
  await playSwarm(world, planSwarm(seed, world.ids, DURATION_MS), DURATION_MS);
  await world.runFor(DURATION_MS);
  return `${seed} ${world.ids.length} ${world.traceHash}`;
}

/** The fingerprints of the reference solution, a line each. Imports nothing of Node: it runs in a browser too. */
export async function fingerprints(): Promise<string> {
  const lines: string[] = [];
  for (const seed of SEEDS) lines.push(await fingerprint(seed));
  return lines.join("\n");
}
