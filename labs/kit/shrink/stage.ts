import type { Host } from "../host/reaction";
import { type Move, ScheduledWorld, scheduleOf } from "../schedule";
import { Failure } from "../story/failure";
import { HistoryTooHard, mustBeLinearizable } from "../testing/linearizable";
import type { Driver } from "../world/driver";
import type { World } from "../world/world";
import type { Tried } from "./first-of";

/** A cluster on which schedules are played. */
export interface Cluster {
  readonly servers: number;
  readonly clients: number;
}

/** A schedule that failed, as far as it could be played, and its run. */
export interface FailedPlay {
  readonly cluster: Cluster;
  readonly moves: readonly Move[];
  readonly world: World;
  readonly failure: Failure;
}

export interface StageOptions {
  readonly seed: number;
  /** Makes the place where the servers of one run live. */
  readonly makeHost: () => Host;
  readonly driver?: Driver | undefined;
  /**
   * Where servers run in this process: does a whole play at once, and may put an end to it. Without: moves go one by one
   * through the driver.
   */
  readonly atOnce?: ((play: () => void) => void) | undefined;
  /**
   * True: time matters, for leases hang on clocks. Moves happen at their own times or not at all, and timers run out when
   * they are due.
   */
  readonly isExact: boolean;
  /** True: what clients saw is judged at the end. */
  readonly judgesHistory: boolean;
}

/** Where schedules are tried: each in a fresh world. */
export class Stage {
  constructor(readonly options: StageOptions) {}

  /**
   * Plays a schedule up to the first failure.
   * @returns the failure with the moves that really happened, if something failed, and how many events there were
   */
  async play(cluster: Cluster, moves: readonly Move[]): Promise<Tried<FailedPlay>> {
    const world = await this.perform(cluster, moves);
    try {
      this.judge(world);
    } catch (error) {
      if (!(error instanceof HistoryTooHard)) throw error;
    }
    const { failure, simulation } = world;
    const result = failure && { cluster, moves: movesOf(world, this.options.isExact), world, failure };
    return { result, events: simulation.events };
  }

  /**
   * Plays a schedule up to the first failure, or to its end.
   * @throws HistoryTooHard where nobody can say whether it failed
   */
  async run(cluster: Cluster, moves: readonly Move[]): Promise<World> {
    const world = await this.perform(cluster, moves);
    this.judge(world);
    return world;
  }

  private async perform(cluster: Cluster, moves: readonly Move[]): Promise<World> {
    const { seed, makeHost, driver, isExact, atOnce } = this.options;
    const host = makeHost();
    try {
      const scheduled = new ScheduledWorld({ seed, ...cluster, host, driver, timersRun: isExact });
      await untilFailure(async () => {
        if (atOnce === undefined) await this.playAll(scheduled, moves);
        else atOnce(() => this.playAllNow(scheduled, moves));
      });
      return scheduled.world;
    } finally {
      host.close?.();
    }
  }

  private judge(world: World): void {
    if (!this.options.judgesHistory || world.failure !== undefined) return;
    try {
      mustBeLinearizable(world);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }

  private async playAll(scheduled: ScheduledWorld, moves: readonly Move[]): Promise<void> {
    await scheduled.begin();
    for (const move of moves) await scheduled.play(move, this.options.isExact);
  }

  private playAllNow(scheduled: ScheduledWorld, moves: readonly Move[]): void {
    scheduled.beginNow();
    for (const move of moves) scheduled.playNow(move, this.options.isExact);
  }
}

/** The moves of a run: with their times if these matter, and then without timers, which run out by themselves. */
export function movesOf(world: World, isExact: boolean): Move[] {
  const moves = scheduleOf(world).map(({ move }) => move);
  return isExact
    ? moves.filter(({ kind, effects }) => kind !== "timer" || effects !== undefined)
    : moves.map(withoutTime);
}

/** The same move, as soon as it can happen. */
export function withoutTime({ at: _, ...move }: Move): Move {
  return move;
}

/** The world keeps the failure. */
async function untilFailure(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
}
