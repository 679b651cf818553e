import {
  Exploration,
  HiddenState,
  type Root,
  type SearchOptions,
  type SearchResult,
  type Task,
} from "../search";
import { Failure } from "../story/failure";
import { type WalkOptions, walkRandomly } from "../walks";
import type { World } from "../world/world";

/** Steps from where a stage begins, where it does not say. */
const DEPTH = 40;

/** A part of a search: what may happen in it, and where the next one goes on. */
export interface Stage
  extends Pick<SearchOptions, "budget" | "allow" | "order" | "symmetric" | "watchEvery"> {
  /** Where the next stage begins: in the first states of which this is true. Without: this is the last stage. */
  readonly until?: SearchOptions["goal"];
  /** How many such states. Without: 1. */
  readonly starts?: number | undefined;
  /** States of the cluster that are looked at, at most. */
  readonly states: number;
  /** Steps from where the stage begins, at most. Without: 40. */
  readonly depth?: number | undefined;
}

/** What servers and clients are given to do, and how else it is tried what they make of it. */
export interface Survival extends Task {
  /**
   * Random walks from where the last stage that was come to begins. They compare no states and copy none: whatever a
   * server hides from a search, or tells it, they see what it does.
   */
  readonly walks: Pick<WalkOptions, "walks" | "steps" | "budget">;
}

/**
 * Fails if something breaks in any order of events: the stages of a search are gone through one after the other, each
 * on from where the one before it has ended. Only safety can be asked of a search, for it knows no time. If a stage does not
 * get to where the next one begins, the search is over: what it has not seen it does not blame.
 * @param world says what cluster it is, and where servers run. No time passes in it.
 * @returns what came of the last stage that was gone through
 * @throws RangeError where a stage that is not the last says nowhere to go on from: those after it would never be tried
 */
export async function mustSurvive(
  world: World,
  { walks, ...task }: Survival,
  ...stages: readonly [Stage, ...Stage[]]
): Promise<SearchResult> {
  if (stages.slice(0, -1).some(({ until }) => until === undefined))
    throw new RangeError("Only the last stage of a search is without `until`.");
  const exploration = new Exploration(world, task);
  const search = (): Promise<Searched> => searchAll(exploration, stages);
  const anew = (error: unknown): Promise<Searched> => {
    if (error instanceof HiddenState) return search();
    throw error;
  };
  const { result, from } = await search()
    .catch(anew)
    .catch((error: unknown) => {
      if (!(error instanceof Failure) || exploration.found === undefined) throw error;
      return world.endWith(exploration.found.world, exploration.found.failure);
    });
  const beginnings = from?.map((root) => exploration.movesTo(root));
  await walkRandomly(world, { ...task, ...walks, beginnings });
  return result;
}

/** What came of the last stage that was gone through, and where it began. */
interface Searched {
  readonly result: SearchResult;
  readonly from: readonly Root[] | undefined;
}

/** @throws Failure where something breaks */
async function searchAll(
  exploration: Exploration,
  [stage, ...later]: readonly [Stage, ...Stage[]],
  from?: readonly Root[],
): Promise<Searched> {
  const { until, starts, states, depth = DEPTH, ...rest } = stage;
  const bounds = { states, depth };
  const result = await exploration.search({ ...rest, bounds, goal: until, goals: starts }, from);
  if (result.end === "violation") throw exploration.found?.failure ?? new Error("A violation has no story.");
  const [next, ...others] = later;
  if (next === undefined || result.goals.length === 0) return { result, from };
  return searchAll(exploration, [next, ...others], result.goals);
}
