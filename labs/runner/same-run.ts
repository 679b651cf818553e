import { divergenceStory, divergenceText, firstDivergence } from "../kit";
import type { Run } from "./run";

/** True if `npm test -- --check-determinism` was asked for: every seed runs twice, and not only the first. */
export const CHECKS_EVERY_SEED = process.env.LAB_CHECK_DETERMINISM === "1";

/**
 * Compares two runs of one seed, which must be the same, event for event.
 * @returns undefined if they are; else what to say about it
 */
export function differenceWords(first: Run, second: Run): string | undefined {
  const divergence = firstDivergence(first.world, second.world);
  if (divergence === undefined) return undefined;
  return divergenceText(first.world.seed, divergenceStory(first.world, second.world, divergence));
}
