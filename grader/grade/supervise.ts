import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Lab } from "../course/labs";
import { type SuiteResult, suiteResult, type TestResult } from "../labgrader/result";
import type { TestCase } from "../labgrader/suite";
import type { Submission } from "../submission/intake";
import { suiteOf } from "../suites";
import type { Job, Note } from "./protocol";

/** A worker needs this long at the most to start, before it touches the submission. */
const START_MAX_MS = 60_000;
/** Without a sign of life for this long, a worker is stopped. A healthy one gives a sign many times a second. */
const SILENCE_MAX_MS = 5_000;
/** The same, once a submission has been stopped before. */
const SILENCE_AGAIN_MAX_MS = 1_500;
/** How often a submission may be stopped before the rest of its tests are given up. */
const STOPS_MAX = 4;
const HEAP_MAX_MB = 512;
const STDERR_MAX_CHARS = 4_000;

export interface GradeOptions {
  readonly baseSeed: number;
  readonly seeds?: number | undefined;
  readonly onResult?: ((result: TestResult) => void) | undefined;
}

/** What came of grading one lab of one submission. */
export type Graded =
  | { readonly kind: "graded"; readonly result: SuiteResult }
  /** The submission cannot be run at all; `text` tells its author why. */
  | { readonly kind: "problem"; readonly text: string }
  /** The grader could not do its work. Never a zero. */
  | { readonly kind: "grader-error"; readonly text: string };

/** How one worker ended. */
interface Outcome {
  readonly end: "done" | "silent" | "died";
  readonly problem?: string | undefined;
  /** The test and seed that were running. */
  readonly running?: { readonly test: string; readonly seed: number } | undefined;
  readonly lastEvent?: string | undefined;
  readonly howItDied: string;
}

/**
 * Grades a submission in processes of its own. Which tests there are is known before any of them runs; one that
 * brings no result has failed.
 */
export async function gradeSubmission(submission: Submission, options: GradeOptions): Promise<Graded> {
  const { lab } = submission;
  const tests = suiteOf(lab).tests;
  const results = new Map<string, TestResult>();
  const note = (result: TestResult) => {
    results.set(result.number, result);
    options.onResult?.(result);
  };
  for (let stops = 0; ; stops++) {
    const open = tests.filter(({ number }) => !results.has(number));
    if (open.length === 0) break;
    if (stops > STOPS_MAX) {
      for (const test of open)
        note(unfinished(test, `Not run: ${stops} earlier tests had to be stopped. Mend those first.`));
      break;
    }
    const job = jobFor(
      submission,
      options,
      open.map(({ number }) => number),
    );
    const outcome = await runWorker(job, stops === 0 ? SILENCE_MAX_MS : SILENCE_AGAIN_MAX_MS, note);
    if (outcome.problem !== undefined) return { kind: "problem", text: outcome.problem };
    if (outcome.end === "done") {
      for (const test of tests)
        if (!results.has(test.number)) note(unfinished(test, "This test brought no result."));
      break;
    }
    const { running } = outcome;
    const stopped = tests.find(({ number }) => number === running?.test);
    if (running === undefined || stopped === undefined) {
      return outcome.end === "silent"
        ? {
            kind: "problem",
            text: `Loading the file takes more than ${SILENCE_MAX_MS / 1000} s. Is there an endless loop outside of the class?`,
          }
        : { kind: "grader-error", text: `The worker ended before it ran a test: ${outcome.howItDied}` };
    }
    note(unfinished(stopped, await stopWords(outcome, job, running), running.seed));
  }
  return {
    kind: "graded",
    result: suiteResult(
      suiteOf(lab).title,
      tests.map(({ number }) => results.get(number) as TestResult),
    ),
  };
}

function jobFor(
  { student, files, lab }: Submission,
  { baseSeed, seeds }: GradeOptions,
  tests: readonly string[],
): Job {
  return { lab: lab.number, student, files, baseSeed, seeds, tests };
}

