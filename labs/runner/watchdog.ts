import { url as debuggerUrl } from "node:inspector";
import { createContext, Script } from "node:vm";
import { currentHandler, leaveHandler } from "../kit/host/guards";
import type { Host } from "../kit/host/reaction";
import { ServerTrouble, type Simulation } from "../kit/world/simulation";
import type { LoopCounter } from "./loop-counter";

/**
 * Wall-clock time after which a handler counts as stuck. A whole run takes a few milliseconds. Infinity: nobody looks,
 * for code that is known to come to its end: each look costs a thread.
 */
export const STUCK_AFTER_MS = Number(process.env.LAB_STUCK_AFTER_MS ?? 5_000);

/** Wall-clock time after which a long run is looked at anew: only a single handler may be slow, not a whole run. */
const SLICE_MS = 100;
const EVENTS_BETWEEN_LOOKS = 256;

/** True under a debugger: a breakpoint may hold a run for as long as somebody reads. */
export function isDebugged(): boolean {
  return debuggerUrl() !== undefined;
}

/** Code that runs in this context can be stopped from outside, even in the middle of an endless loop. */
const cell = createContext({ work: () => {} });
const call = new Script("work()", { filename: __filename });

/**
 * Does `work` at once, and stops it if it does not come to its end, unless there is a debugger.
 * @returns false if it was stopped; its `finally` blocks did not run then
 */
export function comesToAnEnd(work: () => void, withinMs: number): boolean {
  cell.work = work;
  try {
    call.runInContext(
      cell,
      isDebugged() || withinMs === Number.POSITIVE_INFINITY ? {} : { timeout: withinMs },
    );
    return true;
  } catch (error) {
    if (isTimeout(error)) return false;
    throw error;
  }
}

/** Drives one run, and turns a handler that does not return into trouble like any other, with a story. */
export class Watchdog {
  /** The handler that did not return: "S2.onMessage". Undefined while there is none. */
  stuckIn: string | undefined;

  /** @param loops counts the loops of the code that runs, if it was loaded so */
  constructor(
    private readonly loops?: LoopCounter,
    private readonly stuckAfterMs = STUCK_AFTER_MS,
  ) {}

  /** A driver for a world. */
  readonly drive = async (simulation: Simulation, host: Host): Promise<void> => {
    let isReached = false;
    const slice = () => {
      isReached = driveFor(SLICE_MS, simulation, host);
    };
    while (!isReached) if (!this.isThrough(slice)) throw this.trouble();
  };

  /** @returns false if there is an endless loop in `slice` */
  private isThrough(slice: () => void): boolean {
    try {
      return comesToAnEnd(slice, this.stuckAfterMs);
    } catch (error) {
      if (this.loops?.place === undefined) throw error;
      return false;
    }
  }

  private trouble(): ServerTrouble {
    this.stuckIn = this.loops?.handler ?? currentHandler() ?? "The test";
    leaveHandler();
    return new ServerTrouble({
      kind: "contract",
      where: this.stuckIn,
      line: this.loops?.place,
      rule: "a handler that comes to its end",
      found: `an endless loop (stopped after ${this.stuckAfterMs / 1_000} s)`,
      next: "What should end this loop, and does that change from one round to the next?",
    });
  }
}

/** @returns true once the simulation's goal is reached, false if time is up before */
function driveFor(sliceMs: number, simulation: Simulation, host: Host): boolean {
  const end = performance.now() + sliceMs;
  do {
    for (let i = 0; i < EVENTS_BETWEEN_LOOKS; i++) {
      const stimulus = simulation.next();
      if (stimulus === undefined) return true;
      simulation.absorb(host.react(stimulus));
    }
  } while (performance.now() < end);
  return false;
}

function isTimeout(error: unknown): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    Reflect.get(error, "code") === "ERR_SCRIPT_EXECUTION_TIMEOUT"
  );
}
