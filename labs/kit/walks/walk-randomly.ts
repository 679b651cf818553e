import type { Move } from "../schedule";
import { Trace } from "../trace/trace";
import type { World } from "../world/world";
import { checkBudget } from "./budget";
import type { WalkOptions } from "./options";
import type { Strategy } from "./strategy";
import { uniform } from "./uniform";
import { type FailedWalk, Walk } from "./walk";

/** Walks under way at the same time: what crosses to a cell crosses together. */
const AT_ONCE = 16;

/**
 * Takes random walks through all that can happen to a cluster: messages in any order, timers at any time. No state is
 * compared with another, and none is taken back, so that nothing that a server says of its state can hide what it does.
 * A walk knows no time: only safety can be asked of it. Oracles watch, and what clients saw must be linearizable. The
 * first walk that fails ends the test.
 * @param world says what cluster it is, and where servers run. It stays as it is.
 * @throws RangeError where no walk would be made at all, or where a client is to read
 */
export async function walkRandomly(world: World, options: WalkOptions): Promise<void> {
  checkOptions(options);
  const failed = await new Walks(world, options).run();
  if (failed !== undefined) world.endWith(failed.world, failed.failure);
}

function checkOptions({ walks, steps, atOnce = AT_ONCE, budget, operations = [] }: WalkOptions): void {
  for (const [what, count] of Object.entries({ walks, steps, atOnce }))
    if (!Number.isSafeInteger(count) || count < 1)
      throw new RangeError(`${what}: expected 1 or more, not ${count}.`);
  checkBudget(budget);
  if (operations.flat().some(({ kind }) => kind === "get"))
    throw new RangeError("Walks have no gets: a lease may answer one, and only clocks keep a lease.");
}

/** The walks of one test, several at once. */
class Walks {
  private readonly strategy: Strategy;
  /** What happened in the walks from which nothing was learned yet. */
  private readonly unlearned: (readonly Move[])[] = [];
  private failed: FailedWalk | undefined;
  /** True once a walk could not be made to its end. */
  private isBroken = false;

  constructor(
    private readonly world: World,
    private readonly options: WalkOptions,
  ) {
    const { steps, strategy = uniform } = options;
    this.strategy = strategy({ seed: world.seed, steps });
  }

  /** @returns the first walk that failed */
  async run(): Promise<FailedWalk | undefined> {
    const { walks } = this.options;
    const { generation = walks } = this.strategy;
    for (let first = 0; first < walks && this.failed === undefined; first += generation) {
      await this.runSome(first, Math.min(walks, first + generation));
      for (const [i, moves] of this.unlearned.splice(0).entries()) this.strategy.learn?.(first + i, moves);
    }
    return this.failed;
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
      const { beginnings = [] } = this.options;
      const beginning = beginnings[number % beginnings.length] ?? [];
      const plan = { ...this.strategy.plan(number), beginning };
      const walk = new Walk(this.world, number, plan, this.options, { host, trace });
      const failed = await walk.run();
      if (this.strategy.learn !== undefined) this.unlearned[number - first] = walk.moves;
      return failed;
    } catch (error) {
      this.isBroken = true;
      throw error;
    } finally {
      host.close?.();
    }
  }
}
