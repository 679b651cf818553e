import type { Json, Millis } from "../contract";
import type { Effect } from "../host/reaction";

/** The timers that are set once a node has done something, and when each is due. */
export function timersAfter(
  before: ReadonlyMap<string, Millis>,
  now: Millis,
  effects: readonly Effect[],
): ReadonlyMap<string, Millis> {
  const timers = new Map(before);
  for (const effect of effects) {
    if (effect.kind === "setTimer") timers.set(effect.name, now + effect.delay);
    else if (effect.kind === "cancelTimer") timers.delete(effect.name);
  }
  return timers;
}

/** What is on a disk once a node has done something. */
export function diskAfter(
  disk: ReadonlyMap<string, Json>,
  effects: readonly Effect[],
): ReadonlyMap<string, Json> {
  if (!effects.some(({ kind }) => kind === "write")) return disk;
  const after = new Map(disk);
  for (const effect of effects) {
    if (effect.kind !== "write") continue;
    for (const [key, value] of Object.entries(effect.changes))
      if (value === undefined) after.delete(key);
      else after.set(key, value);
  }
  return after;
}
