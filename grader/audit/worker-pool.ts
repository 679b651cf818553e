import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import { exitOnSignals } from "../tools/exit-on-signals";
import type { Examination, Task } from "./examine";

/** Wall-clock time after which a worker counts as lost. The longest examination takes about a minute. */
const EXAMINATION_MAX_MS = 15 * 60_000;

/** Heap of a worker, and its room for young objects: runs make many that live for just one run. */
const NODE_FLAGS = ["--max-old-space-size=2048", "--max-semi-space-size=32", "-r", "ts-node/register"];

/** Processes that examine programs. One that dies or hangs takes only its own task with it. */
export class WorkerPool {
  private readonly idle: ChildProcess[] = [];
  private readonly all = new Set<ChildProcess>();

  /** A worker hears of nothing before its examination is over: whoever leaves ends it. */
  constructor() {
    exitOnSignals();
    process.once("exit", () => this.close());
  }

  /** Has a task done. There are as many workers as there were tasks at the same time. */
  async examine(task: Task): Promise<Examination> {
    const worker = this.idle.pop() ?? this.start();
    try {
      const examination = await ask(worker, task);
      this.idle.push(worker);
      return examination;
    } catch (error) {
      worker.kill("SIGKILL");
      const lost = `The process that examined it ${error instanceof Error ? error.message : String(error)}.`;
      return { baseSeed: task.baseSeed, tests: [], cpuMs: 0, lost };
    }
  }

  close(): void {
    for (const worker of this.all) worker.kill("SIGKILL"); // it holds nothing that would have to be cleared away
  }

  private start(): ChildProcess {
    const worker = fork(path.join(__dirname, "worker-process.ts"), { execArgv: NODE_FLAGS });
    this.all.add(worker);
    worker.on("exit", () => {
      this.all.delete(worker);
      // One that has died while it had nothing to do must not cost the next task its result.
      if (this.idle.includes(worker)) this.idle.splice(this.idle.indexOf(worker), 1);
    });
    worker.on("error", () => {}); // Whoever waits for an answer is told.
    return worker;
  }
}

function ask(worker: ChildProcess, task: Task): Promise<Examination> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(new Error("did not answer in time")), EXAMINATION_MAX_MS);
    const onAnswer = (examination: Examination): void => {
      forget();
      resolve(examination);
    };
    const onExit = (code: number | null, signal: string | null): void =>
      fail(new Error(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`));
    const fail = (error: Error): void => {
      forget();
      reject(error);
    };
    const forget = (): void => {
      clearTimeout(timer);
      worker.off("message", onAnswer);
      worker.off("exit", onExit);
      worker.off("error", fail);
    };
    worker.on("message", onAnswer);
    worker.on("exit", onExit);
    worker.on("error", fail);
    worker.send(task, (error) => error && fail(error));
  });
}
