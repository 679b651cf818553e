import type { Play } from "../schedule";
import type { Story } from "../story/failure";
import type { World } from "../world/world";
import { movesOf } from "./stage";

/**
 * How a run is played again just as it was. One that somebody scheduled, as a search does, needs no test for that; any
 * other is played by its test, with all its parts.
 */
export function wholePlay(world: World): Play {
  return world.isScheduled
    ? { kind: "schedule", isExact: false, moves: movesOf(world, false) }
    : { kind: "test", without: [] };
}

/** True for a failure that only the clients' history shows. */
export function isAboutHistory({ property }: Pick<Story, "property">): boolean {
  return property === "Linearizability";
}
