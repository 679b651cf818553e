import path from "node:path";
import { Worker } from "node:worker_threads";

/** Numbers that the thread and this module share. */
const SLOT = {
  /** The process that is waited for; 0 while there is none. */
  waitedFor: 0,
  /** The process that was ended last. */
  ended: 1,
} as const;
const SLOTS = 3;

/**
 * A thread that ends a process when this one, asleep in a read from it, has waited for too long. Reading with timers
 * and callbacks instead would cost more than the events that are read.
 */
class Watchdog {
  private readonly state = new Int32Array(new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT));
  private readonly deadline = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT));

  constructor() {
    const workerData = { state: this.state.buffer, deadline: this.deadline.buffer };
    new Worker(path.join(__dirname, "watchdog-thread.cjs"), { workerData, execArgv: [] }).unref();
  }

  /** Does `work`, and ends the group of process `pid` if that takes longer. */
  guard<T>(pid: number, withinMs: number, work: () => T): T {
    this.deadline[0] = performance.timeOrigin + performance.now() + withinMs;
    Atomics.store(this.state, SLOT.waitedFor, pid);
    try {
      return work();
    } finally {
      Atomics.store(this.state, SLOT.waitedFor, 0);
    }
  }

  /** True if this process was ended for its silence. */
  hasEnded(pid: number): boolean {
    return Atomics.load(this.state, SLOT.ended) === pid;
  }
}

let watchdog: Watchdog | undefined;

/** The one watchdog of this process: it waits for one cell at a time. */
export function theWatchdog(): Watchdog {
  watchdog ??= new Watchdog();
  return watchdog;
}
