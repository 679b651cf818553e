import {
  type Chooser,
  Draws,
  KIND,
  keyOf,
  type Possible,
  type StrategyMaker,
  type World,
} from "../../../labs/kit";
import { NONE } from "../../../labs/kit/trace/trace";

/** Bugs are looked for that need so many events in an order of their own; one less is how often priorities change. */
const DEPTH = 8;
/** Timers have priorities below this, messages below 1: mostly messages come first, or nothing would come to its end. */
const TIMERS_BELOW = 0.5;
/** Moves after which commands, operations and starts that wait get another priority. */
const OTHERS_CHANGE_EVERY = 10;

/**
 * Probabilistic concurrency testing (Burckhardt et al. 2010) for messages (Ozkan et al. 2018): what follows from each
 * other is a chain, each chain has a random priority, and of all that can happen what has the highest does. At a few
 * random steps the chain whose turn it is comes last from there on.
 */
export const pct: StrategyMaker = ({ seed, steps }) => ({
  plan: (walk) => ({ prefix: [], chooser: new PctChooser(new Draws(keyOf(seed, "pct", walk)), steps) }),
});

class PctChooser implements Chooser {
  private readonly priorities = new Map<string, number>();
  /** The chain of each message: the record in which its first message was sent. */
  private readonly chains = new Map<number, number>();
  /** Deliveries whose chains go on already. */
  private readonly extended = new Set<number>();
  private readonly changes: Set<number>;
  private demoted = 0;

  constructor(
    private readonly draws: Draws,
    steps: number,
  ) {
    this.changes = new Set(Array.from({ length: DEPTH - 1 }, () => draws.int(0, steps - 1)));
  }

  choose(possible: readonly Possible[], step: number, world: World): Possible {
    const names = possible.map((one) => this.threadOf(one, step, world));
    let best = this.best(possible, names);
    if (this.changes.delete(step)) {
      this.priorities.set(names[best], --this.demoted);
      best = this.best(possible, names);
    }
    return possible[best];
  }

  private best(possible: readonly Possible[], names: readonly string[]): number {
    let best = 0;
    let most = Number.NEGATIVE_INFINITY;
    for (const [i, name] of names.entries()) {
      const priority = this.priorityOf(name, possible[i]);
      if (priority > most) [best, most] = [i, priority];
    }
    return best;
  }

  private priorityOf(name: string, { kind }: Possible): number {
    const known = this.priorities.get(name);
    if (known !== undefined) return known;
    const priority = this.draws.next() * (kind === "timer" ? TIMERS_BELOW : 1);
    this.priorities.set(name, priority);
    return priority;
  }

  private threadOf(one: Possible, step: number, world: World): string {
    if (one.kind === "deliver") return `chain ${this.chainOf(one.record, world)}`;
    if (one.kind === "timer") return `timer ${one.record}`;
    return `${one.kind} ${one.node} ${Math.floor(step / OTHERS_CHANGE_EVERY)}`;
  }

  /** The first message that a delivery brings about goes on with its chain; the others begin new ones. */
  private chainOf(record: number, { trace }: World): number {
    const known = this.chains.get(record);
    if (known !== undefined) return known;
    const handler = trace.causeOf(record);
    const isReply = handler !== NONE && trace.kindOf(handler) === KIND.deliver;
    const before = isReply ? this.chains.get(trace.causeOf(handler)) : undefined;
    const goesOn = before !== undefined && !this.extended.has(handler);
    if (goesOn) this.extended.add(handler);
    const chain = goesOn ? before : record;
    this.chains.set(record, chain);
    return chain;
  }
}
