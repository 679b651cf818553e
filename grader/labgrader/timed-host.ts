import type { Host, NodeId, Reaction, Stimulus, Trouble } from "../../labs/kit";
import type { Branches } from "../../labs/kit/search";

/** Looking at the clock costs as much as a small event: it is done once in so many. */
const EVENTS_PER_LOOK = 128;

/** Thrown when a test has used up its computing time. The event budget ends nearly every run long before. */
export class TimeBudgetExceeded extends Error {
  constructor(readonly seconds: number) {
    super(
      `This test computed for more than ${seconds} s and was ended; a usual program needs a fraction of a second. ` +
        "Which handler does far more work than its event asks for?",
    );
  }
}

/** A host that ends a test whose handlers all return, but take too long together. */
export class TimedHost implements Host {
  private events = 0;

  /**
   * @param clock milliseconds
   * @param deadline on that clock
   * @param budget what the deadline was computed from, in milliseconds, for the message
   */
  constructor(
    private readonly inner: Host,
    private readonly clock: () => number,
    private readonly deadline: number,
    private readonly budget: number,
  ) {}

  react(stimulus: Stimulus): Reaction {
    this.events += 1;
    if (this.events % EVENTS_PER_LOOK === 0 && this.clock() > this.deadline)
      throw new TimeBudgetExceeded(this.budget / 1_000);
    return this.inner.react(stimulus);
  }

  another(): Host | undefined {
    const { clock, deadline, budget } = this;
    const another = this.inner.another?.();
    return another && new TimedHost(another, clock, deadline, budget);
  }

  branches(alike: readonly NodeId[], names: readonly NodeId[]): Branches | undefined {
    return this.inner.branches?.(alike, names);
  }

  lateTrouble(): Trouble | undefined {
    return this.inner.lateTrouble();
  }
}
