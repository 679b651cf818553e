/** What a run may use of everything that can be counted. Whoever needs more is in a loop, or means harm. */
export interface Budget {
  /** Events that the world handles. */
  readonly events: number;
  /** Effects that servers have: calls of env. */
  readonly effects: number;
  /** Bytes that servers hand over: in messages, on disks, as names of timers and as lines of the log. */
  readonly bytes: number;
  /** Rounds of loops and calls of functions, where they are counted. */
  readonly steps: number;
}

/** Ample: the longest runs of the course use an eighth of it. A test that needs more says so. */
export const BUDGET: Budget = {
  events: 100_000,
  effects: 400_000,
  bytes: 16_000_000,
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
