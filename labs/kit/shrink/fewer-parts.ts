import type { Failure, Story } from "../story/failure";
import type { World } from "../world/world";
import { ddmin, type TryFirst } from "./ddmin";
import { firstOf } from "./first-of";
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
  const attempt = async (kept: readonly string[]): Promise<FailedRun | undefined> => {
    const without = new Set(all.filter((part) => !kept.includes(part)));
    const world = await again(without);
    const { failure } = world;
    return failure && isSameFailure(failure.story, wanted) ? { world, failure, without } : undefined;
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
