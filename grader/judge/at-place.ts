import type { Place } from "../labgrader/run";
import type { Crossing } from "./crossing";

/** Where a run's servers live, if that is a cell. */
export function placeIn(crossing: Crossing): Place {
  return { makeHost: () => crossing.makeHost(), driver: crossing.drive };
}
