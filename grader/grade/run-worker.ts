import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { TestResult } from "../labgrader/result";
import type { Job, Note } from "./protocol";

/** A worker needs this long at the most to start, before it touches the submission. */
const START_MAX_MS = 60_000;
/** Time to load a submission, and to come to its first run. */
const LOAD_MAX_MS = 5_000;
/** Time for the last words of a worker that has ended to arrive. */
const LAST_WORDS_MS = 2_000;
/** Limit of V8's heap. Memory outside of it is not limited yet. */
const HEAP_MAX_MB = 512;
/** Room for young objects: runs make many that live for just one run, and copying them about is half the cost. */
const YOUNG_MB = 32;
const STDERR_MAX_CHARS = 4_000;

/** How one worker ended. */
export interface Outcome {
  readonly end: "done" | "silent" | "died";
  /** The submission cannot be run at all, and why. */
  readonly problem: string | undefined;
  /** The grader's own code in the worker failed, and how. */
  readonly fault: string | undefined;
  /** True if the submission's own code was reached. */
  readonly hasBegun: boolean;
  /** The test and seed that were running. */
  readonly running: { readonly test: string; readonly seed: number } | undefined;
  readonly lastEvent: string | undefined;
  readonly howItDied: string;
}

/** Workers that are running: none of them may outlive this process. */
const alive = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of alive) killGroup(child);
});
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const) {
  process.once(signal, () => process.exit(code));
}

/**
 * Starts a worker, listens to it, and ends it when it falls silent.
 * @param silenceMax how long it may give no sign of life once a run has begun, in milliseconds
 */
export function runWorker(
  job: Job,
  silenceMax: number,
  onResult: (result: TestResult) => void,
): Promise<Outcome> {
  return new WorkerRun(silenceMax, onResult).start(job);
}

class WorkerRun {
  private readonly outcome: { -readonly [K in keyof Outcome]: Outcome[K] } = {
    end: "died",
    problem: undefined,
    fault: undefined,
    hasBegun: false,
    running: undefined,
    lastEvent: undefined,
    howItDied: "",
  };
  private isDone = false;
  private isSilent = false;
  private stderr = "";
  private watch: NodeJS.Timeout | undefined;

  constructor(
    private readonly silenceMax: number,
    private readonly onResult: (result: TestResult) => void,
  ) {}

  start(job: Job): Promise<Outcome> {
    const args = [
      `--max-old-space-size=${HEAP_MAX_MB}`,
      `--max-semi-space-size=${YOUNG_MB}`,
      "-r",
      "ts-node/register",
      path.join(__dirname, "worker.ts"),
    ];
    const child = spawn(process.execPath, args, {
      stdio: ["pipe", "ignore", "pipe", "pipe"],
      env: workerEnv(),
      detached: true,
    });
    alive.add(child);
    this.expectSign(child, START_MAX_MS);
    const [input, , errors, channel] = child.stdio;
    createInterface({ input: channel as Readable }).on("line", (line) => this.hear(child, line));
    errors?.on("data", (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString("utf8")).slice(-STDERR_MAX_CHARS);
    });
    input?.on("error", () => {}); // a worker that died at once is reported by its exit
    input?.end(JSON.stringify(job));
    return this.ended(child).finally(() => {
      clearTimeout(this.watch);
      killGroup(child); // whatever the submission may have started
      alive.delete(child);
    });
  }

  private ended(child: ChildProcess): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const end = (code: number | null, signal: NodeJS.Signals | null) => {
        this.outcome.end = this.isDone ? "done" : this.isSilent ? "silent" : "died";
        this.outcome.howItDied = deathWords(code, signal, this.stderr);
        resolve(this.outcome);
      };
      child.on("error", reject);
      child.on("close", end);
      // A process that the worker left behind may hold its pipes open: then they are not waited for.
      child.on("exit", (code, signal) => void setTimeout(() => end(code, signal), LAST_WORDS_MS).unref());
    });
  }

  private hear(child: ChildProcess, line: string): void {
    const note = noteFrom(line);
    if (note === undefined) return;
    const { outcome } = this;
    switch (note.kind) {
      case "loading":
        outcome.hasBegun = true;
        break;
      case "run":
        outcome.running = note;
        break;
      case "event":
        outcome.lastEvent = note.what;
        break;
      case "result":
        this.onResult(note.result);
        outcome.running = undefined;
        break;
      case "problem":
        outcome.problem = note.text;
        break;
      case "fault":
        outcome.fault = note.text;
        break;
      case "done":
        this.isDone = true;
    }
    this.expectSign(child, note.kind === "loading" ? LOAD_MAX_MS : this.silenceMax);
  }

  private expectSign(child: ChildProcess, within: number): void {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => {
      this.isSilent = true;
      killGroup(child);
    }, within);
  }
}

/** A line from a worker. What cannot be read is not from our own code, and says nothing. */
function noteFrom(line: string): Note | undefined {
  try {
    const note: unknown = JSON.parse(line);
    return typeof note === "object" && note !== null && "kind" in note ? (note as Note) : undefined;
  } catch {
    return undefined;
  }
}

/** Ends a worker and all it has started. A group that is gone already is as good. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error) || Reflect.get(error, "code") !== "ESRCH") throw error;
  }
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
