import { Draws, keyOf } from "../random/keyed";
import type { Chooser, Possible, StrategyMaker } from "./strategy";

/** How likely each kind is, if something of all kinds can happen. Measured on the mutants: grader/bench/strategies.ts. */
const WEIGHTS: Readonly<Record<Possible["kind"], number>> = {
  deliver: 20,
  timer: 1.5,
  propose: 2,
  invoke: 3,
  start: 3,
};

/**
 * First the kind of what happens is drawn, then what, each thing as likely as the others of its kind. Were all things
 * alike, timers, of which each server has one nearly all the time, would leave no election the time to end.
 */
export const uniform: StrategyMaker = ({ seed }) => ({
  plan: (walk) => ({ prefix: [], chooser: new UniformChooser(new Draws(keyOf(seed, "uniform", walk))) }),
});

export class UniformChooser implements Chooser {
  constructor(private readonly draws: Draws) {}

  choose(possible: readonly Possible[]): Possible {
    const kinds = new Set(possible.map(({ kind }) => kind));
    let total = 0;
    for (const kind of kinds) total += WEIGHTS[kind];
    let drawn = this.draws.next() * total;
    for (const kind of kinds) {
      drawn -= WEIGHTS[kind];
      if (drawn < 0) return this.draws.pick(possible.filter((one) => one.kind === kind));
    }
    return this.draws.pick(possible);
  }
}
