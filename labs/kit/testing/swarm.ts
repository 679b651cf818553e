import type { Millis, NodeId } from "../contract";
import { Draws, keyOf } from "../random/keyed";
import type { NetworkName } from "../world/conditions";
import type { Undo } from "../world/faults";
import type { World } from "../world/world";

/** One fault of a plan: what strikes, when, whom, and when it is undone. */
export interface PlannedFault {
  readonly kind: FaultKind;
  readonly at: Millis;
  readonly lasts: Millis;
  /** The servers in a random order: a fault takes as many of them as it needs. */
  readonly targets: readonly NodeId[];
  /** For "crashInside": effects that the server has before it stops. */
  readonly effects: number;
}

/** "stop" is for good; "crash" and "crashInside", in the middle of a handler, end in a restart (from lab 3). */
export type FaultKind =
  | "isolate"
  | "split"
  | "bridge"
  | "oneWay"
  | "deafen"
  | "pause"
  | "slow"
  | "stop"
  | "crash"
  | "crashInside";

/** A run's bad luck, as data: leave one fault out and all the others stay as they are. */
export interface SwarmPlan {
  readonly network: NetworkName;
  /** How fast each server's clock runs, from the beginning to the end. */
  readonly clockRates: readonly number[];
  readonly faults: readonly PlannedFault[];
}

/** Faults that a server without a disk can stand. */
export const FAULTS_WITHOUT_DISK: readonly FaultKind[] = [
  "isolate",
  "split",
  "bridge",
  "oneWay",
  "deafen",
  "pause",
  "slow",
  "stop",
];
/** The same with restarts: nobody stays away for good. */
export const FAULTS_WITH_DISK: readonly FaultKind[] = [
  ...FAULTS_WITHOUT_DISK.filter((kind) => kind !== "stop"),
  "crash",
  "crashInside",
];
const WEATHER: readonly NetworkName[] = ["lan", "wan", "lossy", "doubling", "unreliable", "stormy"];
const GAP_MAX: Millis = 1_200;
const SLOWER_BY: Millis = 60;
/** A server that is to crash in the middle of a handler has so many more effects at most. */
const EFFECTS_BEFORE_CRASH_MAX = 12;
/** In a third of the runs clocks are wrong, by a tenth at most. */
const DRIFT = { chance: 1 / 3, most: 0.1 } as const;

/** Draws a plan: each seed has its own weather and its own mix of faults (swarm testing, Groce et al. 2012). */
export function planSwarm(
  seed: number,
  ids: readonly NodeId[],
  duration: Millis,
  of = FAULTS_WITHOUT_DISK,
): SwarmPlan {
  const mix = new Draws(keyOf(seed, "swarm"));
  const network = mix.pick(WEATHER);
  const kinds = mix.shuffle(of).slice(0, mix.int(1, of.length));
  const drift = mix.chance(DRIFT.chance) ? DRIFT.most : 0;
  const clockRates = ids.map(() => 1 + drift * (2 * mix.next() - 1));
  const faults: PlannedFault[] = [];
  let at = mix.int(0, GAP_MAX);
  while (at < duration) {
    const draws = new Draws(keyOf(seed, "fault", faults.length));
    faults.push({
      kind: draws.pick(kinds),
      at,
      lasts: draws.int(100, 3_000),
      targets: draws.shuffle(ids),
      effects: draws.int(0, EFFECTS_BEFORE_CRASH_MAX),
    });
    at += draws.int(50, GAP_MAX);
  }
  return { network, clockRates, faults };
}

/**
 * Plays a plan, then ends all its faults but two: servers that were stopped for good stay stopped, and wrong clocks stay
 * wrong.
 */
export async function playSwarm(world: World, plan: SwarmPlan, duration: Millis): Promise<void> {
  const { parts } = world;
  if (parts.has("the weather")) world.faults.network(plan.network);
  for (const [i, rate] of plan.clockRates.entries())
    if (rate !== 1 && parts.has(`the clock of ${world.ids[i]}`)) world.faults.clockRate(world.ids[i], rate);
  for (const [i, fault] of plan.faults.entries()) {
    if (!parts.has(`fault ${i + 1}`)) continue;
    world.after(fault.at, () => {
      const undo = strike(world, fault);
      if (undo && fault.at + fault.lasts < duration) world.after(fault.lasts, undo);
    });
  }
  await world.runFor(duration);
  const crashed = plan.faults
    .filter((_, i) => parts.has(`fault ${i + 1}`))
    .filter(({ kind }) => kind === "crash" || kind === "crashInside")
    .map(({ targets }) => targets[0]);
  for (const id of new Set(crashed)) {
    world.faults.stopNever(id);
    if (world.isStopped(id)) world.faults.restart(id);
  }
  world.faults.heal();
  world.faults.network("lan");
  const frozen = world.ids.filter((id) => !world.isRunning(id) && !world.isStopped(id));
  if (frozen.length > 0) world.faults.resume(...frozen);
}

/** @returns what undoes the fault, if anything does */
function strike(world: World, { kind, targets, effects }: PlannedFault): Undo | undefined {
  const { faults, ids } = world;
  const [first, second] = targets;
  const half = Math.ceil(targets.length / 2);
  switch (kind) {
    case "isolate":
      return faults.partition([first], targets.slice(1));
    case "split":
      return faults.partition(targets.slice(0, half), targets.slice(half));
    case "bridge":
      return faults.partition(targets.slice(0, half), targets.slice(half - 1));
    case "oneWay":
      return second === undefined ? undefined : faults.cutOneWay(first, second);
    case "deafen":
      return faults.deafen(first);
    case "pause":
      if (!world.isRunning(first)) return undefined;
      faults.pause(first);
      return () => {
        if (!world.isStopped(first)) faults.resume(first);
      };
    case "slow": {
      const undos = targets.slice(1).map((id) => faults.slow(first, id, SLOWER_BY));
      return () => {
        for (const undo of undos) undo();
      };
    }
    case "crash":
      if (!world.isRunning(first)) return undefined;
      faults.stop(first);
      return () => restartIfStopped(world, first);
    case "crashInside":
      if (!world.isRunning(first)) return undefined;
      faults.stopAfter(first, effects);
      return () => {
        faults.stopNever(first);
        restartIfStopped(world, first);
      };
    case "stop": {
      // Never more than a minority: the others must still be able to elect.
      const stopped = ids.filter((id) => world.isStopped(id)).length;
      if ((stopped + 1) * 2 < ids.length && !world.isStopped(first)) faults.stop(first);
      return undefined;
    }
  }
}

function restartIfStopped(world: World, id: NodeId): void {
  if (world.isStopped(id)) world.faults.restart(id);
}
