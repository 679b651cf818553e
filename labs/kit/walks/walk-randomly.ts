import { Trace } from "../trace/trace";
import type { World } from "../world/world";
import { checkBudget } from "./budget";
import type { WalkOptions } from "./options";
import type { Course, Strategy } from "./strategy";
import { uniform } from "./uniform";
import { type FailedWalk, Walk } from "./walk";

/** Walks under way at the same time: what crosses to a cell crosses together. */
const AT_ONCE = 16;

/**
 * Takes random walks through all that can happen to a cluster: messages in any order, timers at any time. No state is
 * compared with another and none is taken back, so that no trick in a server can hide what it does from them. Only
 * safety can be asked of a walk: oracles watch, and clients' histories must be linearizable. Ends the test with the first walk that
 * fails.
 * @param world says what cluster it is, and where servers run. It stays as it is.
 */
export async function walkRandomly(world: World, options: WalkOptions): Promise<void> {
  const { failed } = await new Walks(world, options).run();
  if (failed !== undefined) world.endWith(failed.world, failed.failure);
}

/** What came of some walks. */
export interface Walked {
  /** The first walk that failed. */
  readonly failed?: FailedWalk | undefined;
}

/** The walks of one test, several at once. */
export class Walks {
  private readonly strategy: Strategy;
  private readonly courses: (Course | undefined)[] = [];
  private failed: FailedWalk | undefined;
  /** True once a walk could not be made to its end. */
  private isBroken = false;

  constructor(
    private readonly world: World,
    private readonly options: WalkOptions,
  ) {
    const { budget, steps, strategy = uniform } = options;
    checkBudget(budget);
    const { seed, names } = world;
    this.strategy = strategy({ seed, steps, nodes: names.length });
  }

  async run(): Promise<Walked> {
    const { walks } = this.options;
    const { generation = walks } = this.strategy;
    for (let first = 0; first < walks && this.failed === undefined; first += generation) {
      await this.runSome(first, Math.min(walks, first + generation));
      for (const course of this.courses.splice(0)) if (course !== undefined) this.strategy.learn?.(course);
    }
    return { failed: this.failed };
  }

  /** Takes the walks from number `first` up to and without number `end`. */
  private async runSome(first: number, end: number): Promise<void> {
    const { atOnce = AT_ONCE } = this.options;
    let next = first;
    const lane = async (): Promise<void> => {
      const trace = new Trace();
      while (next < end && this.isOpen(next) && !this.isBroken) {
        trace.clear();
        const number = next++;
        const failed = await this.walk(number, first, trace);
        if (failed === undefined) continue;
        if (this.isOpen(number)) this.failed = failed;
        return; // its trace is that of the failure now
      }
    };
    const lanes = Array.from({ length: Math.min(atOnce, end - first) }, lane);
    for (const ended of await Promise.allSettled(lanes)) if (ended.status === "rejected") throw ended.reason;
  }

  /** True if a walk can still be the first that fails. */
  private isOpen(number: number): boolean {
    return this.failed === undefined || number < this.failed.number;
  }

  private async walk(number: number, first: number, trace: Trace): Promise<FailedWalk | undefined> {
    const host = this.world.host.another?.();
    if (host === undefined) throw new Error("Walks need a host that can make others.");
    try {
      const walk = new Walk(this.world, number, this.strategy.plan(number), this.options, {
        host,
        trace,
        isObserved: this.strategy.learn !== undefined,
      });
      const failed = await walk.run();
      if (this.strategy.learn !== undefined) this.courses[number - first] = walk.course;
      return failed;
    } catch (error) {
      this.isBroken = true;
      throw error;
    } finally {
      host.close?.();
    }
  }
}
