import {
  type Chooser,
  Draws,
  keyOf,
  type Move,
  type Plan,
  type Possible,
  type Strategy,
  type StrategyMaker,
  UniformChooser,
  type World,
} from "../../../labs/kit";

/** Walks that begin with the same knowledge. */
const GENERATION = 16;
/** Walks that begin at the very beginning. */
const FRESH_CHANCE = 0.25;
/** A walk goes on from the rarest of so many states. */
const LOOKS = 8;
/** Moves that a walk has left when it goes on from somewhere: so many at least. */
const LEFT_MIN = 10;
const CORPUS_MAX = 4_000;
/** Differences of terms, and messages of one sort, are counted up to this. */
const MOST = 3;

/** A way to a state that was new when it was found. */
interface Known {
  readonly state: number;
  readonly moves: readonly Move[];
}

/** Walks that go on from where others have been, and few: from states that look like none before. */
export const novelty: StrategyMaker = ({ seed, steps }) => new Novelty(seed, steps);

class Novelty implements Strategy {
  readonly generation = GENERATION;
  /** How often each state was come to. */
  private readonly seen = new Map<number, number>();
  private readonly corpus: Known[] = [];
  /** What each walk has come to that is not learned yet: the state after so many moves. */
  private readonly met = new Map<number, Map<number, number>>();

  constructor(
    private readonly seed: number,
    private readonly steps: number,
  ) {}

  plan(walk: number): Plan {
    const draws = new Draws(keyOf(this.seed, "novelty", walk));
    const met = new Map<number, number>();
    this.met.set(walk, met);
    const chooser = new Observer(new UniformChooser(draws), met);
    if (this.corpus.length === 0 || draws.chance(FRESH_CHANCE)) return { prefix: [], chooser };
    let rarest = draws.pick(this.corpus);
    for (let look = 1; look < LOOKS; look++) {
      const other = draws.pick(this.corpus);
      if (this.count(other.state) < this.count(rarest.state)) rarest = other;
    }
    this.seen.set(rarest.state, this.count(rarest.state) + 1);
    return { prefix: rarest.moves, chooser };
  }

  learn(walk: number, moves: readonly Move[]): void {
    for (const [length, state] of this.met.get(walk) ?? []) {
      const isNew = this.count(state) === 0;
      this.seen.set(state, this.count(state) + 1);
      if (isNew && length + LEFT_MIN <= this.steps && this.corpus.length < CORPUS_MAX)
        this.corpus.push({ state, moves: moves.slice(0, length) });
    }
    this.met.delete(walk);
  }

  private count(state: number): number {
    return this.seen.get(state) ?? 0;
  }
}

/** Notes the states between which somebody else chooses. */
class Observer implements Chooser {
  constructor(
    private readonly inner: Chooser,
    private readonly met: Map<number, number>,
  ) {}

  choose(possible: readonly Possible[], step: number, world: World): Possible {
    this.met.set(step, stateOf(possible, world));
    return this.inner.choose(possible, step, world);
  }
}

/**
 * A fingerprint of what a cluster looks like from far away, whatever its servers are called: roles, who is ahead of
 * whom, and what sorts of messages are on their way.
 */
function stateOf(possible: readonly Possible[], { ids, trace, simulation }: World): number {
  const servers = simulation.nodes.slice(0, ids.length);
  const newest = Math.max(...servers.map(({ status }) => status.currentTerm));
  const furthest = Math.max(...servers.map(({ status }) => status.commitIndex ?? 0));
  const standing = servers.map(({ isUp, status: { role, currentTerm, commitIndex = 0 } }) =>
    isUp ? `${role} ${atMost(newest - currentTerm)} ${atMost(furthest - commitIndex)}` : "stopped",
  );
  const sorts = new Map<string, number>();
  for (const one of possible) {
    if (one.kind !== "deliver") continue;
    const { type, term = newest, entries = [] } = trace.messageOf(one.record);
    const sort = `${type} ${atMost(newest - term)} ${atMost(entries.length)}`;
    sorts.set(sort, (sorts.get(sort) ?? 0) + 1);
  }
  const onTheWay = [...sorts].map(([sort, count]) => `${sort} ${atMost(count)}`);
  return keyOf(atMost(furthest), ...standing.sort(), "|", ...onTheWay.sort());
}

function atMost(count: number): number {
  return Math.min(MOST, count);
}
