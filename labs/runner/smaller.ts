import { LocalHost, type Shrunk, shrink } from "../kit";
import { leaveHandler } from "../kit/host/guards";
import { type Body, type Classes, type Run, runWatched, type Setup } from "./run";
import { comesToAnEnd, isDebugged, STUCK_AFTER_MS, Watchdog } from "./watchdog";

/** Computing time that is spent on one failure, and on all of a test file: a student waits for it. */
const FAILURE_MAX_MS = 1_500;
const FILE_MAX_MS = 4_000;
/** A run that has not come to its end by then is none of the smaller ones. */
const STUCK_MAX_MS = 500;

/** LAB_SHRINK=0: failures are told as they were found, for who runs many programs and reads few stories. */
const IS_OFF = process.env.LAB_SHRINK === "0";

let leftMs = FILE_MAX_MS;

/** What was run. */
export interface Played {
  readonly classes: Classes;
  readonly setup: Setup;
  readonly body: Body;
}

/**
 * Looks for a smaller run in which the same goes wrong as in one that failed.
 * @returns undefined where nobody should look: nothing failed, or it hung, or somebody steps through it
 */
export async function smaller(
  { world, failure, stuckIn }: Run,
  { classes, setup, body }: Played,
): Promise<Shrunk | undefined> {
  if (failure === undefined || stuckIn !== undefined || IS_OFF || isDebugged()) return undefined;
  const stuckAfterMs = Math.min(STUCK_MAX_MS, STUCK_AFTER_MS);
  const startedAt = computedMs();
  const shrunk = await shrink({
    world,
    failure,
    makeHost: () => LocalHost.of(classes.server, classes.client),
    atOnce: (play) => {
      if (!comesToAnEnd(play, stuckAfterMs)) leaveHandler(); // it was in the middle of one
    },
    again: async (without) =>
      (await runWatched(classes, setup, body, world.seed, new Watchdog(undefined, stuckAfterMs), without))
        .world,
    clock: computedMs,
    budgetMs: Math.min(FAILURE_MAX_MS, leftMs),
  });
  leftMs = Math.max(0, leftMs - (computedMs() - startedAt));
  return shrunk;
}

/** What this process has computed so far: a busy machine finds the same smaller run as an idle one. */
function computedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
