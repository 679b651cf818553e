import { replayCommand } from "../labgrader/replay-command";
import type { Place, PlayOptions, Run, RunOutcome } from "../labgrader/run";
import { type Breadth, type RunEvent, runSuite } from "../labgrader/runner";
import { type Bundle, bundle, wrap } from "../submission/bundle";
import type { Submission } from "../submission/intake";
import { lineMapOf } from "../submission/line-map";
import { SubmissionProblem } from "../submission/problem";
import { publicSuiteOf, suiteOf } from "../suites";
import type { LoadOrder } from "../wire/orders";
import { placeIn } from "./at-place";
import { CellLost, LoadingLost, NoCell } from "./cell-end";
import { CellProcess } from "./cell-process";
import { Crossing } from "./crossing";
import { DiagramFiles } from "./diagram-files";
import type { Graded } from "./graded";
import { Abandoned, OutOfGradingTime } from "./remote-host";
import { RunFiles } from "./run-files";
import { SHRINKING_SILENCE_MAX_MS, Shrinking } from "./shrinking";
import { Slots } from "./slots";
import { endWords, graderErrorWords, loadingEndWords, outOfTimeWords } from "./words";

/** Runs that are under way side by side: each crossing of the boundary carries an event of each. */
const RUNS_AT_ONCE = 32;
/** How long a cell may work on one batch: a healthy one takes a millisecond. */
const SILENCE_MAX_MS = 5_000;
/** The same, once a run of the submission was found to make its cell fall silent: there may be many more. */
const SILENCE_AGAIN_MAX_MS = 2_000;
/** Losses in a row for which no run is to blame after which the machine is. */
const UNEXPLAINED_MAX = 10;
/** How long a submission may take over all its tests. Nearly all that is endless is found by counting, long before. */
export const GRADING_MAX_MS = 600_000;

export interface GradeOptions {
  readonly baseSeed: number;
  /** Runs of each test, instead of what the suite says. */
  readonly seeds?: number | undefined;
  /** Run only this seed, to see a failure again. */
  readonly seed?: number | undefined;
  /** The tests that students have, or all of them. Without: "whole". */
  readonly part?: "public" | "whole" | undefined;
  /** Numbers of the tests to run. Without: all of that part. */
  readonly only?: readonly string[] | undefined;
  /** True: every run is made twice, and fails if the second is not the same, event for event. */
  readonly checksDeterminism?: boolean | undefined;
  /** True: failures are told on the smallest runs that are found in which the same goes wrong. */
  readonly shrinks?: boolean | undefined;
  /** A folder for diagrams, one for each failed test that has a story. Without: none are drawn. */
  readonly diagrams?: string | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** Called with each world after its run. */
  readonly onWorld?: PlayOptions["onWorld"];
}

/**
 * Grades a submission: the suite, the seeds, the worlds and the oracles are here, the student's servers in a cell.
 * Which tests there are is known before any of them runs; one that brings no result has failed.
 */
export async function judge(submission: Submission, options: GradeOptions): Promise<Graded> {
  try {
    return await new Judging(submission, options, await bundle(submission)).grade();
  } catch (error) {
    if (error instanceof SubmissionProblem) return { kind: "problem", text: error.message };
    return { kind: "grader-error", text: graderErrorWords(error) };
  }
}

class Judging {
  private readonly order: LoadOrder;
  private readonly slots = new Slots(RUNS_AT_ONCE);
  private readonly deadline = performance.now() + GRADING_MAX_MS;
  /** The cell in which runs are played side by side. */
  private shared: Promise<Crossing> | undefined;
  /** Runs during which that cell was lost, each to be played alone before anything else goes on. */
  private readonly quarantine = new Slots(1);
  private suspects = 0;
  private settled: Promise<void> = Promise.resolve();
  private settle: () => void = () => {};
  private wasConfirmed = false;
  /** Crossings whose cells have ended before their time. */
  private readonly lost = new WeakSet<Crossing>();
  private unexplained = 0;
  private silenceMaxMs = SILENCE_MAX_MS;

  constructor(
    private readonly submission: Submission,
    private readonly options: GradeOptions,
    { code, name, sourceMap }: Bundle,
  ) {
    this.order = { code: wrap(code), name, lines: lineMapOf(sourceMap), entry: submission.lab.entry };
  }

  async grade(): Promise<Graded> {
    const { submission, options } = this;
    const { lab, folder } = submission;
    const problem = await this.loadingProblem();
    if (problem !== undefined) return { kind: "problem", text: problem };
    const { baseSeed, seeds, seed, only, checksDeterminism, diagrams, onEvent, onWorld } = options;
    const files = diagrams === undefined ? undefined : new DiagramFiles(diagrams);
    const runs = diagrams === undefined ? undefined : new RunFiles(diagrams, submission);
    const shrinking = new Shrinking(() => this.newCrossing(false, SHRINKING_SILENCE_MAX_MS));
    try {
      const result = await runSuite(options.part === "public" ? publicSuiteOf(lab) : suiteOf(lab), {
        baseSeed,
        seeds,
        seed,
        select: ({ number }) => only === undefined || only.includes(number),
        onEvent,
        onWorld,
        checksDeterminism,
        shrink: options.shrinks === true ? (test, seed, run) => shrinking.shrink(test, seed, run) : undefined,
        keep: runs && ((test, run) => runs.keep(test, run)),
        draw: files && ((test, run) => files.draw(test, run)),
        clock: () => performance.now(),
        replay: (test, seed) => replayCommand(lab, folder, test, seed),
        attempt: (run, at) => this.attempt(run, at),
        breadth: (): Breadth => ({ runs: this.slots.size, tests: Number.POSITIVE_INFINITY }),
        isInterruption: (error) =>
          error instanceof CellLost || error instanceof Abandoned || error instanceof OutOfGradingTime,
      });
      return { kind: "graded", result };
    } finally {
      shrinking.close();
      await this.closeShared();
    }
  }

