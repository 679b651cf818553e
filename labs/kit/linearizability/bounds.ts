/** How much work a check may do. Counted, not timed: the same history has the same verdict on every machine. */
export interface Bounds {
  /** Attempts to place an action, and comparisons of two configurations; tens of nanoseconds each. */
  readonly stepsMax: number;
  /** Configurations held at one time. */
  readonly configurationsMax: number;
}

/** Enough for what people will ever look at, and given up within a second or two. */
export const DEFAULT_BOUNDS: Bounds = { stepsMax: 20_000_000, configurationsMax: 100_000 };

/** Counts work against its bounds. */
export class Meter {
  steps = 0;
  configurationsHeld = 0;

  constructor(readonly bounds: Bounds) {}

  /** Why the work must stop here; undefined while it may go on. */
  get exhausted(): string | undefined {
    const { stepsMax, configurationsMax } = this.bounds;
    if (this.steps > stepsMax) return `more than ${stepsMax} steps`;
    if (this.configurationsHeld > configurationsMax)
      return `more than ${configurationsMax} configurations at one time`;
    return undefined;
  }
}
