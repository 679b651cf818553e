import type { Move } from "../schedule";
import type { World } from "../world/world";

/** Something that could happen next. Nodes are numbers. */
export type Possible =
  | {
      readonly kind: "deliver";
      /** The trace record in which the message was sent. */
      readonly record: number;
      readonly from: number;
      readonly node: number;
    }
  | {
      readonly kind: "timer";
      /** The trace record in which the timer was set. */
      readonly record: number;
      readonly node: number;
      readonly name: string;
    }
  /** A leader is given the next command. */
  | { readonly kind: "propose"; readonly node: number }
  /** A client is given its next operation. */
  | { readonly kind: "invoke"; readonly node: number }
  /** A stopped server starts again. */
  | { readonly kind: "start"; readonly node: number };

/** Chooses what happens next, in one walk. */
export interface Chooser {
  /**
   * @param possible what can happen now: at least one thing, messages first and oldest first
   * @param step moves that were made so far
   */
  choose(possible: readonly Possible[], step: number, world: World): Possible;
}

/** A walk that is to be made. */
export interface Plan {
  /** What happens first. */
  readonly prefix: readonly Move[];
  /** Who chooses what happens after that. */
  readonly chooser: Chooser;
}

/** A way to choose from what can happen, over all the walks of a test. */
export interface Strategy {
  /** Walks that begin before it is told how those before them went; without, it learns nothing from them. */
  readonly generation?: number | undefined;
  plan(walk: number): Plan;
  /** Called for each walk in the order of their numbers, with all that happened in it. */
  learn?(walk: number, moves: readonly Move[]): void;
}

/** Makes a strategy for the walks of one test. */
export type StrategyMaker = (setup: {
  readonly seed: number;
  /** Moves that a walk has. */
  readonly steps: number;
}) => Strategy;
