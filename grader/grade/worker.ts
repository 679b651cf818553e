import { readFileSync, writeSync } from "node:fs";
import type { Driver, Host, Stimulus } from "../../labs/kit";
import { labByNumber } from "../course/labs";
import { replayCommand } from "../labgrader/replay-command";
import { runSuite } from "../labgrader/runner";
import { bundle } from "../submission/bundle";
import { SubmissionProblem } from "../submission/intake";
import { load } from "../submission/load";
import { suiteOf } from "../suites";
import { CHANNEL, type Job, type Note } from "./protocol";

/** Events between two looks at the clock, and milliseconds between two signs of life. */
const EVENTS_PER_LOOK = 64;
const SIGN_EVERY_MS = 250;

/**
 * A process that runs one submission's tests and reports to its supervisor. It may hang, run out of memory or be ended
 * by the student's code: the supervisor, which runs none of it, draws the conclusions.
 */
async function main(): Promise<void> {
  const job = JSON.parse(readFileSync(0, "utf8")) as Job;
  const lab = labByNumber(job.lab);
  const suite = suiteOf(lab);
  try {
    const bundled = await bundle({ lab, files: job.files });
    say({ kind: "loading" });
    const { makeHost } = load(bundled, lab);
    await runSuite(suite, {
      makeHost: job.locate ? () => announcing(makeHost()) : makeHost,
      driver: driveWithSignsOfLife,
      baseSeed: job.baseSeed,
      seeds: job.seeds,
      seed: job.locate?.seed,
      select: ({ number }) => job.tests.includes(number),
      clock: () => performance.now(),
      replay: (test, seed) => replayCommand(lab, job.folder, test, seed),
      onEvent: (event) => {
        if (event.kind === "run-start") say({ kind: "run", test: event.test.number, seed: event.seed });
        if (event.kind === "test-end") say({ kind: "result", result: event.result });
      },
    });
  } catch (error) {
    if (!(error instanceof SubmissionProblem)) throw error;
    say({ kind: "problem", text: error.message });
  }
  say({ kind: "done" });
}

/** Synchronous, so that what was said before a handler hangs is heard. */
function say(note: Note): void {
  writeSync(CHANNEL, `${JSON.stringify(note)}\n`);
}

let lastSign = 0;

const driveWithSignsOfLife: Driver = async (simulation, host) => {
  for (let events = 1; ; events++) {
    const stimulus = simulation.next();
    if (stimulus === undefined) return;
    simulation.absorb(host.react(stimulus));
    if (events % EVENTS_PER_LOOK === 0 && performance.now() - lastSign > SIGN_EVERY_MS) {
      say({ kind: "alive" });
      lastSign = performance.now();
    }
  }
};

/** A host that says what it is about to do. */
function announcing(host: Host): Host {
  return {
    react: (stimulus) => {
      say({ kind: "event", what: stimulusWords(stimulus) });
      return host.react(stimulus);
    },
    lateTrouble: () => host.lateTrouble(),
  };
}

function stimulusWords({ node, kind, from, message, timer, now }: Stimulus): string {
  const server = `S${node + 1}`;
  const call = {
    start: `${server}.start()`,
    timer: `${server}.onTimer("${timer}")`,
    message: `${server}.onMessage("S${from + 1}", ${message?.type} of term ${message?.term})`,
  };
  return `${call[kind]} at ${Math.round(now)} ms`;
}

main().catch((error: unknown) => {
  say({ kind: "fault", text: error instanceof Error ? (error.stack ?? error.message) : String(error) });
});
