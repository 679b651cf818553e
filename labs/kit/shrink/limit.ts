/** How long shrinking may go on. Work bounds it the same way on every machine; time, where somebody waits. */
export interface LimitOptions {
  /** Runs that may be played. */
  readonly playsMax: number;
  /** Events that may happen in all of them. The run in which that many are reached still counts. */
  readonly eventsMax: number;
  /** Milliseconds on `clock`. */
  readonly budgetMs: number;
  /** Without: time stands still. */
  readonly clock: () => number;
}

/** Counts what is left of the work and of the time that shrinking may take. */
export class Limit {
  plays = 0;
  events = 0;
  private readonly end: number;

  constructor(private readonly options: LimitOptions) {
    this.end = options.clock() + options.budgetMs;
  }

  /** How many more runs may be played. */
  get left(): number {
    return this.options.clock() >= this.end ? 0 : this.workLeft;
  }

  get isOver(): boolean {
    return this.left === 0;
  }

  /** True if no work is left, whatever the clock says. */
  get isSpent(): boolean {
    return this.workLeft === 0;
  }

  /** One run was played. */
  take(events: number): void {
    this.plays += 1;
    this.events += events;
  }

  private get workLeft(): number {
    const { playsMax, eventsMax } = this.options;
    return this.events >= eventsMax ? 0 : Math.max(0, playsMax - this.plays);
  }
}
