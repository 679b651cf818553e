/** What a run may use of everything that can be counted. Whoever needs more is in a loop, or means harm. */
export interface Budget {
  /** Events that the world handles. */
  readonly events: number;
  /** Effects that servers have: calls of env. */
  readonly effects: number;
  /** Bytes that servers hand over, in messages and on disks. */
  readonly bytes: number;
  /** Rounds of loops and calls of functions, where they are counted. */
  readonly steps: number;
}

/** Ample: the longest tests of the course use a twentieth of it. */
export const BUDGET: Budget = {
  events: 400_000,
  effects: 2_000_000,
  bytes: 32_000_000,
  steps: 200_000_000,
};

/** Thrown when a run has had all of something that it may have. */
export class BudgetExceeded extends Error {
  constructor(
    readonly what: keyof Budget,
    readonly max: number,
  ) {
    super(`More than ${max} ${what}.`);
  }
}
