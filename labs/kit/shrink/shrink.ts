import type { Host } from "../host/reaction";
import { type Move, type Play, scheduleOf } from "../schedule";
import { Failure, type Smaller, type Story } from "../story/failure";
import type { Driver } from "../world/driver";
import type { World } from "../world/world";
import { type Again, fewerParts } from "./fewer-parts";
import { Limit } from "./limit";
import { MoveShrinker } from "./shrink-moves";
import { movesOf, Stage, type StageOptions } from "./stage";
import { isAboutHistory, wholePlay } from "./whole-play";
import { toldWhole } from "./whole-story";

/** Runs that are played at most to make one failure smaller, and events in all of them. */
const PLAYS_MAX = 600;
const EVENTS_MAX = 1_000_000;

export interface ShrinkOptions {
  /** The run that failed. */
  readonly world: World;
  readonly failure: Failure;
  /** Makes the place where the servers of one run live. */
  readonly makeHost: () => Host;
  readonly driver?: Driver | undefined;
  /** Where servers run in this process: see {@link Stage}. */
  readonly atOnce?: StageOptions["atOnce"];
  /** Runs that are played side by side: worth while where a driver carries events of many at a time. Without: one. */
  readonly breadth?: number | undefined;
  /** Runs the test again without some parts. Without: only what is broken whatever a test does is made smaller. */
  readonly again?: Again | undefined;
  /** What time is measured with, in milliseconds. Without: time stands still, and only work ends the search. */
  readonly clock?: (() => number) | undefined;
  readonly budgetMs?: number | undefined;
  readonly playsMax?: number | undefined;
  readonly eventsMax?: number | undefined;
}

/** A failure and the smallest run that was found in which the same thing goes wrong. */
export interface Shrunk {
  /** The smaller run; the one that failed if it could not be made smaller. */
  readonly world: World;
  /** Told on that run. It names the seed, the servers and the trace of the one that failed. */
  readonly failure: Failure;
  /** What happens in the smaller run. */
  readonly schedule: readonly Move[];
  /** How it is played again. */
  readonly play: Play;
  readonly movesBefore: number;
  readonly movesAfter: number;
  /** Runs that were played to find it, and events in all of them. */
  readonly plays: number;
  readonly events: number;
  readonly isShrunk: boolean;
  /** What put an early end to the search, if anything but its limits did. The result is right all the same. */
  readonly trouble?: unknown;
}

/**
 * Looks for a smaller run in which the same goes wrong: fewer servers, faults, operations and messages. It never loses a
 * failure: the smallest run that really failed in the same way is the result, if need be the run that it was given.
 */
export async function shrink(options: ShrinkOptions): Promise<Shrunk> {
  const { failure, clock = () => 0, budgetMs = 1, playsMax = PLAYS_MAX, eventsMax = EVENTS_MAX } = options;
  const limit = new Limit({ playsMax, eventsMax, budgetMs, clock });
  const search = new Search(options, limit);
  const { world } = search;
  let trouble: unknown;
  try {
    await search.run();
  } catch (error) {
    trouble = error ?? "nothing";
  }
  const { best } = search;
  const [movesBefore, movesAfter] = [world, best?.world ?? world].map((run) => scheduleOf(run).length);
  const common = { movesBefore, plays: limit.plays, events: limit.events, trouble };
  const smaller = best && smallerWords(world, best, movesBefore, movesAfter);
  if (best === undefined || smaller === undefined) {
    const schedule = movesOf(world, search.isExact);
    return {
      ...common,
      world,
      failure,
      schedule,
      play: wholePlay(world),
      movesAfter: movesBefore,
      isShrunk: false,
    };
  }
  const schedule = movesOf(best.world, search.isExact);
  const failureTold = told(failure, best, smaller);
  return {
    ...common,
    world: best.world,
    failure: failureTold,
    schedule,
    play: best.play,
    movesAfter,
    isShrunk: true,
  };
}

/** @returns undefined if the run that was found is no smaller */
function smallerWords(
  world: World,
  best: Best,
  movesBefore: number,
  movesAfter: number,
): Smaller | undefined {
  const servers = best.world.ids.length;
  // With fewer faults more may happen: what a test can leave out is counted by itself.
  const [before, after, of] =
    best.play.kind === "test"
      ? ([world.parts.kept.length, best.world.parts.kept.length, "faults and requests"] as const)
      : ([movesBefore, movesAfter, "events"] as const);
  return after < before ? { of, before, after, servers } : undefined;
}

/** One failure on its way to its smallest run. */
class Search {
  best: Best | undefined;
  /** True for a failure of which only times tell whether it is one. A run that somebody scheduled knows none. */
  readonly isExact: boolean;
  /** Where the failure can be seen. */
  readonly world: World;
  private readonly breadth: number;

  constructor(
    private readonly options: ShrinkOptions,
    private readonly limit: Limit,
  ) {
    this.world = options.world.stage;
    this.isExact = isAboutHistory(options.failure.story) && !this.world.isScheduled;
    this.breadth = options.breadth ?? 1;
  }

  async run(): Promise<void> {
    const { again } = this.options;
    const { story } = this.options.failure;
    const { world } = this;
    if (story.kind === "not-written" || story.kind === "budget") return;
    // What somebody found in another world than the test's own is nothing that the test could decide on.
    const isOwn = world === this.options.world && !world.isScheduled;
    if (again !== undefined && isOwn && (story.kind === "expectation" || this.isExact))
      await fewerParts(
        world,
        story,
        again,
        { limit: this.limit, breadth: this.breadth },
        ({ without, ...found }) => {
          this.best = { ...found, play: { kind: "test", without: [...without] } };
        },
      );
    // What a test's own peers say makes sense only together: a part of it may break any rule.
    const isScripted = world.simulation.nodes.some((node) => node.isScripted);
    if (story.kind !== "expectation" && !isScripted) await this.fewerMoves(story);
  }

  private async fewerMoves(wanted: Story): Promise<void> {
    const { makeHost, driver, atOnce } = this.options;
    const { world } = this;
    const { isExact } = this;
    const judgesHistory = isAboutHistory(wanted);
    const stage = new Stage({ seed: world.seed, makeHost, driver, atOnce, isExact, judgesHistory });
    const shrinker = new MoveShrinker(stage, this.limit, wanted, this.breadth);
    try {
      await shrinker.shrink(this.best?.world ?? world);
    } finally {
      const { best } = shrinker;
      if (best !== undefined && scheduleOf(best.world).length < scheduleOf(this.world).length)
        this.best = { ...best, play: { kind: "schedule", isExact: this.isExact, moves: best.moves } };
    }
  }
}

/** The smallest run so far. */
interface Best {
  readonly world: World;
  readonly failure: Failure;
  readonly play: Play;
}

/** The story of the smaller run, with the identity of the one that failed. */
function told(original: Failure, { world, failure }: Best, shrunk: Smaller): Failure {
  const { seed, servers, traceHash } = original.story;
  return new Failure({ ...toldWhole(failure.story, world), seed, servers, traceHash, shrunk });
}
