import { runText } from "../kit";
import type { Run } from "./run";

/** The seed that `npm run replay` asks for. Undefined in an ordinary test run. */
export const REPLAY_SEED = seedFrom(process.env.LAB_SEED);

function seedFrom(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  const error = new Error(
    `LAB_SEED: expected a seed, a whole number from 1 on; found “${text}”. A failed test names its seed.`,
  );
  error.stack = error.message; // where in this runner it was noticed helps nobody
  throw error;
}

/** True if `npm run replay` was asked for every heartbeat. */
const IS_WHOLE = process.env.LAB_WHOLE === "1";

interface Replayed {
  readonly title: string;
  readonly run: Run;
}

const replayed: Replayed[] = [];

/** Keeps a run to be shown when all tests are through: by then it is known which of them failed. */
export function keepForReplay(title: string, run: Run): void {
  replayed.push({ title, run });
}

/** The runs as text, whole. If some failed, the others are only named: nobody looks for a mistake in them. */
export function replayText(): string {
  const someFailed = replayed.some(({ run }) => run.failure !== undefined);
  return replayed.map((entry) => chapter(entry, someFailed)).join("\n");
}

function chapter({ title, run: { world, failure } }: Replayed, someFailed: boolean): string {
  const head = `${title}   (seed ${world.seed}, ${world.ids.length} servers)`;
  const end = `${failure === undefined ? "passed" : "failed"} at ${Math.round(world.now)} ms, trace ${world.traceHash}`;
  if (failure === undefined && someFailed) return `${head}\n${end}\n`;
  return `${head}\n\n${runText(world, IS_WHOLE)}\n\n${end}\n`;
}
