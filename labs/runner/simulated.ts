import { prematureStory, type ScriptedPeers, type ServerClass, storyText, type World } from "../kit";
import { keepForReplay, REPLAY_SEED, replayText } from "./replay-log";
import { type Body, type Classes, type Run, runOnce, type Setup } from "./run";
import { differenceWords } from "./same-run";
import { isDebugged } from "./watchdog";

export interface SimulatedOptions extends Setup {
  /** The test runs on the seeds 1, 2, … up to this. Without: 10; with scripted peers 5, for less is left to chance. */
  readonly seeds?: number | undefined;
}

/** The test whose code hung: in other tests it would hang again, for seconds each time. */
let hung: string | undefined;

if (REPLAY_SEED !== undefined) afterAll(() => void process.stdout.write(`${replayText()}\n`));

/**
 * Makes a function for jest's `test` that runs `body` in simulated worlds, one for each seed, and tells of the first
 * failure as a story. The first seed runs twice: if the two runs differ, nothing else they say can be trusted.
 *
 * @param studentCode the student's class; in lab 4 `{ server: KvServer, client: KvClient }`
 * @param body with `scripted` it gets the nodes that it plays as its second argument
 */
export function simulated(
  studentCode: ServerClass | Classes,
  options: SimulatedOptions & { readonly scripted: true | "client" },
  body: (world: World, peers: ScriptedPeers) => Promise<void>,
): () => Promise<void>;
export function simulated(
  studentCode: ServerClass | Classes,
  options: SimulatedOptions & { readonly scripted?: false },
  body: (world: World) => Promise<void>,
): () => Promise<void>;
export function simulated(
  studentCode: ServerClass | Classes,
  options: SimulatedOptions,
  body: Body,
): () => Promise<void> {
  const classes = typeof studentCode === "function" ? { server: studentCode } : studentCode;
  const first = REPLAY_SEED ?? 1;
  const last = REPLAY_SEED ?? options.seeds ?? (options.scripted ? 5 : 10);
  return async () => {
    const title = expect.getState().currentTestName ?? "";
    await new Promise(setImmediate); // jest hears of a promise that an earlier test has left unhandled
    if (hung !== undefined) throw textError(`Not run: endless loop in ${hung}`);
    for (let seed = first; seed <= last; seed++) {
      const run = await runOnce(classes, options, body, seed);
      if (seed === first || run.failure !== undefined)
        await checkSame(run, () => runOnce(classes, options, body, seed));
      if (REPLAY_SEED !== undefined) keepForReplay(title, run);
      tell(run, title, options.quiet === true);
    }
  };
}

/** Runs again and compares; but nobody wants to wait for an endless loop again, or step through everything twice. */
async function checkSame(run: Run, again: () => Promise<Run>): Promise<void> {
  if (run.stuckIn !== undefined || isDebugged()) return;
  const difference = differenceWords(run, await again());
  if (difference !== undefined) throw textError(difference);
}

function tell({ failure, stuckIn, world }: Run, title: string, isQuiet: boolean): void {
  if (failure === undefined) return;
  const [number] = /\d+\.\d+/.exec(title) ?? [];
  if (stuckIn !== undefined) hung = number ?? "the test above";
  const story = (isQuiet && number && prematureStory(failure.story, number)) || failure.story;
  throw textError(storyText(story, number && `npm run replay -- ${number} --seed ${world.seed}`));
}

/** An error that is nothing but its text: where in this runner it was thrown helps nobody. */
function textError(text: string): Error {
  const error = new Error(text);
  error.stack = text;
  return error;
}
