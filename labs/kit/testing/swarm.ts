import type { Millis, NodeId } from "../contract";
import { Draws, keyOf } from "../random/keyed";
import type { NetworkName } from "../world/conditions";
import type { World } from "../world/world";

/** One fault of a plan: what strikes, when, whom, and when it is undone. */
export interface PlannedFault {
  readonly kind: FaultKind;
  readonly at: Millis;
  readonly lasts: Millis;
  /** The servers in a random order: a fault takes as many of them as it needs. */
  readonly targets: readonly NodeId[];
}

export type FaultKind =
  | "isolate"
  | "split"
  | "bridge"
  | "oneWay"
  | "deafen"
  | "pause"
  | "slow"
  | "clock"
  | "stop";

/** A run's bad luck, as data: leave one fault out and all the others stay as they are. */
export interface SwarmPlan {
  readonly network: NetworkName;
  readonly faults: readonly PlannedFault[];
}

const KINDS: readonly FaultKind[] = [
  "isolate",
  "split",
  "bridge",
  "oneWay",
  "deafen",
  "pause",
  "slow",
  "clock",
  "stop",
];
const WEATHER: readonly NetworkName[] = ["lan", "wan", "lossy", "doubling", "unreliable", "stormy"];
const GAP_MAX: Millis = 1_200;

/** Draws a plan: each seed has its own weather and its own mix of faults (swarm testing, Groce et al. 2012). */
export function planSwarm(seed: number, ids: readonly NodeId[], duration: Millis): SwarmPlan {
  const mix = new Draws(keyOf(seed, "swarm"));
  const network = mix.pick(WEATHER);
  const kinds = mix.shuffle(KINDS).slice(0, mix.int(1, KINDS.length));
  const faults: PlannedFault[] = [];
  let at = mix.int(0, GAP_MAX);
  while (at < duration) {
    const draws = new Draws(keyOf(seed, "fault", faults.length));
    faults.push({ kind: draws.pick(kinds), at, lasts: draws.int(100, 3_000), targets: draws.shuffle(ids) });
    at += draws.int(50, GAP_MAX);
  }
  return { network, faults };
}

/** Plays a plan, then ends all faults: links are whole, nobody is frozen, the network is "lan". Stopped servers stay so. */
export async function playSwarm(world: World, plan: SwarmPlan, duration: Millis): Promise<void> {
  world.faults.network(plan.network);
  for (const fault of plan.faults) {
    world.after(fault.at, () => {
      const undo = strike(world, fault);
      if (undo && fault.at + fault.lasts < duration) world.after(fault.lasts, undo);
    });
  }
  await world.runFor(duration);
  world.faults.heal();
  world.faults.network("lan");
  const frozen = world.ids.filter((id) => !world.isRunning(id) && !world.isStopped(id));
  if (frozen.length > 0) world.faults.resume(...frozen);
}

/** @returns what undoes the fault, if anything does */
function strike(world: World, { kind, targets }: PlannedFault): (() => void) | undefined {
  const { faults, ids } = world;
  const [first, second] = targets;
  const half = Math.ceil(targets.length / 2);
  switch (kind) {
    case "isolate":
      faults.isolate(first);
      return () => faults.rejoin(first);
    case "split":
      faults.partition(targets.slice(0, half), targets.slice(half));
      return () => faults.heal();
    case "bridge":
      faults.partition(targets.slice(0, half), targets.slice(half - 1));
      return () => faults.heal();
    case "oneWay":
      if (second === undefined) return undefined;
      faults.cutOneWay(first, second);
      return () => faults.heal();
    case "deafen":
      faults.deafen(first);
      return () => faults.rejoin(first);
    case "pause":
      if (!world.isRunning(first)) return undefined;
      faults.pause(first);
      return () => {
        if (!world.isStopped(first)) faults.resume(first);
      };
    case "slow":
      for (const id of targets.slice(1)) faults.slow(first, id, 60);
      return () => faults.heal();
    case "clock":
      faults.clockRate(first, targets.indexOf("S1") % 2 === 0 ? 0.9 : 1.1);
      return undefined;
    case "stop": {
      // Never more than a minority: the others must still be able to elect.
      const stopped = ids.filter((id) => world.isStopped(id)).length;
      if ((stopped + 1) * 2 < ids.length && !world.isStopped(first)) faults.stop(first);
      return undefined;
    }
  }
}
