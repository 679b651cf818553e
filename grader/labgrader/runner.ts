import { type Driver, Failure, type Host, keyOf, prematureStory, storyText, World } from "../../labs/kit";
import { type SuiteResult, suiteResult, type TestFailure, type TestResult, type TestState } from "./result";
import type { Block, Suite, TestCase } from "./suite";
import { TimeBudgetExceeded, TimedHost } from "./timed-host";

/** Time that a test may take: so much for itself, and so much more for each of its runs. */
const TEST_MAX_MS = 30_000;
const RUN_MAX_MS = 200;

/** How a suite is run. */
export interface RunOptions {
  /** Makes the place where the servers of one run live: the suite never sees it. */
  readonly makeHost: () => Host;
  /** Carries events between a world and its host. Without: one by one, at once. */
  readonly driver?: Driver | undefined;
  /** All seeds come from this one. The same for every submission of a grading. */
  readonly baseSeed: number;
  /** Runs of each test, instead of what the suite says. */
  readonly seeds?: number | undefined;
  /** Run only this seed, to see a failure again. */
  readonly seed?: number | undefined;
  /** The tests to run. The others do not appear in the result. */
  readonly select?: ((test: TestCase) => boolean) | undefined;
  /** What a student or instructor types to see a run again. */
  readonly replay?: ((test: TestCase, seed: number) => string) | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** Called with each world after its run. */
  readonly onWorld?: ((test: TestCase, world: World) => void) | undefined;
  /** The clock for `wallMs` and for the time budget, in milliseconds. Without: time stands still. */
  readonly clock?: (() => number) | undefined;
  /** Time that one test may take over all its runs, in milliseconds: a backstop, see {@link TimedHost}. */
  readonly testMaxMs?: number | undefined;
}

/** What happens while a suite runs. */
export type RunEvent =
  | { readonly kind: "test-start"; readonly test: TestCase; readonly seeds: number }
  | { readonly kind: "run-start"; readonly test: TestCase; readonly seed: number; readonly run: number }
  | { readonly kind: "test-end"; readonly result: TestResult };

/** Runs a suite: every selected test on all its seeds, or up to the first seed on which it fails. */
export async function runSuite(suite: Suite, options: RunOptions): Promise<SuiteResult> {
  const tests = suite.tests.filter(options.select ?? (() => true));
  const results: TestResult[] = [];
  const openBlocks = new Set<Block>();
  for (const [index, test] of tests.entries()) {
    for (const block of test.blocks) {
      if (openBlocks.has(block)) continue;
      openBlocks.add(block);
      for (const hook of block.before) await hook();
    }
    const result = await runTest(test, results, options);
    results.push(result);
    options.onEvent?.({ kind: "test-end", result });
    const later = tests.slice(index + 1);
    for (const block of [...test.blocks].reverse()) {
      if (later.some(({ blocks }) => blocks.includes(block))) continue;
      for (const hook of block.after) await hook();
    }
  }
  return suiteResult(suite.title, results);
}

/** The seed of a test's n-th run. Its remainder says which of the test's cluster sizes it has: they take turns. */
export function seedOf(baseSeed: number, test: TestCase, run: number): number {
  const sizes = test.servers.length;
  const seed = keyOf(baseSeed, "run", test.number, run);
  return seed - (seed % sizes) + (run % sizes);
}

/** "1.3" of "1.3a". */
function taskOf(test: TestCase): string {
  return test.number.replace(/[a-z]+$/, "");
}

async function runTest(
  test: TestCase,
  earlier: readonly TestResult[],
  options: RunOptions,
): Promise<TestResult> {
  const seeds = options.seed === undefined ? (options.seeds ?? test.seeds) : 1;
  const clock = options.clock ?? (() => 0);
  const startedAt = clock();
  const testMaxMs = options.testMaxMs ?? TEST_MAX_MS + seeds * RUN_MAX_MS;
  const total = { runs: 0, events: 0, virtualMs: 0 };
  options.onEvent?.({ kind: "test-start", test, seeds });

  const end = (state: TestState, failure?: TestFailure): TestResult => ({
    number: test.number,
    title: test.title,
    path: test.path,
    visibility: test.visibility,
    state,
    points: state === "passed" ? test.points : 0,
    maxPoints: test.points,
    seedsRun: total.runs,
    seedsPlanned: seeds,
    events: total.events,
    virtualMs: Math.round(total.virtualMs),
    wallMs: Math.round(clock() - startedAt),
    failure,
  });

  const missing = earlier.find(
    (result) => test.needs.includes(result.number) && result.state === "not-written",
  );
  if (missing)
    return end("not-run", {
      text: `Builds on ${missing.number}: ${missing.failure?.text ?? "not written yet"}`,
    });

  for (let run = 0; run < seeds; run++) {
    const seed = options.seed ?? seedOf(options.baseSeed, test, run);
    options.onEvent?.({ kind: "run-start", test, seed, run });
    total.runs += 1;
    let world: World | undefined;
    try {
      const host = new TimedHost(options.makeHost(), clock, startedAt + testMaxMs, testMaxMs);
      world = makeWorld(test, seed, host, options);
      await runBody(test, world);
      if (world.failure !== undefined) throw world.failure;
    } catch (error) {
      if (error instanceof TimeBudgetExceeded) return end("failed", { text: error.message, seed });
      if (!(error instanceof Failure))
        return end("error", { text: internalErrorWords(error, test, seed), seed });
      const story = (test.isQuiet && prematureStory(error.story, taskOf(test))) || error.story;
      const state = story.kind === "not-written" ? "not-written" : "failed";
      const replay = options.replay?.(test, seed);
      return end(state, { text: storyText(story, replay), story, seed, replay });
    } finally {
      if (world !== undefined) {
        total.events += world.simulation.events;
        total.virtualMs += world.now;
        options.onWorld?.(test, world);
      }
    }
  }
  if (total.runs === 0) return end("error", { text: `Test ${test.number} ran on no seed at all.` });
  return end("passed");
}

function makeWorld(test: TestCase, seed: number, host: Host, options: RunOptions): World {
  const servers = test.servers[seed % test.servers.length];
  const scripted = test.isScripted ? Array.from({ length: servers - 1 }, (_, i) => `S${i + 2}`) : [];
  const network = test.isScripted ? "calm" : test.network;
  return new World({
    seed,
    servers,
    network,
    scripted,
    host,
    driver: options.driver,
    eventsMax: test.eventsMax,
  });
}

async function runBody(test: TestCase, world: World): Promise<void> {
  for (const block of test.blocks) for (const hook of block.beforeEach) await hook(world);
  await test.body(world);
  for (const block of [...test.blocks].reverse()) for (const hook of block.afterEach) await hook(world);
}

function internalErrorWords(error: unknown, test: TestCase, seed: number): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `The grader itself failed in test ${test.number}, seed ${seed}. This costs no points; please tell the author.\n${stack}`;
}
