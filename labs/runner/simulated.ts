import path from "node:path";
import {
  prematureStory,
  reasonKey,
  type ScriptedPeers,
  type ServerClass,
  type Shrunk,
  storyText,
  type World,
} from "../kit";
import { Diagrams } from "./diagrams";
import { REPLAY_FILE, replayFile } from "./replay-file";
import { keepForReplay, REPLAY_SEED, replayText } from "./replay-log";
import { visible } from "./report/visible.cjs";
import { type Body, type Classes, type Run, runOnce, type Setup } from "./run";
import { RUN_FILE_ENDING, writeRunFile } from "./run-files";
import { CHECKS_EVERY_SEED, differenceWords, sameRunsWords } from "./same-run";
import { type Played, smaller } from "./smaller";
import { isDebugged } from "./watchdog";

export interface SimulatedOptions extends Setup {
  /** The test runs on the seeds 1, 2, … up to this. Without: 10; with scripted peers 5, for less is left to chance. */
  readonly seeds?: number | undefined;
}

const labFolder = (): string => path.dirname(expect.getState().testPath ?? "");
const diagrams = new Diagrams(labFolder);

/** The test whose code hung: in other tests it would hang again, for seconds each time. */
let hung: string | undefined;

if (CHECKS_EVERY_SEED) afterAll(() => void process.stderr.write(closingWords(sameRunsWords())));
if (REPLAY_SEED !== undefined) afterAll(() => void process.stdout.write(`${visible(replayText())}\n`));

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
    if (REPLAY_FILE !== undefined) return tellReplay(title, { classes, setup: options, body });
    // A look at one seed says nothing of the others: their files stay.
    if (REPLAY_SEED === undefined && numberIn(title) !== "") diagrams.clear(numberIn(title));
    for (let seed = first; seed <= last; seed++) {
      const run = await runOnce(classes, options, body, seed);
      if (seed === first || CHECKS_EVERY_SEED || run.failure !== undefined)
        await checkSame(run, () => runOnce(classes, options, body, seed));
      if (REPLAY_SEED !== undefined) keepForReplay(title, run);
      const shrunk = await smaller(run, { classes, setup: options, body });
      tell({ ...run, ...shrunk }, title, options.quiet === true, classes);
    }
  };
}

/** Runs again and compares; but nobody wants to wait for an endless loop again, or step through everything twice. */
async function checkSame(run: Run, again: () => Promise<Run>): Promise<void> {
  if (run.stuckIn !== undefined || isDebugged()) return;
  const difference = differenceWords(run, await again());
  if (difference !== undefined) throw textError(difference);
}

function tell(
  { failure, stuckIn, world, play = { kind: "test", without: [] } }: Run & Partial<Shrunk>,
  title: string,
  isQuiet: boolean,
  classes: Classes,
): void {
  if (failure === undefined) return;
  const number = numberIn(title);
  if (stuckIn !== undefined) hung = number === "" ? "the test above" : number;
  const story = (isQuiet && number !== "" && prematureStory(failure.story, number)) || failure.story;
  const replay = number === "" ? undefined : `npm run replay -- ${number} --seed ${world.seed}`;
  const diagram = number === "" ? undefined : diagrams.draw(number, title, { world, story });
  const file = diagram?.replace(/\.html$/, RUN_FILE_ENDING);
  const isKept =
    stuckIn === undefined &&
    file?.endsWith(RUN_FILE_ENDING) === true &&
    writeRunFile(labFolder(), file, title, { world, failure, play }, classes);
  const text = storyText(story, {
    replay,
    diagram,
    mended: isKept ? `npm run replay -- ${file}` : undefined,
  });
  // The reporter tells each reason once: it gets this along with the text.
  throw Object.assign(textError(text), { reason: reasonKey({ text, story }) });
}

/** Plays the run of a run file, if it is one of this test. */
async function tellReplay(title: string, played: Played): Promise<void> {
  if (REPLAY_FILE === undefined || REPLAY_FILE.test !== title) return;
  const { text, isMended } = await replayFile(REPLAY_FILE, played);
  if (!isMended) throw textError(text);
  process.stdout.write(`${visible(text)}\n`);
}

function closingWords(words: string | undefined): string {
  return words === undefined ? "" : `\n  ${words}\n`;
}

/** "1.3" of "1.3  A server votes once per term"; empty if a title has no number. */
function numberIn(title: string): string {
  return /\d+\.\d+/.exec(title)?.[0] ?? "";
}

/** An error that is nothing but its text: where in this runner it was thrown helps nobody. */
function textError(text: string): Error {
  const error = new Error(text);
  error.stack = text;
  return error;
}