/** Why a test was stopped. A hanging handler is found by running the same seed again, with an eye on each event. */
async function stopWords(
  outcome: Outcome,
  job: Job,
  { test, seed }: { test: string; seed: number },
): Promise<string> {
  if (outcome.end === "died")
    return `The program ended in the middle of the test: ${outcome.howItDied} Seed ${seed}.`;
  const again = await runWorker({ ...job, tests: [test], locate: { seed } }, SILENCE_AGAIN_MAX_MS, () => {});
  const where = again.lastEvent === undefined ? "A handler" : again.lastEvent;
  return [
    `${where} does not return.`,
    "Rule    A handler does its work and returns; to go on later it sets a timer.",
    `Seed    ${seed}`,
    "Next    Which loop in this handler never ends? Look at what its condition waits for: nothing else happens while it runs.",
  ].join("\n");
}

function unfinished(test: TestCase, text: string, seed?: number): TestResult {
  const { number, title, path: groups, visibility, points, seeds } = test;
  const nothing = { seedsRun: 0, events: 0, virtualMs: 0, wallMs: 0 };
  return {
    number,
    title,
    path: groups,
    visibility,
    state: "failed",
    points: 0,
    maxPoints: points,
    seedsPlanned: seeds,
    ...nothing,
    failure: { text, seed },
  };
}

/** Starts a worker, listens to it, and ends it when it falls silent. */
function runWorker(job: Job, silenceMax: number, onResult: (result: TestResult) => void): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const args = [
      `--max-old-space-size=${HEAP_MAX_MB}`,
      "-r",
      "ts-node/register",
      path.join(__dirname, "worker.ts"),
    ];
    const child = spawn(process.execPath, args, {
      stdio: ["pipe", "ignore", "pipe", "pipe"],
      env: workerEnv(),
      detached: true,
    });
    const [input, , errors, channel] = child.stdio;
    let running: Outcome["running"];
    let lastEvent: string | undefined;
    let problem: string | undefined;
    let isDone = false;
    let isSilent = false;
    let stderr = "";

    const stop = () => {
      isSilent = true;
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    };
    let watch = setTimeout(stop, START_MAX_MS);
    createInterface({ input: channel as Readable }).on("line", (line) => {
      clearTimeout(watch);
      watch = setTimeout(stop, silenceMax);
      const note = JSON.parse(line) as Note;
      if (note.kind === "run") running = note;
      if (note.kind === "event") lastEvent = note.what;
      if (note.kind === "result") {
        onResult(note.result);
        running = undefined;
      }
      if (note.kind === "problem") problem = note.text;
      if (note.kind === "done") isDone = true;
    });
    errors?.on("data", (chunk: Buffer) => {
      stderr = (stderr + chunk.toString("utf8")).slice(-STDERR_MAX_CHARS);
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(watch);
      const end = isDone ? "done" : isSilent ? "silent" : "died";
      resolve({ end, problem, running, lastEvent, howItDied: deathWords(code, signal, stderr) });
    });
    input?.on("error", () => {}); // a worker that died at once is reported by its exit
    input?.end(JSON.stringify(job));
  });
}

/** Nothing of the instructor's environment is the submission's business. */
function workerEnv(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, NODE_ENV: "production" };
}

function deathWords(code: number | null, signal: NodeJS.Signals | null, stderr: string): string {
  if (/heap out of memory/.test(stderr)) return `it used more than ${HEAP_MAX_MB} MB of memory.`;
  const last = stderr.trim().split("\n").slice(-3).join("\n");
  return signal === null ? `exit code ${code}.${last === "" ? "" : `\n${last}`}` : `signal ${signal}.`;
}

/** The labs that have a suite are those that can be graded. */
export function maxPointsOf(lab: Lab): number {
  return suiteOf(lab).tests.reduce((total, test) => total + test.points, 0);
}
