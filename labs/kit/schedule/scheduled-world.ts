import type { Millis, NodeId } from "../contract";
import type { AnyMessage, SendEffect } from "../host/reaction";
import { KIND, MICROS_PER_MILLI, type Micros } from "../trace/trace";
import type { Node } from "../world/node";
import { World, type WorldOptions } from "../world/world";
import { isSameData, likenessOf } from "./likeness";
import { ManualQueue } from "./manual-queue";
import { type Move, nodeOf } from "./move";

/** Between two events to which nobody gave a time. */
const STEP: Micros = MICROS_PER_MILLI;

/** How a scheduled world is set up: as any other, but it has no network of its own. */
export interface ScheduledOptions extends Omit<WorldOptions, "queue" | "network"> {
  /** True: timers run out by themselves when they are due, and are no moves. Without: false. */
  readonly timersRun?: boolean | undefined;
}

/**
 * A world in which nothing happens by itself: each move says what comes next, and messages and timers wait for theirs
 * for ever. All else is as in any world: oracles watch, and the trace, stories and hosts are the same. Raft is safe
 * whatever the timing (§2), so that what breaks a safety property here is a bug.
 */
export class ScheduledWorld {
  readonly world: World;
  private readonly queue: ManualQueue;

  private readonly timersRun: boolean;

  constructor({ timersRun = false, ...options }: ScheduledOptions) {
    this.timersRun = timersRun;
    this.queue = new ManualQueue((ref) => this.world.trace.kindOf(ref) === KIND.setTimer, timersRun);
    this.world = new World({ ...options, network: "calm", queue: this.queue });
  }

  /** Starts all nodes. To be called once, before the first move. */
  async begin(): Promise<void> {
    await this.world.runFor(0);
  }

  /** The same at once, for {@link playNow}. */
  beginNow(): void {
    this.world.runForNow(0);
  }

  /**
   * Lets one thing happen.
   * @param isExact true: the move happens at its own time or not at all; a timer never runs out early
   * @returns false if it cannot happen: no such message is on its way, the node is stopped, the timer is not set, …
   */
  async play(move: Move, isExact = false): Promise<boolean> {
    const steps = this.steps(move, isExact);
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) await this.world.runFor(step.value);
    return step.value;
  }

  /** The same at once, without a driver: only where servers run in this process. */
  playNow(move: Move, isExact = false): boolean {
    const steps = this.steps(move, isExact);
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) this.world.runForNow(step.value);
    return step.value;
  }

  /** Lets a move happen. Yields times that are to pass before it goes on. */
  private *steps(move: Move, isExact: boolean): Generator<Millis, boolean, void> {
    const now = this.world.simulation.now;
    const at = move.at === undefined ? undefined : Math.round(move.at * MICROS_PER_MILLI);
    const time = Math.max(now, at ?? nextStep(now));
    // What is due before it comes first. A timer by itself, in the middle of which the node stops, is due at that time.
    if (this.timersRun) yield this.until(move.kind === "timer" ? time - 1 : time);
    if (!this.isPossible(move)) return false;
    const ref = this.chosenFor(move);
    const happensAt = this.timeFor(move, ref, time, isExact);
    if (happensAt === undefined) return false;
    yield* this.happen(move, ref, happensAt);
    return true;
  }

  private isPossible(move: Move): boolean {
    const node = this.node(nodeOf(move));
    if (node.isScripted && move.kind !== "deliver") return false;
    if (move.kind === "invoke" && node.invocation !== undefined) return false;
    if (move.kind === "timer" && this.timersRun && move.effects === undefined) return false;
    return node.isUp === (move.kind !== "start");
  }

  /** The message or the timer that a move is about: its trace record. Undefined if there is none. */
  private chosenFor(move: Move): number | undefined {
    if (move.kind === "deliver") return this.messageLike(move.from, move.to, move.message);
    return move.kind === "timer" ? this.node(move.node).timers.get(move.name) : undefined;
  }

  /** When a move happens that was asked for at `time`; undefined if it cannot. On its own clock no timer is ever early. */
  private timeFor(move: Move, ref: number | undefined, time: Micros, isExact: boolean): Micros | undefined {
    if (move.kind === "deliver") return ref === undefined ? undefined : time;
    if (move.kind !== "timer" || this.timersRun) return time;
    const due = ref === undefined ? undefined : this.queue.dueAt(ref);
    if (due === undefined || (isExact && due > time)) return undefined;
    return move.at === undefined ? Math.max(this.world.simulation.now, roundedUp(due)) : Math.max(time, due);
  }

  private *happen(move: Move, ref: number | undefined, time: Micros): Generator<Millis, void, void> {
    const { world, queue } = this;
    const { faults, simulation } = world;
    const node = this.node(nodeOf(move));
    if (ref === undefined) yield this.until(time);
    switch (move.kind) {
      case "deliver":
        if (ref !== undefined) queue.choose(ref, time, move.again);
        break;
      case "timer":
        if (ref !== undefined && !this.timersRun) queue.choose(ref, time);
        break;
      case "inject":
        simulation.inject(this.node(move.from), node, move.message, 0);
        queue.choose(simulation.trace.length - 1, simulation.now);
        break;
      case "propose":
        world.submit(node.id, move.command);
        break;
      case "invoke":
        world.invoke(node.id, move.operation);
        break;
      case "stop":
        faults.stop(node.id);
        break;
      case "start":
        faults.restart(node.id);
    }
    if (move.effects !== undefined) faults.stopAfter(node.id, move.effects);
    yield this.until(time);
    if (move.effects !== undefined) faults.stopNever(node.id);
  }

  private until(time: Micros): Millis {
    return millis(time - this.world.simulation.now);
  }

  /** The messages on their way, oldest first: their trace records. Those to stopped nodes too. */
  get messages(): number[] {
    return [...this.queue.pending.keys()];
  }

  /** The timers of a running node. */
  timers(id: NodeId): string[] {
    const node = this.node(id);
    return node.isUp ? [...node.timers.keys()] : [];
  }

  /** The oldest message on its way that says the same; if there is none, the newest of those of its type that are most like it. */
  private messageLike(from: NodeId, to: NodeId, message: AnyMessage): number | undefined {
    const { trace } = this.world;
    const [sender, receiver] = [this.node(from).index, this.node(to).index];
    let best: number | undefined;
    let most = 0;
    for (const ref of this.queue.pending.keys()) {
      if (trace.nodeOf(ref) !== sender || trace.peerOf(ref) !== receiver) continue;
      const other = (trace.dataOf(ref) as SendEffect).message;
      if (isSameData(message, other)) return ref;
      const likeness = likenessOf(message, other);
      if (likeness >= most) [best, most] = [ref, likeness];
    }
    return best;
  }

  private node(id: NodeId): Node {
    const node = this.world.simulation.nodes[this.world.names.indexOf(id)];
    if (node === undefined)
      throw new RangeError(`There is no node ${id}; there are ${this.world.names.join(", ")}.`);
    return node;
  }
}

/** A step later, at a whole number of milliseconds: easier to read. */
function nextStep(now: Micros): Micros {
  return roundedUp(now + STEP);
}

function roundedUp(time: Micros): Micros {
  return Math.ceil(time / STEP) * STEP;
}

function millis(micros: Micros): Millis {
  return Math.max(0, micros) / MICROS_PER_MILLI;
}
