import type { SearchBudget } from "./budget";
import type { Letter, LocalState } from "./local-state";
import type { StateView, StepView } from "./view";

/** Where a search can begin: a state of the cluster, and how it was come to from the very beginning. */
export interface Root {
  readonly locals: readonly LocalState[];
  readonly letters: readonly Letter[];
  readonly codes: readonly number[];
  /** Commands that leaders were given on the way. */
  readonly given: number;
}

export interface SearchOptions {
  readonly budget: SearchBudget;
  /** Steps from where it begins, and states that may be met. Of the two, none depends on how fast the machine is. */
  readonly bounds: { readonly depth: number; readonly states: number };
  /** "breadth": what is found is shortest. "depth": what is far away is found sooner. Without: "breadth". */
  readonly order?: "breadth" | "depth" | undefined;
  /** Steps that the search may take; the others are as if they could not happen. Without: all. */
  readonly allow?: ((step: StepView, state: StateView) => boolean) | undefined;
  /** The search ends in states of which this is true, and goes on from none of them. */
  readonly goal?: ((state: StateView) => boolean) | undefined;
  /** How many such states to look for. Without: 1. */
  readonly goals?: number | undefined;
  /**
   * True: states that are equal but for the names of servers count as one; `allow` and `goal` must not speak of servers by
   * name then. Without: true if there are neither.
   */
  readonly symmetric?: boolean | undefined;
  /**
   * The oracles watch the way to one in so many states; 0: to none. What nodes have done, led, voted and applied is
   * compared in every state. Without: 1, to every state.
   */
  readonly watchEvery?: number | undefined;
  /** Ends the search early when it says so: for those who have a clock. The result then hangs on the machine. */
  readonly isOver?: (() => boolean) | undefined;
}

/** What a search has come to. */
export interface SearchResult {
  /** "exhausted": there is nothing else within the budget. "bounded": a bound was reached. */
  readonly end: "violation" | "goal" | "exhausted" | "bounded";
  /** For "violation": the steps from the very beginning. */
  readonly violation?: readonly number[] | undefined;
  readonly goals: readonly Root[];
  readonly states: number;
  /** Steps that were looked at, to states that were new or not. */
  readonly transitions: number;
  readonly depth: number;
  /** Bytes of what was kept of the states. */
  readonly bytes: number;
}
