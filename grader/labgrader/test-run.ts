import { type Story, storyText, type World } from "../../labs/kit";
import type { TestResult, TestState } from "./result";
import type { Run, RunOutcome } from "./run";
import type { TestCase } from "./suite";

/** Runs of a test that begin before anything is known of it: most tests that fail do so in their first run. */
const RUNS_AT_FIRST = 2;

/** A failure that is still to be told in the best way. */
export interface Unexplained {
  readonly world: World;
  readonly story: Story;
  readonly seed: number;
}

/** One test on its way through its seeds, up to the first on which it fails. Several runs may be under way at once. */
export class TestRun {
  /** Runs that were begun. */
  started = 0;
  /** When the first of them began, on the clock of the suite's run. */
  startedAt = 0;
  /** True if the test was decided by a run that had to be stopped. */
  isStopped = false;
  /** What became of the test; undefined while that is open. */
  result: TestResult | undefined;

  /** The failure that has decided the test, until it is explained. Until then the result is not told. */
  unexplained: Unexplained | undefined;

  private readonly outcomes: RunOutcome[] = [];
  private readonly active = new Set<Run>();
  private failedAt = Number.POSITIVE_INFINITY;

  constructor(
    readonly test: TestCase,
    readonly seeds: number,
  ) {}

  /** True if another run can begin. */
  get hasMore(): boolean {
    const most = this.outcomes.length > 0 ? this.seeds : Math.min(this.seeds, RUNS_AT_FIRST);
    return this.result === undefined && this.started < most && this.failedAt === Number.POSITIVE_INFINITY;
  }

  begin(run: Run): void {
    this.started += 1;
    this.active.add(run);
  }

  /** Notes what came of a run. Runs after one that failed are not waited for. */
  end(run: Run, outcome: RunOutcome, now: number): void {
    this.active.delete(run);
    this.outcomes[run.index] = outcome;
    if (outcome.state !== "passed" && run.index < this.failedAt) {
      this.failedAt = run.index;
      for (const later of this.active) if (later.index > run.index) later.abandon();
    }
    const needed = Math.min(this.seeds, this.failedAt + 1);
    for (let i = 0; i < needed; i++) if (this.outcomes[i] === undefined) return;
    const deciding = this.outcomes[needed - 1];
    const { state, failure, world, isStop = false } = deciding;
    this.isStopped = isStop;
    this.decide(state, failure, this.outcomes.slice(0, needed), now);
    this.outcomes.length = 0; // worlds are large
    const { story, seed } = failure ?? {};
    if (world !== undefined && story !== undefined && story.kind !== "not-written" && seed !== undefined)
      this.unexplained = { world, story, seed };
  }

  /** The result once it can be told: nobody is about to tell it better. */
  get toldResult(): TestResult | undefined {
    return this.unexplained === undefined ? this.result : undefined;
  }

  /** The same failure with another story. */
  retell(story: Story): void {
    const failure = this.result?.failure;
    if (this.result === undefined || failure?.story === undefined) return;
    const text = storyText(story, { replay: failure.replay });
    this.result = { ...this.result, failure: { ...failure, text, story } };
  }

  /** Notes where the run that has decided the test is drawn. */
  addDiagram(diagram: string): void {
    const failure = this.result?.failure;
    if (this.result === undefined || failure === undefined) return;
    this.result = { ...this.result, failure: { ...failure, diagram } };
  }

  /** Ends the test without another run, whatever came of it so far. */
  giveUp(state: TestState, text: string, now: number): void {
    for (const run of this.active) run.abandon();
    this.isStopped = false;
    this.unexplained = undefined;
    this.decide(state, { text }, [], now);
  }

  private decide(
    state: TestState,
    failure: TestResult["failure"],
    outcomes: readonly RunOutcome[],
    now: number,
  ): void {
    const { test } = this;
    this.result = {
      number: test.number,
      title: test.title,
      path: test.path,
      visibility: test.visibility,
      state,
      points: state === "passed" ? test.points : 0,
      maxPoints: test.points,
      seedsRun: outcomes.length,
      seedsPlanned: this.seeds,
      events: outcomes.reduce((total, { events }) => total + events, 0),
      virtualMs: Math.round(outcomes.reduce((total, { virtualMs }) => total + virtualMs, 0)),
      wallMs: this.started === 0 ? 0 : Math.round(now - this.startedAt),
      failure,
    };
  }
}
