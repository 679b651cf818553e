import {
  type Driver,
  Failure,
  type Host,
  keyOf,
  type Play,
  type Shrunk,
  type Story,
  type World,
  wholePlay,
} from "../../labs/kit";
import { type SuiteResult, suiteResult, type TestResult } from "./result";
import { type Place, type PlayOptions, Run, type RunOutcome } from "./run";
import type { Block, Suite, TestCase } from "./suite";
import { TestRun, type Unexplained } from "./test-run";
import { TimedHost } from "./timed-host";

/** Time that a test may take: so much for itself, and so much more for each of its runs. */
const TEST_MAX_MS = 30_000;
const RUN_MAX_MS = 200;

/** Tests that have to be stopped before the rest of a suite is given up. */
const STOPS_MAX = 6;

/** Failures that may wait to be explained before later tests have to wait too: their runs are large. */
const UNEXPLAINED_MAX = 16;

/** How a suite is run. */
export interface RunOptions extends PlayOptions {
  /** All seeds come from this one. The same for every submission of a grading. */
  readonly baseSeed: number;
  /** Runs of each test, instead of what the suite says. */
  readonly seeds?: number | undefined;
  /** Run only this seed, to see a failure again. */
  readonly seed?: number | undefined;
  /** The tests to run. The others do not appear in the result. */
  readonly select?: ((test: TestCase) => boolean) | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** Draws the run for which a test fails. @returns the file that goes into the test's result */
  readonly draw?: ((test: TestCase, run: DrawnRun) => string | undefined) | undefined;
  /** Looks for a smaller run in which the same goes wrong. It must not fail, whatever the program does. */
  readonly shrink?:
    | ((test: TestCase, seed: number, run: FailedRun) => Promise<Shrunk | undefined>)
    | undefined;
  /** Keeps the run for which a test fails. */
  readonly keep?: ((test: TestCase, run: FailedRun) => void) | undefined;
  /** The clock for `wallMs` and for the time budget, in milliseconds. Without: time stands still. */
  readonly clock?: (() => number) | undefined;
  /** Where each run is played, and what if it does not work there. */
  readonly attempt: Attempt;
  /** How much may be under way at once; asked before each run. Without: one run. */
  readonly breadth?: (() => Breadth) | undefined;
}

/** A run that failed, and the story of that. */
export interface DrawnRun {
  readonly world: World;
  readonly story: Story;
}

/** A run that failed, and how it is played again. */
export interface FailedRun {
  readonly world: World;
  readonly failure: Failure;
  readonly play: Play;
}

/** Plays a run by calling `at` with a place, once or until it works. */
export type Attempt = (run: Run, at: (place: Place) => Promise<RunOutcome>) => Promise<RunOutcome>;

export interface Breadth {
  readonly runs: number;
  readonly tests: number;
}

const ONE_BY_ONE: Breadth = { runs: 1, tests: 1 };

/** What happens while a suite runs. */
export type RunEvent =
  | { readonly kind: "test-start"; readonly test: TestCase; readonly seeds: number }
  | { readonly kind: "run-start"; readonly test: TestCase; readonly seed: number; readonly run: number }
  /** In the order of the suite, whatever the order in which tests end. */
  | { readonly kind: "test-end"; readonly result: TestResult };

/** Runs a suite: every selected test on all its seeds, or up to the first seed on which it fails. */
export function runSuite(suite: Suite, options: RunOptions): Promise<SuiteResult> {
  return new SuiteRun(suite, options).run();
}

/** For {@link RunOptions}: servers in this process. A test may take some time for each of its runs, as a backstop. */
export function inThisProcess(
  makeHost: () => Host,
  {
    driver,
    clock = () => 0,
    testMaxMs,
    seeds,
  }: { driver?: Driver; clock?: () => number; testMaxMs?: number; seeds?: number | undefined } = {},
): Pick<RunOptions, "attempt" | "clock"> {
  const spent = new Map<TestCase, number>();
  const attempt: Attempt = async (run, at) => {
    const { test } = run;
    const budget = testMaxMs ?? TEST_MAX_MS + (seeds ?? test.seeds) * RUN_MAX_MS;
    const before = spent.get(test) ?? 0;
    const startedAt = clock();
    try {
      return await at({
        makeHost: () => new TimedHost(makeHost(), clock, startedAt + budget - before, budget),
        driver,
      });
    } finally {
      spent.set(test, before + clock() - startedAt);
    }
  };
  return { attempt, clock };
}

