import {
  type Driver,
  divergenceStory,
  divergenceText,
  Failure,
  firstDivergence,
  type Host,
  namesOfNodes,
  prematureStory,
  storyText,
  World,
} from "../../labs/kit";
import type { TestFailure, TestState } from "./result";
import type { TestCase } from "./suite";
import { TimeBudgetExceeded } from "./timed-host";

/** Where the servers of a run live, and who carries events there. */
export interface Place {
  /** Makes the host of one run: the suite never sees it. */
  readonly makeHost: () => Host;
  /** Carries events between a world and its host. Without: one by one, at once. */
  readonly driver?: Driver | undefined;
}

/** One run of a test: one seed. */
export class Run {
  /** True once nobody needs its outcome any more, because an earlier run of its test has failed. */
  isMoot = false;
  private host: Host | undefined;

  constructor(
    readonly test: TestCase,
    readonly seed: number,
    /** 0 for the first of its test. */
    readonly index: number,
  ) {}

  abandon(): void {
    this.isMoot = true;
    this.host?.close?.();
  }

  /** Plays the run from its beginning, with servers at a place. A second time it goes just as it went the first time. */
  async play(place: Place, options: PlayOptions): Promise<RunOutcome> {
    return options.checksDeterminism === true
      ? this.playTwice(place, options)
      : this.playOnce(place, options);
  }

  /** If the two runs differ, nothing else that they say can be trusted. */
  private async playTwice(place: Place, options: PlayOptions): Promise<RunOutcome> {
    const worlds: World[] = [];
    const playAgain = (onWorld: PlayOptions["onWorld"]): Promise<RunOutcome> =>
      this.playOnce(place, {
        ...options,
        onWorld: (test, world) => {
          worlds.push(world);
          onWorld?.(test, world);
        },
      });
    const outcomes = [await playAgain(options.onWorld), await playAgain(undefined)];
    const [first, second] = worlds;
    if (second === undefined || outcomes.some(isCutShort)) return outcomes[0];
    const divergence = firstDivergence(first, second);
    if (divergence === undefined) return outcomes[0];
    const text = divergenceText(this.seed, divergenceStory(first, second, divergence));
    return outcome("failed", { text, seed: this.seed }, first);
  }

  private async playOnce(place: Place, options: PlayOptions): Promise<RunOutcome> {
    const { test, seed } = this;
    this.host = place.makeHost();
    let world: World | undefined;
    try {
      world = makeWorld(test, seed, this.host, place.driver);
      await runBody(test, world);
      if (world.failure !== undefined) throw world.failure;
      return outcome("passed", undefined, world);
    } catch (error) {
      if (error instanceof TimeBudgetExceeded) return outcome("failed", { text: error.message, seed }, world);
      if (error instanceof Failure) return this.failed(error, world, options);
      if (options.isInterruption?.(error)) {
        world = undefined; // It is played again from its beginning: nobody is to take this for a run.
        throw error;
      }
      return outcome("error", { text: internalErrorWords(error, test, seed), seed }, world);
    } finally {
      this.host.close?.();
      if (world !== undefined && !this.isMoot) options.onWorld?.(test, world.stage);
    }
  }

  private failed(failure: Failure, world: World | undefined, options: PlayOptions): RunOutcome {
    const { test, seed } = this;
    const story = (test.isQuiet && prematureStory(failure.story, taskOf(test))) || failure.story;
    const replay = options.replay?.(test, seed);
    const text = storyText(story, { replay });
    const state = story.kind === "not-written" ? "not-written" : "failed";
    const stage = world?.stage; // where the failure can be seen
    return { ...outcome(state, { text, story, seed, replay }, stage), world: stage };
  }
}

export interface PlayOptions {
  /** What a student or instructor types to see a run again. */
  readonly replay?: ((test: TestCase, seed: number) => string) | undefined;
  /** Called with each world after its run. */
  readonly onWorld?: ((test: TestCase, world: World) => void) | undefined;
  /** True for what stops a run and says nothing about it: whoever plays it gets the error, and plays it again. */
  readonly isInterruption?: ((error: unknown) => boolean) | undefined;
  /** True: each run is made twice, and fails if the second is not the same as the first, event for event. */
  readonly checksDeterminism?: boolean | undefined;
}

/** What came of one run. */
export interface RunOutcome {
  readonly state: Exclude<TestState, "not-run">;
  readonly failure?: TestFailure | undefined;
  readonly events: number;
  readonly virtualMs: number;
  /** True if the run had to be stopped: its program hung, or died. */
  readonly isStop?: true | undefined;
  /** Where it went wrong, if there is a story of that. */
  readonly world?: World | undefined;
}

/** True for a run that time ended and not an event, or that the grader could not make: where it stops says nothing. */
function isCutShort({ state, failure }: RunOutcome): boolean {
  return state === "error" || (state === "failed" && failure?.story === undefined);
}

function outcome(
  state: RunOutcome["state"],
  failure: TestFailure | undefined,
  world: World | undefined,
): RunOutcome {
  return { state, failure, events: world?.simulation.events ?? 0, virtualMs: world?.now ?? 0 };
}

/**
 * Runs a test's body once more, without some parts.
 * @returns its world, in which it may have failed
 */
export async function playWithout(
  test: TestCase,
  seed: number,
  { makeHost, driver }: Place,
  without: ReadonlySet<string>,
): Promise<World> {
  const host = makeHost();
  try {
    const world = makeWorld(test, seed, host, driver, without);
    try {
      await runBody(test, world);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
    return world;
  } finally {
    host.close?.();
  }
}

function makeWorld(
  test: TestCase,
  seed: number,
  host: Host,
  driver: Driver | undefined,
  without?: ReadonlySet<string>,
): World {
  const { subject, clients, eventsMax, bytesMax } = test;
  const servers = test.servers[seed % test.servers.length];
  const scripted = subject === undefined ? [] : namesOfNodes(servers, clients).filter((id) => id !== subject);
  const network = subject === undefined ? test.network : "calm";
  return new World({ seed, servers, clients, network, scripted, host, driver, eventsMax, bytesMax, without });
}

async function runBody(test: TestCase, world: World): Promise<void> {
  for (const block of test.blocks) for (const hook of block.beforeEach) await hook(world);
  await test.body(world);
  for (const block of [...test.blocks].reverse()) for (const hook of block.afterEach) await hook(world);
}

/** "1.3" of "1.3a". */
function taskOf(test: TestCase): string {
  return test.number.replace(/[a-z]+$/, "");
}

function internalErrorWords(error: unknown, test: TestCase, seed: number): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `The grader itself failed in test ${test.number}, seed ${seed}. This costs no points; please tell the author.\n${stack}`;
}
