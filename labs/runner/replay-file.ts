import { readFileSync } from "node:fs";
import { LocalHost, outcomeText, type RunFile, readRunFile, replay } from "../kit";
import { runWatched } from "./run";
import { codeOf } from "./run-files";
import type { Played } from "./smaller";
import { Watchdog } from "./watchdog";

/** The run file that `npm run replay` was given. Undefined in an ordinary test run. */
export const REPLAY_FILE = fileIn(process.env.LAB_RUN_FILE);

function fileIn(path: string | undefined): RunFile | undefined {
  return path === undefined || path === "" ? undefined : readRunFile(readFileSync(path, "utf8"));
}

/**
 * Plays a recorded run on today's code.
 * @returns what came of it, and whether it still fails
 */
export async function replayFile(
  file: RunFile,
  { classes, setup, body }: Played,
): Promise<{ readonly text: string; readonly isMended: boolean }> {
  const watchdog = new Watchdog();
  const outcome = await replay(file, {
    makeHost: () => LocalHost.of(classes.server, classes.client),
    driver: watchdog.drive,
    again: async (without) => (await runWatched(classes, setup, body, file.seed, watchdog, without)).world,
  });
  return { text: outcomeText(file, outcome, codeOf(classes)), isMended: outcome.kind === "mended" };
}