/** The seed of a test's n-th run. Its remainder says which of the test's cluster sizes it has: they take turns. */
export function seedOf(baseSeed: number, test: TestCase, run: number): number {
  const sizes = test.servers.length;
  const seed = keyOf(baseSeed, "run", test.number, run);
  return seed - (seed % sizes) + (run % sizes);
}

/** A suite on its way: starts runs in the order of tests and seeds, as many at once as it may. */
class SuiteRun {
  private readonly tests: readonly TestRun[];
  private readonly active = new Set<Promise<void>>();
  private readonly openBlocks = new Set<Block>();
  private readonly closedBlocks = new Set<Block>();
  private isExplaining = false;
  private told = 0;
  private readonly clock: () => number;

  constructor(
    private readonly suite: Suite,
    private readonly options: RunOptions,
  ) {
    this.clock = options.clock ?? (() => 0);
    this.tests = suite.tests
      .filter(options.select ?? (() => true))
      .map((test) => new TestRun(test, options.seed === undefined ? (options.seeds ?? test.seeds) : 1));
  }

  async run(): Promise<SuiteResult> {
    for (;;) {
      await this.tellResults();
      this.explainNext();
      const next = this.nextTest();
      if (next !== undefined) await this.start(next);
      else if (this.active.size > 0) await Promise.race(this.active);
      else if (!this.explainNext()) break;
    }
    await this.tellResults();
    const undecided = this.tests.filter(({ result }) => result === undefined).map(({ test }) => test.number);
    if (undecided.length > 0)
      throw new Error(`Tests build on each other in a circle: ${undecided.join(", ")}.`);
    return suiteResult(
      this.suite.title,
      this.tests.map(({ result }) => result as TestResult),
    );
  }

  /** The test whose next run can begin now; undefined if there is none, or enough is under way. */
  private nextTest(): TestRun | undefined {
    const breadth = this.options.breadth?.() ?? ONE_BY_ONE;
    if (this.active.size >= breadth.runs) return undefined;
    let open = 0;
    let unexplained = 0;
    for (const test of this.tests) {
      if (test.unexplained !== undefined) unexplained += 1;
      if (unexplained > UNEXPLAINED_MAX && this.active.size > 0) return undefined;
      if (test.result === undefined && test.started === 0) this.checkNeeds(test);
      if (test.result !== undefined) continue;
      if (this.isWaiting(test)) continue;
      if (test.hasMore) return test;
      open += 1;
      if (open >= breadth.tests) return undefined;
    }
    return undefined;
  }

  /** Gives a test up if it needs one whose task is not written yet, or has no seed to run on. */
  private checkNeeds(test: TestRun): void {
    const missing = this.needsOf(test)
      .map(({ result }) => result)
      .find((result) => result?.state === "not-written" || result?.state === "not-run");
    const why = missing?.failure?.text ?? "not written yet";
    if (missing?.state === "not-run")
      test.giveUp("not-run", why, 0); // it says on what that one builds
    else if (missing !== undefined) test.giveUp("not-run", `Builds on ${missing.number}: ${why}`, 0);
    else if (test.seeds === 0) test.giveUp("error", `Test ${test.test.number} ran on no seed at all.`, 0);
  }

  private isWaiting(test: TestRun): boolean {
    return this.needsOf(test).some(({ result }) => result === undefined);
  }

  private needsOf({ test }: TestRun): readonly TestRun[] {
    if (test.needs.length === 0) return [];
    return this.tests.filter((other) => other.test !== test && test.needs.includes(other.test.number));
  }

