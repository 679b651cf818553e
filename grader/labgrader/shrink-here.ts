import { type Host, shrink } from "../../labs/kit";
import { playWithout } from "./run";
import type { RunOptions } from "./runner";

/** A backstop: otherwise work ends it, which is the same on every machine. */
const FAILURE_MAX_MS = 60_000;
/** Events in all runs that are played for one failure. */
const EVENTS_MAX = 60_000;

/** For {@link RunOptions}: makes failures smaller in this process, for programs that are trusted. */
export function shrinkHere(makeHost: () => Host): NonNullable<RunOptions["shrink"]> {
  return (test, seed, { world, failure }) =>
    shrink({
      world,
      failure,
      makeHost,
      atOnce: (play) => play(),
      again: (without) => playWithout(test, seed, { makeHost }, without),
      clock: () => performance.now(),
      budgetMs: FAILURE_MAX_MS,
      eventsMax: EVENTS_MAX,
    });
}