  /** Loads the program for the first time. @returns why it cannot be run, for its author */
  private async loadingProblem(): Promise<string | undefined> {
    for (let look = 1; ; look++) {
      try {
        const loaded = await CellProcess.load(this.order);
        if (typeof loaded === "string") return loaded;
        this.shared = Promise.resolve(new Crossing(loaded, this.silenceMaxMs, false, this.deadline));
        return undefined;
      } catch (error) {
        if (!(error instanceof LoadingLost)) throw error;
        if (look === 2) return `Loading the file ${loadingEndWords(error)}`;
      }
    }
  }

  /** Plays a run side by side with others; alone, if their cell was lost and this run may be why. */
  private async attempt(run: Run, at: (place: Place) => Promise<RunOutcome>): Promise<RunOutcome> {
    for (;;) {
      while (this.suspects > 0) await this.settled;
      if (run.isMoot) throw new Abandoned();
      if (performance.now() > this.deadline) return failed(outOfTimeWords(GRADING_MAX_MS));
      try {
        const outcome = await this.slots.use(() => this.playWithOthers(at));
        if (outcome === "suspect") return await this.playAlone(run, at);
        if (outcome !== "lost") return outcome;
      } catch (error) {
        if (!(error instanceof OutOfGradingTime)) throw error;
      }
    }
  }

  /** @returns "lost" if the cell was, through no fault of this run; "suspect" if it may be this run's fault */
  private async playWithOthers(
    at: (place: Place) => Promise<RunOutcome>,
  ): Promise<RunOutcome | "lost" | "suspect"> {
    let crossing: Crossing | undefined;
    try {
      this.shared ??= this.newCrossing(false);
      const shared = this.shared;
      crossing = await shared.catch((error: unknown) => {
        if (this.shared === shared) this.shared = undefined;
        throw error;
      });
      return await at(placeIn(crossing));
    } catch (error) {
      if (!(error instanceof CellLost || error instanceof LoadingLost)) throw error;
      if (crossing !== undefined && !this.lost.has(crossing)) {
        this.lost.add(crossing);
        this.shared = undefined;
        this.unexplained += 1;
        if (this.unexplained > UNEXPLAINED_MAX)
          throw new NoCell("Cells end again and again, and no run is to blame.");
      }
      return error instanceof CellLost && error.isSuspect ? "suspect" : "lost";
    }
  }

  private async newCrossing(isTold: boolean, silenceMaxMs = this.silenceMaxMs): Promise<Crossing> {
    const loaded = await CellProcess.load(this.order);
    if (typeof loaded === "string") throw new Error(`The program was loaded before, and now not: ${loaded}`);
    return new Crossing(loaded, silenceMaxMs, isTold, this.deadline);
  }

  private async closeShared(): Promise<void> {
    const shared = await this.shared?.catch(() => undefined);
    this.shared = undefined;
    shared?.close();
  }

  /** No test is failed for one silence or death alone: the same run, by itself, must end a cell a second time. */
  private async playAlone(run: Run, at: (place: Place) => Promise<RunOutcome>): Promise<RunOutcome> {
    this.enterQuarantine();
    try {
      return await this.quarantine.use(async () => {
        if (run.isMoot) throw new Abandoned();
        const crossing = await this.newCrossing(true);
        try {
          return await at(placeIn(crossing));
        } catch (error) {
          if (!(error instanceof CellLost)) throw error;
          this.wasConfirmed = true;
          this.unexplained = 0;
          if (error.end.kind === "silent") this.silenceMaxMs = SILENCE_AGAIN_MAX_MS;
          const text = endWords(error.end, crossing.doing, await crossing.lastWords(), run.seed);
          return { ...failed(text, run.seed), isStop: true };
        } finally {
          crossing.close();
        }
      });
    } finally {
      this.leaveQuarantine();
    }
  }

  private enterQuarantine(): void {
    this.suspects += 1;
    if (this.suspects > 1) return;
    this.wasConfirmed = false;
    this.settled = new Promise((resolve) => {
      this.settle = resolve;
    });
  }

  private leaveQuarantine(): void {
    this.suspects -= 1;
    if (this.suspects > 0) return;
    // Each run is all right by itself: together they were too much, for instance for the memory.
    if (!this.wasConfirmed) this.slots.size = Math.max(1, Math.floor(this.slots.size / 4));
    this.settle();
  }
}

/** A test that failed without a world to tell a story. */
function failed(text: string, seed?: number): RunOutcome {
  return { state: "failed", failure: { text, seed }, events: 0, virtualMs: 0 };
}