  private async start(testRun: TestRun): Promise<void> {
    const { test, seeds, started: index } = testRun;
    const { options } = this;
    const seed = options.seed ?? seedOf(options.baseSeed, test, index);
    const run = new Run(test, seed, index);
    testRun.begin(run);
    if (index === 0) {
      for (const block of test.blocks) await this.open(block);
      testRun.startedAt = this.clock();
      options.onEvent?.({ kind: "test-start", test, seeds });
    }
    options.onEvent?.({ kind: "run-start", test, seed, run: index });
    const ended = this.play(testRun, run).finally(() => this.active.delete(ended));
    this.active.add(ended);
  }

  private async play(testRun: TestRun, run: Run): Promise<void> {
    try {
      const outcome = await this.options.attempt(run, (place) => run.play(place, this.options));
      if (run.isMoot) return;
      testRun.end(run, outcome, this.clock());
      if (testRun.isStopped) this.giveUpAfterStops();
    } catch (error) {
      if (!run.isMoot) throw error;
    }
  }

  /**
   * Explains the next failure: one after the other in the order of the suite, so that all of them share what work and
   * files a submission may have in the same way, whichever test ends first.
   * @returns false if there is none yet
   */
  private explainNext(): boolean {
    if (this.isExplaining) return false;
    const undecided = this.tests.findIndex(({ result }) => result === undefined);
    const decided = undecided === -1 ? this.tests : this.tests.slice(0, undecided);
    const next = decided.find(({ unexplained }) => unexplained !== undefined);
    if (next?.unexplained === undefined) return false;
    this.isExplaining = true;
    const explained = this.explain(next, next.unexplained).finally(() => {
      this.isExplaining = false;
      this.active.delete(explained);
    });
    this.active.add(explained);
    return true;
  }

  /** Before a failure is told, it is made smaller and drawn: that changes its story, and nothing else. */
  private async explain(testRun: TestRun, { world, story, seed }: Unexplained): Promise<void> {
    const { test } = testRun;
    try {
      const whole = { world, failure: new Failure(story), play: wholePlay(world) };
      const smaller = await this.options.shrink?.(test, seed, whole);
      const told = smaller?.isShrunk === true ? smaller : whole;
      if (told !== whole) testRun.retell(told.failure.story);
      this.options.keep?.(test, told);
      const diagram = this.options.draw?.(test, { world: told.world, story: told.failure.story });
      if (diagram !== undefined) testRun.addDiagram(diagram);
    } finally {
      testRun.unexplained = undefined;
    }
  }

  /**
   * After so many tests that had to be stopped, in the order of the suite, the rest is not run: each costs seconds.
   * Results that later tests have already do not count either, or the verdict would hang on who was quicker.
   */
  private giveUpAfterStops(): void {
    const last = this.tests.filter(({ isStopped }) => isStopped)[STOPS_MAX - 1];
    if (last === undefined) return;
    for (const test of this.tests.slice(this.tests.indexOf(last) + 1))
      test.giveUp(
        "failed",
        `Not run: ${STOPS_MAX} earlier tests had to be stopped. Mend those first.`,
        this.clock(),
      );
  }

  private async open(block: Block): Promise<void> {
    if (this.openBlocks.has(block)) return;
    this.openBlocks.add(block);
    for (const hook of block.before) await hook();
  }

  /** Tells results in the order of the suite, and closes blocks of which every test has ended. */
  private async tellResults(): Promise<void> {
    for (;;) {
      const result = this.tests[this.told]?.toldResult;
      if (result === undefined) return;
      const { blocks } = this.tests[this.told].test;
      this.told += 1;
      this.options.onEvent?.({ kind: "test-end", result });
      const later = this.tests.slice(this.told);
      for (const block of [...blocks].reverse()) {
        if (!this.openBlocks.has(block) || this.closedBlocks.has(block)) continue;
        if (later.some(({ test }) => test.blocks.includes(block))) continue;
        this.closedBlocks.add(block);
        for (const hook of block.after) await hook();
      }
    }
  }
}
