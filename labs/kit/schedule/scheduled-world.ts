import type { Millis, NodeId } from "../contract";
import type { AnyMessage, SendEffect } from "../host/reaction";
import { KIND, MICROS_PER_MILLI, type Micros } from "../trace/trace";
import type { Node } from "../world/node";
import { World, type WorldOptions } from "../world/world";
import { ManualQueue } from "./manual-queue";
import { type Move, nodeOf } from "./move";

/** Between two events to which nobody gave a time. */
const STEP: Micros = MICROS_PER_MILLI;

/** How a scheduled world is set up: as any other, but it has no network of its own. */
export type ScheduledOptions = Omit<WorldOptions, "queue" | "network">;

/**
 * A world in which nothing happens by itself: each move says what comes next, and messages and timers wait for theirs
 * for ever. All else is as in any world: oracles watch, and the trace, stories and hosts are the same. Raft is safe
 * whatever the timing (§2), so that what breaks a safety property here is a bug.
 */
export class ScheduledWorld {
  readonly world: World;
  private readonly queue = new ManualQueue();

  constructor(options: ScheduledOptions) {
    this.world = new World({ ...options, network: "calm", queue: this.queue });
  }

  /** Starts all nodes. To be called once, before the first move. */
  async begin(): Promise<void> {
    await this.world.runFor(0);
  }

  /**
   * Lets one thing happen.
   * @param isExact true: the move happens at its own time or not at all; a timer never runs out early
   * @returns false if it cannot happen: no such message is on its way, the node is stopped, the timer is not set, …
   */
  async play(move: Move, isExact = false): Promise<boolean> {
    const { world, queue } = this;
    const { simulation } = world;
    const node = this.node(nodeOf(move));
    if (node.isScripted && move.kind !== "deliver") return false;
    if (node.isUp === (move.kind === "start")) return false;
    const now = simulation.now;
    const at = move.at === undefined ? undefined : Math.round(move.at * MICROS_PER_MILLI);
    let time = Math.max(now, at ?? now + STEP);
    switch (move.kind) {
      case "deliver": {
        const ref = this.messageLike(move.from, move.to, move.message);
        if (ref === undefined) return false;
        queue.choose(ref, time, move.again);
        break;
      }
      case "timer": {
        const ref = node.timers.get(move.name);
        const due = ref === undefined ? undefined : queue.pending.get(ref);
        if (ref === undefined || due === undefined || (isExact && due > time)) return false;
        time = Math.max(at === undefined ? now : time, due); // on its own clock no timer is ever early
        queue.choose(ref, time);
        break;
      }
      case "inject": {
        await world.runFor(millis(time - now));
        simulation.inject(this.node(move.from), node, move.message, 0);
        queue.choose(simulation.trace.length - 1, simulation.now);
        break;
      }
      case "propose":
        await world.runFor(millis(time - now));
        world.submit(node.id, move.command);
        break;
      case "invoke":
        if (node.invocation !== undefined) return false;
        await world.runFor(millis(time - now));
        world.invoke(node.id, move.operation);
        break;
      case "stop":
        await world.runFor(millis(time - now));
        world.faults.stop(node.id);
        break;
      case "start":
        await world.runFor(millis(time - now));
        world.faults.restart(node.id);
    }
    if (move.effects !== undefined) world.faults.stopAfter(node.id, move.effects);
    await world.runFor(millis(time - simulation.now));
    if (move.effects !== undefined) world.faults.stopNever(node.id);
    return true;
  }

  /** The messages on their way, oldest first: their trace records. Those to stopped nodes too. */
  get messages(): number[] {
    const { trace } = this.world;
    return [...this.queue.pending.keys()].filter((ref) => trace.kindOf(ref) === KIND.send);
  }

  /** The timers of a running node. */
  timers(id: NodeId): string[] {
    const node = this.node(id);
    return node.isUp ? [...node.timers.keys()] : [];
  }

  /** The oldest message on its way that says the same; if there is none, one of the same type and term. */
  private messageLike(from: NodeId, to: NodeId, message: AnyMessage): number | undefined {
    const { trace } = this.world;
    const [sender, receiver] = [this.node(from).index, this.node(to).index];
    const wanted = textOf(message);
    let similar: number | undefined;
    for (const ref of this.queue.pending.keys()) {
      if (trace.kindOf(ref) !== KIND.send) continue;
      if (trace.nodeOf(ref) !== sender || trace.peerOf(ref) !== receiver) continue;
      const other = (trace.dataOf(ref) as SendEffect).message;
      if (other === message || textOf(other) === wanted) return ref;
      if (other.type === message.type && other.term === message.term) similar ??= ref;
    }
    return similar;
  }

  private node(id: NodeId): Node {
    const node = this.world.simulation.nodes[this.world.names.indexOf(id)];
    if (node === undefined)
      throw new RangeError(`There is no node ${id}; there are ${this.world.names.join(", ")}.`);
    return node;
  }
}

const texts = new WeakMap<AnyMessage, string>();

/** A message as text, to compare it. */
function textOf(message: AnyMessage): string {
  const known = texts.get(message);
  if (known !== undefined) return known;
  const text = JSON.stringify(message);
  texts.set(message, text);
  return text;
}

function millis(micros: Micros): Millis {
  return Math.max(0, micros) / MICROS_PER_MILLI;
}
