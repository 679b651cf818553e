/** How long shrinking may go on. Plays bound it the same way on every machine; time, where somebody waits. */
export interface LimitOptions {
  /** Runs that may be played. */
  readonly playsMax: number;
  /** Milliseconds on `clock`. */
  readonly budgetMs: number;
  /** Without: time stands still. */
  readonly clock: () => number;
}

/** Counts what is left of the runs and of the time that shrinking may take. */
export class Limit {
  plays = 0;
  private readonly end: number;

  constructor(private readonly options: LimitOptions) {
    this.end = options.clock() + options.budgetMs;
  }

  /** How many more runs may be played. */
  get left(): number {
    return this.options.clock() >= this.end ? 0 : Math.max(0, this.options.playsMax - this.plays);
  }

  get isOver(): boolean {
    return this.left === 0;
  }

  take(plays: number): void {
    this.plays += plays;
  }
}
