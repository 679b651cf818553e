import { Draws, keyOf } from "../random/keyed";
import { KIND } from "../trace/trace";
import type { World } from "../world/world";
import type { Chooser, Possible, StrategyMaker } from "./strategy";

/** Threads of priority: links and timers. */
export function pctWith(o: {
  depth: number;
  timers: number;
  threads: "links" | "nodes" | "chains" | "messages";
  redraw?: boolean;
}): StrategyMaker {
  return ({ seed, steps }) => ({
    plan: (walk) => ({ prefix: [], chooser: new Pct(new Draws(keyOf(seed, "pct", walk)), steps, o) }),
  });
}

class Pct implements Chooser {
  private readonly priorities = new Map<string, number>();
  private readonly chains = new Map<number, string>();
  private readonly extended = new Set<string>();
  private readonly points: Set<number>;
  private low = 0;

  constructor(
    private readonly draws: Draws,
    steps: number,
    private readonly o: { depth: number; timers: number; threads: string; redraw?: boolean },
  ) {
    this.points = new Set(Array.from({ length: o.depth - 1 }, () => draws.int(0, steps - 1)));
  }

  choose(possible: readonly Possible[], step: number, world: World): Possible {
    let best = possible[0];
    let most = -Infinity;
    let thread = "";
    for (const one of possible) {
      const name = this.threadOf(one, world);
      const priority = this.priorityOf(name, one);
      if (priority > most) [best, most, thread] = [one, priority, name];
    }
    if (this.points.has(step)) {
      this.points.delete(step);
      if (this.o.redraw) this.priorities.clear();
      else this.priorities.set(thread, --this.low);
      return this.choose(possible, step, world);
    }
    return best;
  }

  private priorityOf(name: string, one: Possible): number {
    const known = this.priorities.get(name);
    if (known !== undefined) return known;
    const scale = one.kind === "timer" ? this.o.timers : 1;
    const priority = this.draws.next() * scale;
    this.priorities.set(name, priority);
    return priority;
  }

  private threadOf(one: Possible, world: World): string {
    switch (one.kind) {
      case "deliver":
        if (this.o.threads === "links") return `link ${one.from} ${one.node}`;
        if (this.o.threads === "nodes") return `node ${one.node}`;
        if (this.o.threads === "messages") return `message ${one.record}`;
        return this.chainOf(one.record, world);
      case "timer":
        return `timer ${one.record}`;
      case "propose":
        return `propose ${step10(world)}`;
      case "invoke":
        return `invoke ${one.node} ${step10(world)}`;
      case "start":
        return `start ${one.node} ${step10(world)}`;
    }
  }

  private chainOf(record: number, world: World): string {
    const known = this.chains.get(record);
    if (known !== undefined) return known;
    const { trace } = world;
    const handler = trace.causeOf(record);
    let chain = `chain ${record}`;
    if (handler >= 0 && trace.kindOf(handler) === KIND.deliver) {
      const before = this.chains.get(trace.causeOf(handler));
      const key = `${before} ${handler}`;
      if (before !== undefined && !this.extended.has(key)) {
        this.extended.add(key);
        chain = before;
      }
    }
    this.chains.set(record, chain);
    return chain;
  }
}

function step10(world: World): number {
  return Math.floor(world.simulation.events / 10);
}
