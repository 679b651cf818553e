/** What {@link Machine.apply} answers where an action cannot have happened. */
export const IMPOSSIBLE: unique symbol = Symbol("impossible");
export type Impossible = typeof IMPOSSIBLE;

/** The position of a return that never came. */
export const NEVER = Number.POSITIVE_INFINITY;

/** Plain values, so that equal states are the same state. */
export type Primitive = string | number | boolean | null | symbol;

/** An action that took effect at some point between two positions; or perhaps never, if it did not return. */
export interface Interval<Action> {
  readonly action: Action;
  readonly invoked: number;
  /** Greater than `invoked`; {@link NEVER} for an operation that did not return. */
  readonly returned: number;
}

/**
 * A sequential machine: what one part of the store does when actions come one after the other. An action is what an
 * operation and its answer mean together: "get, and the answer was a" is the action "read a", which can happen only
 * where the state is a.
 */
export interface Machine<State extends Primitive, Action> {
  readonly initial: State;
  /** The state after `action`, or {@link IMPOSSIBLE} if it cannot happen in `state`. */
  apply(state: State, action: Action): State | Impossible;
  /** Actions of one name are the same action: either may stand for the other. */
  nameOf(action: Action): string;
  /** True if the action never changes the state. */
  isRead(action: Action): boolean;
  /** True if the action can happen in every state. */
  isBlind(action: Action): boolean;
  /** True if the state after the action does not depend on the state before it. */
  overwrites(action: Action): boolean;
  /** Which states can still be told apart, given all the actions that there are. */
  outlook?(intervals: readonly Interval<Action>[]): Outlook<State>;
  /** A fast exact test for histories that it understands; undefined for all others. */
  shortcut?(intervals: readonly Interval<Action>[]): boolean | undefined;
}

/** What of a state will ever be seen. */
export interface Outlook<State extends Primitive> {
  /** A state that stands for all those that nobody will look at again. */
  readonly blank: State;
  /** The last position at which an action can tell `state`, or one grown from it, from `blank`; -1 for none. */
  lastLook(state: State): number;
  /** From this position on, whatever can happen from `blank` can happen from every other state too. */
  readonly blankIsWorstFrom: number;
}

/** Says what the operations of a store mean. */
export interface Model<Operation, Result, State extends Primitive, Action> {
  readonly machine: Machine<State, Action>;
  /** The part of the store that the operation concerns: a key. Parts do not influence each other. */
  partOf(operation: Operation): string;
  /** What the operation means, given its answer. */
  meaning(operation: Operation, result: Result): Action;
  /** What an operation without an answer may have done; undefined if it has no effect on anybody else. */
  openMeaning(operation: Operation): Action | undefined;
}
