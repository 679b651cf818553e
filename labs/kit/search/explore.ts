import type { Json, KvOperation, NodeId } from "../contract";
import { type Move, ScheduledWorld } from "../schedule";
import type { Failure } from "../story/failure";
import { mustBeLinearizable } from "../testing/linearizable";
import type { World } from "../world/world";
import type { Branches } from "./branches";
import type { Transition } from "./local-state";
import type { Root, SearchOptions, SearchResult } from "./options";
import { renamingsOf, SYMMETRIC_SERVERS_MAX } from "./renaming";
import { Search } from "./search";
import { HiddenState, Space, type SpaceSetup } from "./space";
import { movesOf } from "./step";

/** What servers and clients are given to do. */
export interface Task {
  /** Commands for leaders: the search gives them in this order, whenever it likes. */
  readonly commands?: readonly Json[] | undefined;
  /**
   * What each client does, one operation after the other: the first list is that of C1. Which of two clients' operations
   * was over before the other began is no part of a state: where that matters, `allow` has to say which comes first.
   */
  readonly operations?: readonly (readonly KvOperation[])[] | undefined;
}

/**
 * Looks for violations by trying everything that can happen, instead of what chance brings about. A finding is played
 * again with servers of its own, in a world with all oracles: only what breaks there is broken.
 */
export class Exploration {
  /** The world in which a violation was found, and the violation. */
  found: { readonly world: World; readonly failure: Failure } | undefined;
  private readonly setup: SpaceSetup;
  private readonly branches: Branches;
  private space: Space;
  private first: readonly Transition[] | undefined;

  /**
   * @param world says what cluster it is, and where servers run. It stays as it is.
   * @param task what there is to do
   */
  constructor(
    private readonly world: World,
    task: Task = {},
  ) {
    const { seed, ids, clients } = world;
    const alike = ids.length <= SYMMETRIC_SERVERS_MAX ? ids : ids.slice(0, 1);
    this.setup = {
      seed,
      ids,
      clients,
      commands: task.commands ?? [],
      operations: task.operations ?? [],
      renamings: renamingsOf(alike),
    };
    this.branches = branchesOf(world, alike);
    this.space = new Space(this.setup, this.branches, true);
  }

  /** The very beginning: all nodes have started. Undefined if one came into trouble then that does not come again. */
  private async beginning(): Promise<Root | undefined> {
    this.first ??= await this.space.begin();
    const locals = this.first.map(({ to }) => to);
    if (locals.every((local) => local !== undefined))
      return { locals, letters: this.first.flatMap(({ letters }) => letters), codes: [], given: 0 };
    if (await this.confirm([])) throw this.found?.failure;
    return undefined;
  }

  /**
   * Searches on from some states; without, from the very beginning.
   * @throws HiddenState if the states come from a search that has to be made again, because nodes hide some of what they
   * keep: once at most
   */
  async search(options: SearchOptions, from?: readonly Root[]): Promise<SearchResult> {
    try {
      return await this.searchOnce(options, from);
    } catch (error) {
      if (!(error instanceof HiddenState)) throw error;
      this.space = new Space(this.setup, this.branches);
      this.first = undefined;
      if (from !== undefined) throw error;
      return this.searchOnce(options);
    }
  }

  private async searchOnce(options: SearchOptions, from?: readonly Root[]): Promise<SearchResult> {
    const beginning = from === undefined ? await this.beginning() : undefined;
    const roots = from ?? (beginning === undefined ? [] : [beginning]);
    const search = new Search(this.space, roots, this.first ?? [], options, (codes) => this.confirm(codes));
    return search.run();
  }

  /** The moves that lead to a state from the very beginning. */
  movesTo({ codes }: Root): readonly Move[] {
    return movesOf(this.space, codes);
  }

  /** Plays a path with real servers. @returns true if something breaks: it is in {@link found} then */
  async confirm(codes: readonly number[]): Promise<boolean> {
    const { seed, ids, clients, host, driver } = this.world;
    const another = host.another?.();
    if (another === undefined) throw new Error("A search needs a host that can make others.");
    const scheduled = new ScheduledWorld({
      seed,
      servers: ids.length,
      clients: clients.length,
      host: another,
      driver,
    });
    const { world } = scheduled;
    try {
      await scheduled.begin();
      for (const move of movesOf(this.space, codes)) if (!(await scheduled.play(move))) return false;
      if (clients.length > 0) mustBeLinearizable(world);
      return false;
    } catch (error) {
      if (world.failure === undefined) throw error;
      this.found = { world, failure: world.failure };
      return true;
    } finally {
      another.close?.();
    }
  }

  /** Handlers that were run, and how many states of single nodes and messages they came to. */
  get work(): {
    readonly attempts: number;
    readonly steps: number;
    readonly states: number;
    readonly letters: number;
  } {
    const { attempts, steps, size } = this.space;
    return { attempts, steps, ...size };
  }
}

function branchesOf({ host, names }: World, alike: readonly NodeId[]): Branches {
  const branches = host.branches?.(alike, names);
  if (branches === undefined)
    throw new Error("A search needs a host whose servers it can take back to earlier states.");
  return branches;
}
