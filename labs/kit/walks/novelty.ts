import { Draws, keyOf } from "../random/keyed";
import type { Move } from "../schedule";
import type { Course, Plan, Strategy, StrategyMaker } from "./strategy";
import type { Chooser } from "./strategy";
import { UniformChooser } from "./uniform";

/** Walks that begin from the same knowledge. */
const GENERATION = 16;
/** Walks that begin at the very beginning. */
const FRESH_CHANCE = 0.25;
/** A walk goes on from the rarest of so many states. */
const LOOKS = 8;
const CORPUS_MAX = 4_000;

/** A way to a state that was new when it was found. */
interface Known {
  readonly state: number;
  readonly moves: readonly Move[];
  readonly length: number;
}

/** Goes on from where others have been, and few. */
export const novelty: StrategyMaker = ({ seed, steps }) =>
  new Novelty(seed, steps, (draws) => new UniformChooser(draws));
export const noveltyWith =
  (make: (draws: Draws, steps: number) => Chooser): StrategyMaker =>
  ({ seed, steps }) =>
    new Novelty(seed, steps, make);

class Novelty implements Strategy {
  readonly generation = GENERATION;
  private readonly seen = new Map<number, number>();
  private readonly corpus: Known[] = [];

  constructor(
    private readonly seed: number,
    private readonly steps: number,
    private readonly make: (draws: Draws, steps: number) => Chooser,
  ) {}

  plan(walk: number): Plan {
    const draws = new Draws(keyOf(this.seed, "novelty", walk));
    const chooser = this.make(draws, this.steps);
    if (this.corpus.length === 0 || draws.chance(FRESH_CHANCE)) return { prefix: [], chooser };
    let best = draws.pick(this.corpus);
    for (let i = 1; i < LOOKS; i++) {
      const other = draws.pick(this.corpus);
      if (this.count(other) < this.count(best)) best = other;
    }
    this.seen.set(best.state, this.count(best) + 1);
    return { prefix: best.moves.slice(0, best.length), chooser };
  }

  learn({ moves, states }: Course): void {
    for (const [i, state] of states.entries()) {
      const count = this.seen.get(state) ?? 0;
      this.seen.set(state, count + 1);
      if (count === 0 && i + 1 < this.steps - 10 && this.corpus.length < CORPUS_MAX)
        this.corpus.push({ state, moves, length: i + 1 });
    }
  }

  private count({ state }: Known): number {
    return this.seen.get(state) ?? 0;
  }
}
