import type { ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { spawnWithin } from "../../judge/walls";
import { type Command, furnish, type Walls } from "../../judge/walls-kinds";

/** No probe lives longer. */
const PROBE_MAX_MS = 20_000;
/** Time for the last words of one that has ended to arrive. */
const LAST_WORDS_MS = 100;

/** How a probe came to its end. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it told its judge. */
  readonly answer: string;
  /** True if it did not end by itself. */
  readonly isLate: boolean;
}

/** Does `work` with a program as walls want it, and clears it away. */
export async function inProgramFolder<T>(text: string, work: (program: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), "raft-probe-"));
  try {
    furnish(folder);
    const program = path.join(folder, "cell.js");
    writeFileSync(program, text);
    chmodSync(program, 0o444);
    return await work(program);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A hostile program within walls. It has all of Node, and not the realm that student code sees. */
export class Probe {
  readonly ended: Promise<Ended>;
  private child: ChildProcess | undefined;
  private answer = "";

  /**
   * @param name a file of this folder, without its ending
   * @param told what the program is to know
   */
  constructor(walls: Walls, name: string, told: unknown = {}) {
    const text = readFileSync(path.join(__dirname, `${name}.cjs`), "utf8");
    this.ended = inProgramFolder(`const TOLD = ${JSON.stringify(told)};\n${text}`, (program) =>
      this.run(walls.command(program, [])),
    );
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  private run(command: Command): Promise<Ended> {
    const child = spawnWithin(command, { stdio: ["ignore", "ignore", "pipe", "ignore", "pipe"] });
    this.child = child;
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.kill();
    }, PROBE_MAX_MS);
    child.stdio[4]?.on("data", (chunk: Buffer) => {
      this.answer += chunk.toString("utf8");
    });
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", (code, signal) => {
        clearTimeout(timer);
        child.stderr?.destroy();
        // What it started may keep the pipe open: its end is not waited for.
        setTimeout(() => resolve({ code, signal, answer: this.answer, isLate }), LAST_WORDS_MS);
      });
    });
  }

  /** Waits until it has told its judge something. */
  async hasSpoken(): Promise<string> {
    const spoken = new Promise((resolve) => this.child?.stdio[4]?.once("data", resolve));
    if (this.answer === "") await Promise.race([spoken, this.ended]);
    return this.answer;
  }

  /** Ends it as a judge does. */
  kill(): void {
    try {
      process.kill(-this.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}
