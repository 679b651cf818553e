import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { TestResult } from "../labgrader/result";
import type { Job, Note } from "./protocol";

/** A worker needs this long at the most to start, before it touches the submission. */
const START_MAX_MS = 60_000;
const HEAP_MAX_MB = 512;
const STDERR_MAX_CHARS = 4_000;

/** How one worker ended. */
export interface Outcome {
  readonly end: "done" | "silent" | "died";
  readonly problem?: string | undefined;
  /** True if the submission's own code was reached. */
  readonly hasBegun: boolean;
  /** The test and seed that were running. */
  readonly running?: { readonly test: string; readonly seed: number } | undefined;
  readonly lastEvent?: string | undefined;
  readonly howItDied: string;
}

/**
 * Starts a worker, listens to it, and ends it when it falls silent.
 * @param silenceMax how long it may give no sign of life, in milliseconds
 */
export function runWorker(
  job: Job,
  silenceMax: number,
  onResult: (result: TestResult) => void,
): Promise<Outcome> {
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
    let hasBegun = false;
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
      if (note.kind === "loading") hasBegun = true;
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
      resolve({ end, problem, hasBegun, running, lastEvent, howItDied: deathWords(code, signal, stderr) });
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
