import { divergenceStory, divergenceText, firstDivergence } from "../kit";
import type { Run } from "./run";

/** True if `npm test -- --check-determinism` was asked for: every seed runs twice, and not only the first. */
export const CHECKS_EVERY_SEED = process.env.LAB_CHECK_DETERMINISM === "1";

/** Runs of this test file that were made twice, and how many of those were not the same the second time. */
const compared = { runs: 0, different: 0 };

/** What the comparisons came to; undefined if a difference was found, which its test tells, or if there were none. */
export function sameRunsWords({ runs, different } = compared): string | undefined {
  if (runs === 0 || different > 0) return undefined;
  const were = runs === 1 ? "1 run was made twice, and it was" : `${runs} runs were made twice, and each was`;
  return `Determinism: ${were} the same, event for event.`;
}

/**
 * Compares two runs of one seed, which must be the same, event for event.
 * @returns undefined if they are; else what to say about it
 */
export function differenceWords(first: Run, second: Run): string | undefined {
  const divergence = firstDivergence(first.world, second.world);
  compared.runs += 1;
  if (divergence !== undefined) compared.different += 1;
  if (divergence === undefined) return undefined;
  return divergenceText(first.world.seed, divergenceStory(first.world, second.world, divergence));
}
