import { Draws, keyOf } from "../random/keyed";
import type { Chooser, Possible, StrategyMaker } from "./strategy";

export interface O {
  regimes: number;
  slow: number;
  timers?: readonly number[];
  slowShare?: number;
  linkFirst?: boolean;
  fifo?: readonly number[];
  slowTimer?: number;
  redrawTimers?: boolean;
}
/** Weights drawn per walk, and slow links that change. */
export function mixedWith(o: O): StrategyMaker {
  return ({ seed, steps }) => ({
    plan: (walk) => ({ prefix: [], chooser: new Mixed(new Draws(keyOf(seed, "mixed", walk)), steps, o) }),
  });
}

export class Mixed implements Chooser {
  private weights = new Map<string, number>();
  private readonly points: Set<number>;
  private timers: number;
  private readonly slowShare: number;
  private readonly fifo: number;

  constructor(
    private readonly draws: Draws,
    steps: number,
    private readonly o: O,
  ) {
    this.points = new Set(Array.from({ length: draws.int(0, o.regimes) }, () => draws.int(0, steps - 1)));
    this.timers = draws.pick(o.timers ?? [0.5, 1, 2, 4]);
    this.slowShare = draws.next() * (o.slowShare ?? 0.7);
    this.fifo = draws.pick(o.fifo ?? [0]);
  }

  choose(possible: readonly Possible[], step: number): Possible {
    if (this.points.has(step)) {
      this.weights.clear();
      if (this.o.redrawTimers) this.timers = this.draws.pick(this.o.timers ?? [0.5, 1, 2, 4]);
    }
    const onLink = new Map<string, number>();
    if (this.o.linkFirst)
      for (const one of possible)
        if (one.kind === "deliver") {
          const name = `link ${one.from} ${one.node}`;
          onLink.set(name, (onLink.get(name) ?? 0) + 1);
        }
    const weighed = possible.map((one) => this.weightOf(one, onLink));
    const sums = new Map<string, number>();
    for (const [i, one] of possible.entries()) sums.set(one.kind, (sums.get(one.kind) ?? 0) + weighed[i]);
    // kinds weights
    let total = 0;
    const kindWeight = (kind: string, sum: number) =>
      kind === "deliver" ? 20 * Math.min(1, sum) : kind === "timer" ? this.timers : 3;
    for (const [kind, sum] of sums) total += kindWeight(kind, sum);
    let drawn = this.draws.next() * total;
    let kind = "timer";
    for (const [k, sum] of sums) {
      drawn -= kindWeight(k, sum);
      if (drawn < 0) {
        kind = k;
        break;
      }
    }
    let left = this.draws.next() * (sums.get(kind) ?? 0);
    for (const [i, one] of possible.entries()) {
      if (one.kind !== kind) continue;
      left -= weighed[i];
      if (left < 0) {
        if (one.kind === "deliver" && this.draws.chance(this.fifo))
          return (
            possible.find(
              (other) => other.kind === "deliver" && other.from === one.from && other.node === one.node,
            ) ?? one
          );
        return one;
      }
    }
    return this.draws.pick(possible);
  }

  private weightOf(one: Possible, onLink: Map<string, number>): number {
    if (one.kind === "timer") return this.of(`timer ${one.node}`, this.o.slowTimer ?? 0.1);
    if (one.kind !== "deliver") return 1;
    const name = `link ${one.from} ${one.node}`;
    const weight = this.of(name, this.o.slow);
    return this.o.linkFirst ? weight / (onLink.get(name) ?? 1) : weight;
  }

  private of(name: string, slow: number): number {
    const known = this.weights.get(name);
    if (known !== undefined) return known;
    const weight = this.draws.chance(this.slowShare) ? slow : 1;
    this.weights.set(name, weight);
    return weight;
  }
}
