import { replayCommand } from "../labgrader/replay-command";
import type { Place, Run, RunOutcome } from "../labgrader/run";
import { type Breadth, type RunEvent, runSuite } from "../labgrader/runner";
import { type Bundle, bundle, wrap } from "../submission/bundle";
import type { Submission } from "../submission/intake";
import { lineMapOf } from "../submission/line-map";
import { SubmissionProblem } from "../submission/problem";
import { publicSuiteOf, suiteOf } from "../suites";
import type { LoadOrder } from "../wire/orders";
import { type CellEnd, CellLost, CellProcess, LoadingLost, NoCell } from "./cell-process";
import { Abandoned, Crossing } from "./crossing";
import type { Graded } from "./graded";
import { Slots } from "./slots";

/** Runs that are under way side by side: each crossing of the boundary carries an event of each. */
const RUNS_AT_ONCE = 24;
/** How long a cell may work on one batch: a healthy one takes a millisecond. */
const SILENCE_MAX_MS = 5_000;
/** How long a submission may take over all its tests. Nearly all that is endless is found by counting, long before. */
export const GRADING_MAX_MS = 600_000;

export interface GradeOptions {
  readonly baseSeed: number;
  /** Runs of each test, instead of what the suite says. */
  readonly seeds?: number | undefined;
  /** The tests that students have, or all of them. Without: "whole". */
  readonly part?: "public" | "whole" | undefined;
  /** Numbers of the tests to run. Without: all of that part. */
  readonly only?: readonly string[] | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
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

/** What went wrong in the grader itself, for whoever looks after it. */
export function graderErrorWords(error: unknown): string {
  if (error instanceof NoCell) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

class Judging {
  private readonly order: LoadOrder;
  private readonly slots = new Slots(RUNS_AT_ONCE);
  private readonly startedAt = performance.now();
  /** The cell in which runs are played side by side. */
  private shared: Promise<Crossing> | undefined;
  /** Runs during which that cell was lost, each to be played alone before anything else goes on. */
  private readonly quarantine = new Slots(1);
  private suspects = 0;
  private settled: Promise<void> = Promise.resolve();
  private settle: () => void = () => {};
  private wasConfirmed = false;

  constructor(
    private readonly submission: Submission,
    private readonly options: GradeOptions,
    { code, name, sourceMap }: Bundle,
  ) {
    const { file, exports } = submission.lab.entry;
    this.order = { code: wrap(code), name, lines: lineMapOf(sourceMap), entry: { file, exports } };
  }

  async grade(): Promise<Graded> {
    const { submission, options } = this;
    const { lab, folder } = submission;
    const problem = await this.loadingProblem();
    if (problem !== undefined) return { kind: "problem", text: problem };
    const { baseSeed, seeds, only, onEvent } = options;
    try {
      const result = await runSuite(options.part === "public" ? publicSuiteOf(lab) : suiteOf(lab), {
        baseSeed,
        seeds,
        select: ({ number }) => only === undefined || only.includes(number),
        onEvent,
        clock: () => performance.now(),
        replay: (test, seed) => replayCommand(lab, folder, test, seed),
        attempt: (run, at) => this.attempt(run, at),
        breadth: (): Breadth => ({ runs: this.slots.size, tests: Number.POSITIVE_INFINITY }),
        isInterruption: (error) => error instanceof CellLost || error instanceof Abandoned,
      });
      return { kind: "graded", result };
    } finally {
      await this.closeShared();
    }
  }

  /** Loads the program for the first time. @returns why it cannot be run, for its author */
  private async loadingProblem(): Promise<string | undefined> {
    for (let look = 1; ; look++) {
      try {
        const loaded = await CellProcess.load(this.order);
        if (typeof loaded === "string") return loaded;
        this.shared = Promise.resolve(new Crossing(loaded, SILENCE_MAX_MS, false));
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
      if (performance.now() - this.startedAt > GRADING_MAX_MS) return outOfTime();
      try {
        return await this.slots.use(async () => at(placeIn(await this.sharedCrossing())));
      } catch (error) {
        if (!(error instanceof CellLost)) throw error;
        if (error.isSuspect) return this.playAlone(run, at);
      }
    }
  }

  private sharedCrossing(): Promise<Crossing> {
    this.shared ??= this.newCrossing(false);
    return this.shared;
  }

  private async newCrossing(isTold: boolean): Promise<Crossing> {
    const loaded = await CellProcess.load(this.order);
    if (typeof loaded === "string") throw new Error(`The program was loaded before, and now not: ${loaded}`);
    return new Crossing(loaded, SILENCE_MAX_MS, isTold);
  }

  private async closeShared(): Promise<void> {
    const shared = this.shared;
    this.shared = undefined;
    (await shared)?.close();
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
          const text = endWords(error.end, crossing.doing, await crossing.lastWords(), run.seed);
          return { state: "failed", failure: { text, seed: run.seed }, events: 0, virtualMs: 0 };
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
    this.shared = undefined;
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

function placeIn(crossing: Crossing): Place {
  return { makeHost: () => crossing.makeHost(), driver: crossing.drive };
}

function outOfTime(): RunOutcome {
  const text = `Not run: this submission worked for more than ${GRADING_MAX_MS / 60_000} minutes; a usual one takes seconds.`;
  return { state: "failed", failure: { text }, events: 0, virtualMs: 0 };
}

function loadingEndWords({ end, lastWords }: LoadingLost): string {
  return end.kind === "silent"
    ? "takes too long. Is there an endless loop outside of the class?"
    : `ends the whole program: ${end.kind === "died" ? lastWords : end.what} Code outside of the class runs before any server starts.`;
}

/** Why a test failed whose run ended a cell. */
function endWords(end: CellEnd, doing: string | undefined, lastWords: string, seed: number): string {
  const handler = doing ?? "A handler";
  switch (end.kind) {
    case "silent":
      return [
        `${handler} does not return.`,
        "Rule    A handler does its work and returns; to go on later it sets a timer.",
        `Seed    ${seed}`,
        "Next    What in this handler takes so long? Look for a regular expression, a sort or a string that grows without end.",
      ].join("\n");
    case "died":
      return [
        `The program ended in the middle of the test: ${lastWords}`,
        `Seed    ${seed}`,
        `Next    It was at ${handler}. What grows there without end?`,
      ].join("\n");
    case "violation":
      return [
        "The grader got something from the program's process that no server can send. This test is not passed that way.",
        `Seed    ${seed}`,
        `Found   ${end.what}`,
      ].join("\n");
  }
}
