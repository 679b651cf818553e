import type { NodeId } from "../contract";
import type { Host, SendEffect } from "../host/reaction";
import { Draws, keyOf } from "../random/keyed";
import { type Move, nodeOf, ScheduledWorld } from "../schedule";
import type { Failure } from "../story/failure";
import { mustBeLinearizable } from "../testing/linearizable";
import type { Trace } from "../trace/trace";
import type { Node } from "../world/node";
import type { World } from "../world/world";
import type { Mishap } from "./budget";
import { Mishaps } from "./mishaps";
import type { WalkOptions } from "./options";
import { stateOf } from "./state";
import type { Course, Plan, Possible } from "./strategy";

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
  private readonly scheduled: ScheduledWorld;
  private readonly draws: Draws;
  private readonly isObserved: boolean;
  private mishaps: Mishaps;
  private readonly moves: Move[] = [];
  private readonly states: number[] = [];
  /** Messages that got lost: the records in which they were sent. */
  private readonly lost = new Set<number>();
  private readonly used: Record<Mishap, number> = { stops: 0, reboots: 0, duplicates: 0, drops: 0 };
  /** Commands that were given to leaders, and operations that each client was given. */
  private proposed = 0;
  private readonly invoked: number[];

  constructor(
    base: World,
    private readonly number: number,
    private readonly plan: Plan,
    private readonly options: WalkOptions,
    { isObserved, ...place }: { readonly host: Host; readonly trace: Trace; readonly isObserved: boolean },
  ) {
    const { seed, ids, clients, driver } = base;
    this.scheduled = new ScheduledWorld({
      seed,
      servers: ids.length,
      clients: clients.length,
      driver,
      ...place,
    });
    this.isObserved = isObserved;
    this.draws = new Draws(keyOf(seed, "walk", number));
    this.mishaps = this.drawMishaps();
    this.invoked = clients.map(() => 0);
  }

  /** What happened. */
  get course(): Course {
    return { moves: this.moves, states: this.states };
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
    const { plan, options, scheduled } = this;
    const { world } = scheduled;
    await scheduled.begin();
    for (const move of plan.prefix) await this.make(move);
    if (plan.prefix.length > 0) this.mishaps = this.drawMishaps();
    for (let step = this.moves.length; step < options.steps; step++) {
      const possible = this.possible();
      if (possible.length === 0) break;
      await this.happen(plan.chooser.choose(possible, step, world), step);
    }
    // Clients only write, so that nothing that they see hangs on clocks.
    if (world.clients.length > 0) mustBeLinearizable(world);
  }

  private drawMishaps(): Mishaps {
    const { budget, steps } = this.options;
    return new Mishaps(this.draws, (kind) => (budget[kind] ?? 0) - this.used[kind], this.moves.length, steps);
  }

  /** Lets something happen, and what is due to go wrong go wrong. */
  private async happen(chosen: Possible, step: number): Promise<void> {
    const { mishaps, draws } = this;
    if (chosen.kind === "deliver" && mishaps.isDue("drops", step)) {
      this.strike("drops");
      this.lost.add(chosen.record);
      return;
    }
    const move = this.moveOf(chosen);
    const stop = (["stops", "reboots"] as const).find((kind) => mishaps.isDue(kind, step));
    if (stop === undefined) return this.make(this.perhapsAgain(move, step));
    if (draws.chance(INSIDE_CHANCE) && chosen.kind !== "start" && this.mayStop(chosen.node, stop)) {
      this.strike(stop);
      return this.make({ ...move, effects: draws.int(1, draws.int(1, EFFECTS_MAX)) });
    }
    const { ids } = this.scheduled.world;
    const node = draws.int(0, ids.length - 1);
    if (!this.mayStop(node, stop)) return this.make(move);
    this.strike(stop);
    return this.make({ kind: "stop", node: ids[node] });
  }

  private strike(kind: Mishap): void {
    this.mishaps.strike(kind);
    this.used[kind] += 1;
  }

  private perhapsAgain(move: Move, step: number): Move {
    if (move.kind !== "deliver" || !this.mishaps.isDue("duplicates", step)) return move;
    this.strike("duplicates");
    return { ...move, again: true };
  }

  /** Only servers stop, and of those that stop for good there is always a minority. */
  private mayStop(node: number, kind: "stops" | "reboots"): boolean {
    const { simulation } = this.scheduled.world;
    const { isUp, isClient, isScripted } = simulation.nodes[node];
    if (!isUp || isClient || isScripted) return false;
    const { length } = this.scheduled.world.ids;
    return kind === "reboots" || (this.downCount() + 1) * 2 < length;
  }

  private downCount(): number {
    const { world } = this.scheduled;
    return world.ids.filter((id) => world.isStopped(id)).length;
  }

  private async make(move: Move): Promise<void> {
    if (!(await this.scheduled.play(move))) return;
    this.moves.push(move);
    if (this.isObserved) this.states.push(stateOf(this.scheduled));
    if (move.kind === "propose") this.proposed += 1;
    if (move.kind === "invoke") this.invoked[this.scheduled.world.clients.indexOf(nodeOf(move))] += 1;
  }

  /** What can happen now: messages first, oldest first. */
  private possible(): Possible[] {
    const { scheduled, lost } = this;
    const { trace, simulation } = scheduled.world;
    const possible: Possible[] = [];
    for (const record of scheduled.messages) {
      const node = trace.peerOf(record);
      if (!simulation.nodes[node].isUp || lost.has(record)) continue;
      possible.push({ kind: "deliver", record, from: trace.nodeOf(record), node });
    }
    for (const node of simulation.nodes) this.addOwn(node, possible);
    return possible;
  }

  /** What a node can do without a message. */
  private addOwn(node: Node, possible: Possible[]): void {
    const { budget, commands = [], operations = [] } = this.options;
    const { index, isUp, isScripted, isClient, status } = node;
    if (isScripted) return;
    if (!isUp) {
      if (this.startsAgain) possible.push({ kind: "start", node: index });
      return;
    }
    for (const [name, record] of node.timers) possible.push({ kind: "timer", record, node: index, name });
    if (isClient) {
      const client = index - this.scheduled.world.ids.length;
      const left = (operations[client]?.length ?? 0) - this.invoked[client];
      if (left > 0 && node.invocation === undefined) possible.push({ kind: "invoke", node: index });
    } else if (
      status.role === "leader" &&
      this.proposed < Math.min(commands.length, budget.proposals ?? commands.length)
    )
      possible.push({ kind: "propose", node: index });
  }

  /** Before lab 3, whoever stops stays stopped. */
  private get startsAgain(): boolean {
    return (this.options.budget.reboots ?? 0) > 0;
  }

  private moveOf(chosen: Possible): Move {
    const { trace, names, ids } = this.scheduled.world;
    const { commands = [], operations = [] } = this.options;
    const node: NodeId = names[chosen.node];
    switch (chosen.kind) {
      case "deliver": {
        const { message } = trace.dataOf(chosen.record) as SendEffect;
        return { kind: "deliver", from: names[chosen.from], to: node, message };
      }
      case "timer":
        return { kind: "timer", node, name: chosen.name };
      case "propose":
        return { kind: "propose", node, command: commands[this.proposed] };
      case "invoke": {
        const client = chosen.node - ids.length;
        return { kind: "invoke", node, operation: operations[client][this.invoked[client]] };
      }
      case "start":
        return { kind: "start", node };
    }
  }
}
