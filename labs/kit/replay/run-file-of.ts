import { type Play, RUN_FILE_FORMAT, RUN_FILE_VERSION, type RunFile, type RunResult } from "../schedule";
import type { Failure } from "../story/failure";
import { KIND } from "../trace/trace";
import type { World } from "../world/world";
import { courseOf } from "./course";

/** What a world does not know of a run. */
export type Origin = Pick<RunFile, "lab" | "suite" | "test" | "code">;

/** Characters of a headline that a file keeps. */
const HEADLINE_MAX = 2_000;

/** A failed run as a run file. @param failure the one that ended it; told otherwise, it is still the same one */
export function runFileOf(
  { world, failure, play }: { readonly world: World; readonly failure: Failure; readonly play: Play },
  origin: Origin,
): RunFile {
  const { seed, ids, clients } = world;
  return {
    format: RUN_FILE_FORMAT,
    version: RUN_FILE_VERSION,
    ...origin,
    seed,
    servers: ids.length,
    clients: clients.length,
    play,
    course: courseOf(world),
    result: resultOf(world, failure),
  };
}

function resultOf({ trace, traceHash }: World, { story }: Failure): RunResult {
  const { kind, property, headline } = story;
  return { kind, property, headline: headline.slice(0, HEADLINE_MAX), events: eventsIn(trace), traceHash };
}

/** How many things happened in a run: what its course tells, if it tells all. */
export function eventsIn(trace: World["trace"]): number {
  let events = 0;
  for (let i = 0; i < trace.length; i++)
    if (trace.isHandler(i) || trace.kindOf(i) === KIND.fault) events += 1;
  return events;
}
