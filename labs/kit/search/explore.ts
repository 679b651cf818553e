import type { Json, KvOperation, NodeId } from "../contract";
import { ScheduledWorld } from "../schedule";
import type { Failure } from "../story/failure";
import { mustBeLinearizable } from "../testing/linearizable";
import type { World } from "../world/world";
import type { Branches } from "./branches";
import type { Transition } from "./local-state";
import { renamingsOf, SYMMETRIC_SERVERS_MAX } from "./renaming";
import { type Root, Search, type SearchOptions, type SearchResult } from "./search";
import { Space } from "./space";
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
  private readonly space: Space;
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
    this.space = new Space(
      {
        seed,
        ids,
        clients,
        commands: task.commands ?? [],
        operations: task.operations ?? [],
        hasReboots: true,
        renamings: renamingsOf(alike),
      },
      branchesOf(world, alike),
    );
  }

  /** The very beginning: all nodes have started. */
  async beginning(): Promise<Root> {
    this.first ??= await this.space.begin();
    const locals = this.first.map(({ to }) => to);
    if (!locals.every((local) => local !== undefined)) {
      await this.confirm([]);
      throw this.found?.failure ?? new Error("A server came into trouble at its start, and then did not.");
    }
    return { locals, letters: this.first.flatMap(({ letters }) => letters), codes: [], given: 0 };
  }

  /** Searches on from some states; without, from the very beginning. */
  async search(options: SearchOptions, from?: readonly Root[]): Promise<SearchResult> {
    const roots = from ?? [await this.beginning()];
    const search = new Search(this.space, roots, this.first ?? [], options, (codes) => this.confirm(codes));
    return search.run();
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
