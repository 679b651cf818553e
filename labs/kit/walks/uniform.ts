import { Draws, keyOf } from "../random/keyed";
import type { Chooser, Possible, StrategyMaker } from "./strategy";

/** How likely each kind is, if something of all kinds can happen. */
const WEIGHTS: Readonly<Record<Possible["kind"], number>> = {
  deliver: 20,
  timer: 2,
  propose: 2,
  invoke: 3,
  start: 3,
};

/**
 * First the kind of what happens is drawn, then what, each thing as likely as the others of its kind. Were all things
 * alike, timers, of which each server has one all the time, would leave no election the time to end.
 */
export const uniform: StrategyMaker = ({ seed }) => ({
  plan: (walk) => ({ prefix: [], chooser: new UniformChooser(new Draws(keyOf(seed, "uniform", walk))) }),
});

export const uniformWith =
  (w: Partial<typeof WEIGHTS>): StrategyMaker =>
  ({ seed }) => ({
    plan: (walk) => ({
      prefix: [],
      chooser: new UniformChooser(new Draws(keyOf(seed, "uniform", walk)), { ...WEIGHTS, ...w }),
    }),
  });

export class UniformChooser implements Chooser {
  constructor(
    private readonly draws: Draws,
    private readonly w = WEIGHTS,
  ) {}

  choose(possible: readonly Possible[]): Possible {
    const kinds = new Map<Possible["kind"], Possible[]>();
    for (const one of possible) {
      const others = kinds.get(one.kind);
      if (others === undefined) kinds.set(one.kind, [one]);
      else others.push(one);
    }
    let total = 0;
    for (const kind of kinds.keys()) total += this.w[kind];
    let drawn = this.draws.next() * total;
    for (const [kind, ones] of kinds) {
      drawn -= this.w[kind];
      if (drawn < 0) return this.draws.pick(ones);
    }
    return this.draws.pick(possible);
  }
}
