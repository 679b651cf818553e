import { type Shrunk, shrink } from "../../labs/kit";
import { playWithout } from "../labgrader/run";
import type { FailedRun } from "../labgrader/runner";
import type { TestCase } from "../labgrader/suite";
import { placeIn } from "./at-place";
import type { Crossing } from "./crossing";
import { Slots } from "./slots";

/**
 * Work that is spent on one failure, and on all of a submission. It is counted in runs and in their events, so that
 * reports are the same on every machine.
 */
const FAILURE_MAX = { plays: 400, events: 30_000 };
const SUBMISSION_MAX = { plays: 1_500, events: 100_000 };
/** A backstop for programs that are so slow that counting does not end them: only for these does the machine matter. */
const FAILURE_MAX_MS = 30_000;
const SUBMISSION_MAX_MS = 120_000;
/** Runs that are played side by side: a crossing carries an event of each. */
const BREADTH = 16;
/** A handler of a healthy program takes a fraction of a millisecond. */
export const SHRINKING_SILENCE_MAX_MS = 5_000;
/** Cells that may be lost before nothing more is tried with this program. */
const LOSSES_MAX = 2;
/** Runs that are larger than this are told as they are: records of the trace, and bytes that servers sent and wrote. */
const RECORDS_MAX = 100_000;
const BYTES_MAX = 4_000_000;

/**
 * Makes failures of one submission smaller, one after the other, in a cell of its own: whatever the program does there,
 * its verdicts are known already, and nobody else's run is disturbed. They come in the order of the suite, for they share
 * what work there is.
 */
export class Shrinking {
  private readonly turn = new Slots(1);
  private crossing: Crossing | undefined;
  private losses = 0;
  private playsLeft = SUBMISSION_MAX.plays;
  private eventsLeft = SUBMISSION_MAX.events;
  private leftMs = SUBMISSION_MAX_MS;

  /** @param newCrossing makes a cell with the program in it */
  constructor(private readonly newCrossing: () => Promise<Crossing>) {}

  /** @returns undefined if it was not tried */
  async shrink(test: TestCase, seed: number, run: FailedRun): Promise<Shrunk | undefined> {
    const { trace, simulation } = run.world;
    if (run.failure.story.kind === "budget" || trace.length > RECORDS_MAX || simulation.bytes > BYTES_MAX)
      return undefined;
    return this.turn.use(async () => {
      if (this.isOver) return undefined;
      const startedAt = performance.now();
      try {
        return await this.tryToShrink(test, seed, run);
      } catch {
        return undefined; // the failure is told as it was found
      } finally {
        this.leftMs -= performance.now() - startedAt;
      }
    });
  }

  /** Ends the cell. */
  close(): void {
    this.crossing?.close();
    this.crossing = undefined;
  }

  private get isOver(): boolean {
    return this.playsLeft <= 0 || this.eventsLeft <= 0 || this.leftMs <= 0 || this.losses >= LOSSES_MAX;
  }

  private async tryToShrink(test: TestCase, seed: number, { world, failure }: FailedRun): Promise<Shrunk> {
    this.crossing ??= await this.newCrossing();
    const budgetMs = Math.min(FAILURE_MAX_MS, this.leftMs);
    // A run that is under way then is given up together with its cell.
    this.crossing.deadline = performance.now() + budgetMs + SHRINKING_SILENCE_MAX_MS;
    const place = placeIn(this.crossing);
    const shrunk = await shrink({
      world,
      failure,
      ...place,
      breadth: BREADTH,
      again: (without) => playWithout(test, seed, place, without),
      clock: () => performance.now(),
      budgetMs,
      playsMax: Math.min(FAILURE_MAX.plays, this.playsLeft),
      eventsMax: Math.min(FAILURE_MAX.events, this.eventsLeft),
    });
    this.playsLeft -= shrunk.plays;
    this.eventsLeft -= shrunk.events;
    if (shrunk.trouble !== undefined) {
      this.losses += 1;
      this.close();
    }
    return shrunk;
  }
}
