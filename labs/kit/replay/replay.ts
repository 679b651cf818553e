import type { RunFile } from "../schedule";
import { isSameFailure } from "../shrink/same-failure";
import { Stage, type StageOptions } from "../shrink/stage";
import { isAboutHistory } from "../shrink/whole-play";
import { toldWhole } from "../shrink/whole-story";
import { Failure } from "../story/failure";
import type { World } from "../world/world";
import { courseOf, type Parting, partingOf } from "./course";

/** What a recorded run comes to on today's code. */
export interface Outcome {
  /** "other": it fails, but not as it was recorded. */
  readonly kind: "same" | "other" | "mended";
  /** Where it can be seen. */
  readonly world: World;
  readonly failure: Failure | undefined;
  /** Where today's run leaves the recorded one; undefined if it does not, as far as that was recorded. */
  readonly parting: Parting | undefined;
}

export interface ReplayOptions extends Pick<StageOptions, "makeHost" | "driver"> {
  /** Runs the test itself, without some parts. Needed for a file that asks for it. */
  readonly again?: ((without: ReadonlySet<string>) => Promise<World>) | undefined;
}

/**
 * Plays a recorded run on today's code.
 * @throws RangeError if only the test itself can play it, and is not there
 * @throws HistoryTooHard where nobody can say whether it fails
 */
export async function replay(file: RunFile, options: ReplayOptions): Promise<Outcome> {
  const played = await playAgain(file, options);
  const world = played.stage; // what a search finds can be seen there
  const failure =
    played.failure === undefined ? undefined : new Failure(toldWhole(played.failure.story, world));
  const course = courseOf(world);
  // A world that only lends its servers to a search has no run of its own: there is nothing to compare.
  const parting = course.length === 0 ? undefined : partingOf(file.course, course);
  return { kind: kindOf(file, failure), world, failure, parting };
}

async function playAgain(
  { play, seed, servers, clients, result }: RunFile,
  { makeHost, driver, again }: ReplayOptions,
): Promise<World> {
  if (play.kind === "schedule") {
    const judgesHistory = isAboutHistory(result);
    const stage = new Stage({ seed, makeHost, driver, isExact: play.isExact, judgesHistory });
    return stage.run({ servers, clients }, play.moves);
  }
  if (again === undefined)
    throw new RangeError("Only the test itself can play this run, and it is not there.");
  return again(new Set(play.without));
}

function kindOf({ result }: RunFile, failure: Failure | undefined): Outcome["kind"] {
  if (failure === undefined) return "mended";
  return isSameFailure(failure.story, result) ? "same" : "other";
}
