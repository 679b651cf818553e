import { currentHandler } from "../kit/host/guards";

/** Rounds after which a loop counts as endless. It is asked only about code that hangs already. */
const ROUNDS_MAX = 20_000;

/** Counts the rounds of the loops of a student's code that was loaded with {@link loadWithCounter}. */
export class LoopCounter {
  /** The loop that did not end: "raft.ts:57". Undefined while there is none. */
  place: string | undefined;
  /** The handler that it was in: "S2.onMessage". */
  handler: string | undefined;
  private readonly rounds = new Map<string, number>();

  /**
   * A loop begins, perhaps once more: one that is long in all, but not in one go, does end.
   * @param place file, line and column: there may be two in a line
   */
  enter(place: string): void {
    this.rounds.set(place, 0);
  }

  /** A loop begins its next round. Throws when these are too many. */
  round(place: string): void {
    const rounds = (this.rounds.get(place) ?? 0) + 1;
    this.rounds.set(place, rounds);
    if (rounds <= ROUNDS_MAX) return;
    this.place ??= place.replace(/:\d+$/, "");
    this.handler ??= currentHandler();
    throw new Error(`The loop at ${place} does not end.`);
  }
}
