import type { NodeId } from "../contract";
import { type Move, nodeOf, scheduleOf } from "../schedule";
import type { Story } from "../story/failure";
import type { World } from "../world/world";
import { likelyCauses } from "./causal-past";
import { ddmin, type TryFirst } from "./ddmin";
import { firstOf, type Tried } from "./first-of";
import type { Limit } from "./limit";
import { type Candidate, plainCommands, smallerClusters } from "./renaming";
import { isSameFailure } from "./same-failure";
import { type FailedPlay, movesOf, type Stage, withoutTime } from "./stage";

/** Rounds through all passes at most: the second seldom finds anything. */
const ROUNDS_MAX = 4;

/** Makes the schedule of one failed run smaller, pass by pass, as long as the same thing goes wrong. */
export class MoveShrinker {
  /** The smallest schedule so far that fails in the same way. */
  best: FailedPlay | undefined;

  constructor(
    private readonly stage: Stage,
    private readonly limit: Limit,
    private readonly wanted: Story,
    /** Schedules that are played side by side. */
    private readonly breadth: number,
  ) {}

  /** @param world the run that failed */
  async shrink(world: World): Promise<void> {
    await this.begin(world);
    for (let round = 0; round < ROUNDS_MAX && this.best !== undefined && !this.limit.isOver; round++) {
      const { moves, cluster } = this.best;
      await this.dropServers();
      await this.dropMoves();
      await this.tryFewerServers();
      await this.tryPlainerMoves();
      if (this.best.moves.length === moves.length && this.best.cluster.servers === cluster.servers) break;
    }
    if (this.best === undefined || this.stage.options.isExact) return;
    const plain = plainCommands(this.best);
    if (plain !== undefined) await this.attempt(plain);
  }

  /** Finds a part of the schedule that suffices: mostly what led straight to the failure is enough. */
  private async begin(world: World): Promise<void> {
    const cluster = { servers: world.ids.length, clients: world.clients.length };
    if (this.stage.options.isExact) {
      await this.attempt({ cluster, moves: movesOf(world, true) });
      return;
    }
    const parts = likelyCauses(world.trace, scheduleOf(world), world.finding?.evidence ?? []);
    const candidates = parts.map((part) => ({ cluster, moves: part.map(({ move }) => withoutTime(move)) }));
    for (let i = 0; i < candidates.length; i += this.breadth)
      if ((await this.attemptFirst(candidates.slice(i, i + this.breadth))) !== undefined) return;
  }

  private async dropServers(): Promise<void> {
    const nodes = new Set(this.current.moves.map(nodeOf));
    for (const node of nodes) await this.try(({ moves }) => moves.filter((move) => !concerns(move, node)));
  }

  private async dropMoves(): Promise<void> {
    const { cluster, moves } = this.current;
    const tryFirst: TryFirst<Move> = async (candidates) => {
      const index = await this.attemptFirst(candidates.map((candidate) => ({ cluster, moves: candidate })));
      return index === undefined ? undefined : { index, left: this.current.moves };
    };
    await ddmin(moves, tryFirst, this.breadth);
  }

  private async tryFewerServers(): Promise<void> {
    if (this.stage.options.isExact) return;
    let candidates: Candidate[] = [];
    for (const candidate of smallerClusters(this.current)) {
      candidates.push(candidate);
      if (candidates.length < this.breadth) continue;
      if (this.limit.isOver || (await this.attemptFirst(candidates)) !== undefined) return;
      candidates = [];
    }
    await this.attemptFirst(candidates);
  }

  /** A server that stops between two events, not in the middle of one; a message that arrives once. */
  private async tryPlainerMoves(): Promise<void> {
    for (let i = 0; i < this.current.moves.length; i++) {
      const { effects, ...plain } = this.current.moves[i];
      if (effects === undefined) continue;
      await this.try(({ moves }) => [...moves.slice(0, i), plain, ...moves.slice(i + 1)]);
    }
  }

  private async try(change: (current: FailedPlay) => readonly Move[]): Promise<void> {
    const { current } = this;
    const moves = change(current);
    if (moves.length > 0) await this.attempt({ cluster: current.cluster, moves });
  }

  private async attempt(candidate: Candidate): Promise<boolean> {
    return (await this.attemptFirst([candidate])) !== undefined;
  }

  /** Plays some schedules. @returns the first that fails in the same way, which is the best one then */
  private async attemptFirst(candidates: readonly Candidate[]): Promise<number | undefined> {
    const found = await firstOf(candidates, (candidate) => this.play(candidate), this.limit);
    if (found === undefined) return undefined;
    this.best = found.result;
    return found.index;
  }

  private async play({ cluster, moves }: Candidate): Promise<Tried<FailedPlay>> {
    const { result, events } = await this.stage.play(cluster, moves);
    const isSame = result !== undefined && isSameFailure(result.failure.story, this.wanted);
    return { result: isSame ? result : undefined, events };
  }

  private get current(): FailedPlay {
    if (this.best === undefined) throw new Error("There is no schedule to make smaller.");
    return this.best;
  }
}

function concerns(move: Move, node: NodeId): boolean {
  return nodeOf(move) === node || ("from" in move && move.from === node);
}
