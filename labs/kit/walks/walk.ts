import type { Host } from "../host/reaction";
import { Draws, keyOf } from "../random/keyed";
import { type Move, nodeOf, ScheduledWorld } from "../schedule";
import type { Failure } from "../story/failure";
import { mustBeLinearizable } from "../testing/linearizable";
import type { Trace } from "../trace/trace";
import type { World } from "../world/world";
import type { Mishap } from "./budget";
import { Mishaps } from "./mishaps";
import type { WalkOptions } from "./options";
import { Possibilities } from "./possibilities";
import type { Plan, Possible } from "./strategy";

/** A server that stops does so in the middle of something this often. */
const INSIDE_CHANCE = 0.6;
/** Effects that it has before: so many at most. */
const EFFECTS_MAX = 6;

/** A walk that came to a failure, and the world in which it can be seen. */
export interface FailedWalk {
  readonly number: number;
  readonly world: World;
  readonly failure: Failure;
}

/** One way through all that can happen, with servers of its own. It does not care what states were met before. */
export class Walk {
  /** What happened so far. */
  readonly moves: Move[] = [];
  private readonly scheduled: ScheduledWorld;
  private readonly possibilities: Possibilities;
  private readonly draws: Draws;
  private mishaps: Mishaps;
  /** Messages that do not arrive: the records in which they were sent. */
  private readonly lost = new Set<number>();
  private readonly used: Record<Mishap, number> = { stops: 0, reboots: 0, duplicates: 0, drops: 0 };

  constructor(
    base: World,
    private readonly number: number,
    private readonly plan: Plan & { readonly beginning: readonly Move[] },
    private readonly options: WalkOptions,
    place: { readonly host: Host; readonly trace: Trace },
  ) {
    const { seed, ids, clients, driver } = base;
    const cluster = { seed, servers: ids.length, clients: clients.length };
    this.scheduled = new ScheduledWorld({ ...cluster, ...place, driver });
    this.possibilities = new Possibilities(this.scheduled, options);
    this.draws = new Draws(keyOf(seed, "walk", number));
    this.mishaps = this.drawMishaps();
  }

  /** @returns the failure in which it ends, if it does */
  async run(): Promise<FailedWalk | undefined> {
    const { world } = this.scheduled;
    try {
      await this.go();
      return undefined;
    } catch (error) {
      if (world.failure === undefined) throw error;
      return { number: this.number, world, failure: world.failure };
    }
  }

  private async go(): Promise<void> {
    const { plan, scheduled, possibilities, lost } = this;
    const { world } = scheduled;
    await scheduled.begin();
    const first = plan.prefix.length > 0 ? plan.prefix : plan.beginning;
    for (const move of first) await this.make(move);
    if (first.length > 0) this.mishaps = this.drawMishaps();
    for (let step = this.moves.length; step < this.end; step++) {
      const possible = possibilities.now(lost);
      if (possible.length === 0) break;
      await this.happen(plan.chooser.choose(possible, this.moves.length, world), step);
    }
    // Clients only write, so that nothing that they see hangs on clocks.
    if (world.clients.length > 0) mustBeLinearizable(world);
  }

  /** Moves after which it is over. */
  private get end(): number {
    return this.plan.beginning.length + this.options.steps;
  }

  /** Draws what is still to go wrong. */
  private drawMishaps(): Mishaps {
    const { budget } = this.options;
    const left = (kind: Mishap): number => (budget[kind] ?? 0) - this.used[kind];
    return new Mishaps(this.draws, left, this.moves.length, this.end);
  }

  /** Lets something happen, and what is due to go wrong go wrong. */
  private async happen(chosen: Possible, step: number): Promise<void> {
    const { mishaps, draws, lost } = this;
    if (chosen.kind === "deliver" && mishaps.isDue("drops", step)) {
      lost.add(chosen.record);
      this.use("drops");
      return;
    }
    const move = this.possibilities.moveOf(chosen);
    if (!mishaps.isDue(this.stopping, step)) return this.make(this.perhapsAgain(move, step));
    if (draws.chance(INSIDE_CHANCE) && chosen.kind !== "start" && this.mayStop(chosen.node))
      return this.make({ ...move, effects: draws.int(1, draws.int(1, EFFECTS_MAX)) });
    const { ids } = this.scheduled.world;
    const node = draws.int(0, ids.length - 1);
    return this.make(this.mayStop(node) ? { kind: "stop", node: ids[node] } : move);
  }

  private perhapsAgain(move: Move, step: number): Move {
    return move.kind === "deliver" && this.mishaps.isDue("duplicates", step)
      ? { ...move, again: true }
      : move;
  }

  /** What the stop of a server counts as. */
  private get stopping(): "stops" | "reboots" {
    return (this.options.budget.reboots ?? 0) > 0 ? "reboots" : "stops";
  }

  /** Only servers stop, and of those that stop for good there is always a minority. */
  private mayStop(node: number): boolean {
    const { ids, simulation } = this.scheduled.world;
    const { isUp, isClient } = simulation.nodes[node];
    if (!isUp || isClient) return false;
    const stopped = simulation.nodes.filter((other) => !other.isUp).length;
    return this.stopping === "reboots" || (stopped + 1) * 2 < ids.length;
  }

  private async make(move: Move): Promise<void> {
    const { scheduled, possibilities, moves } = this;
    if (!(await scheduled.play(move))) return;
    moves.push(move);
    possibilities.note(move);
    if (move.kind === "deliver" && move.again === true) this.use("duplicates");
    // Who is to stop in the middle of something may be through before: then the next one stops.
    const mayHaveStopped = move.kind === "stop" || move.effects !== undefined;
    if (mayHaveStopped && scheduled.world.isStopped(nodeOf(move))) this.use(this.stopping);
  }

  private use(kind: Mishap): void {
    this.used[kind] += 1;
    this.mishaps.strike(kind);
  }
}
