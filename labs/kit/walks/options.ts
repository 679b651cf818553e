import type { Json, KvOperation } from "../contract";
import type { Move } from "../schedule";
import type { WalkBudget } from "./budget";
import type { StrategyMaker } from "./strategy";

/** What walks there are, and what servers and clients are given to do in each of them. */
export interface WalkOptions {
  /** How many walks. */
  readonly walks: number;
  /** Moves of each, after those with which it begins. */
  readonly steps: number;
  /** What happens first; walks take turns. Without: nothing, they begin with the start of all nodes. */
  readonly beginnings?: readonly (readonly Move[])[] | undefined;
  readonly budget: WalkBudget;
  /** How it is chosen what happens next. Without: the one that has found the most, {@link uniform}. */
  readonly strategy?: StrategyMaker | undefined;
  /** Commands for leaders, in this order. */
  readonly commands?: readonly Json[] | undefined;
  /**
   * What each client does, one operation after the other: the first list is that of C1. No gets: reads may be answered
   * under a lease, which only clocks keep.
   */
  readonly operations?: readonly (readonly KvOperation[])[] | undefined;
  /** Walks that are under way at the same time: the result does not depend on it. Without: 16. */
  readonly atOnce?: number | undefined;
}
