import type { Failure, Story } from "../story/failure";
import { HistoryTooHard } from "../testing/linearizable";
import type { World } from "../world/world";
import { ddmin, type TryFirst } from "./ddmin";
import { firstOf, type Tried } from "./first-of";
import type { Limit } from "./limit";
import { isSameFailure } from "./same-failure";

/** Runs the test again on the same seed, without some parts. @returns its world, in which the test may have failed */
export type Again = (without: ReadonlySet<string>) => Promise<World>;

/** A run of the test that failed in the same way. */
export interface FailedRun {
  readonly world: World;
  readonly failure: Failure;
  /** The parts that were left out. */
  readonly without: ReadonlySet<string>;
}

/**
 * Leaves out faults, operations and commands, as long as the test fails in the same way: the test itself decides.
 * @param onSmaller is told each run that failed with fewer parts than the ones before
 */
export async function fewerParts(
  original: World,
  wanted: Story,
  again: Again,
  { limit, breadth }: { readonly limit: Limit; readonly breadth: number },
  onSmaller: (run: FailedRun) => void,
): Promise<void> {
  const all = original.parts.kept;
  const attempt = async (kept: readonly string[]): Promise<Tried<FailedRun>> => {
    const without = new Set(all.filter((part) => !kept.includes(part)));
    const world = await orTooHard(again(without));
    // Nobody knows then how many events there were: as many as in the run that failed.
    if (world === undefined) return { result: undefined, events: original.simulation.events };
    const { failure, simulation } = world;
    const isSame = failure !== undefined && isSameFailure(failure.story, wanted);
    return { result: isSame ? { world, failure, without } : undefined, events: simulation.events };
  };
  const tryFirst: TryFirst<string> = async (candidates) => {
    const found = await firstOf(candidates, attempt, limit);
    if (found === undefined) return undefined;
    onSmaller(found.result);
    // What the run does not come to any more needs not be left out.
    const reached = new Set(found.result.world.parts.kept);
    return { index: found.index, left: candidates[found.index].filter((part) => reached.has(part)) };
  };
  if (all.length > 0 && (await tryFirst([[]])) === undefined) await ddmin(all, tryFirst, breadth);
}

/** @returns undefined where nobody can say whether the run has failed */
function orTooHard(run: Promise<World>): Promise<World | undefined> {
  return run.catch((error: unknown) => {
    if (error instanceof HistoryTooHard) return undefined;
    throw error;
  });
}
