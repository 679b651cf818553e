import type { Millis, NodeId } from "../contract";
import type { Effect } from "../host/reaction";
import { listWords } from "../story/words";
import { KIND } from "../trace/trace";
import { type Conditions, NETWORKS, type NetworkName } from "./conditions";
import type { Node } from "./node";
import type { Simulation } from "./simulation";

/** What can go wrong in a world. Each fault strikes now and lasts until it is undone. */
export class Faults {
  /** Servers that are cut off from everyone. */
  private readonly away = new Set<NodeId>();

  constructor(
    private readonly simulation: Simulation,
    private readonly node: (id: NodeId) => Node,
  ) {}

  /** Splits the cluster: servers hear only those of their own group. One that is in two groups is a bridge. */
  partition(...groups: readonly (readonly NodeId[])[]): void {
    for (const id of groups.flat()) this.node(id); // a name that is not there would leave its server alone
    const together = (a: NodeId, b: NodeId) => groups.some((group) => group.includes(a) && group.includes(b));
    for (const from of this.simulation.nodes) {
      for (const to of this.simulation.nodes)
        this.simulation.network.setCut(from.index, to.index, !together(from.id, to.id));
    }
    this.note(`the network splits: ${groups.map((group) => group.join(" ")).join(" | ")}`);
  }

  /** Cuts servers off from everyone; other links stay as they are. */
  isolate(...ids: readonly NodeId[]): void {
    for (const id of ids) this.away.add(id);
    for (const id of ids) this.setLinks(id, (other) => id !== other);
    this.note(`${listWords(ids)} ${ids.length === 1 ? "is" : "are"} cut off`);
  }

  /** Joins servers to everyone again, but to those who are still cut off themselves. */
  rejoin(...ids: readonly NodeId[]): void {
    for (const id of ids) this.away.delete(id);
    for (const id of ids) this.setLinks(id, (other) => this.away.has(other));
    this.note(`${listWords(ids)} ${ids.length === 1 ? "is" : "are"} back`);
  }

  /** Cuts one direction: nothing that `from` sends reaches `to`. */
  cutOneWay(from: NodeId, to: NodeId): void {
    this.simulation.network.setCut(this.node(from).index, this.node(to).index, true);
    this.note(`nothing gets from ${from} to ${to} any more`);
  }

  /** Makes `id` deaf: it can send, but nothing reaches it. */
  deafen(id: NodeId): void {
    const { index } = this.node(id);
    for (const other of this.simulation.nodes) this.simulation.network.setCut(other.index, index, true);
    this.note(`${id} hears nothing any more`);
  }

  /** Makes all messages from `from` to `to` later by `extra`. */
  slow(from: NodeId, to: NodeId, extra: Millis): void {
    if (!(extra >= 0)) throw new RangeError(`A link is slower by 0 ms or more, not by ${extra}.`);
    this.simulation.network.setSlowness(this.node(from).index, this.node(to).index, extra);
    this.note(`messages from ${from} to ${to} take ${extra} ms longer`);
  }

  /** Replaces the conditions of the whole network. */
  network(conditions: NetworkName | Conditions): void {
    this.simulation.network.conditions = conditionsOf(conditions);
    this.note(`the network is ${typeof conditions === "string" ? conditions : "different"} from now on`);
  }

  /** Undoes all that was done to links; servers stay as they are. */
  heal(): void {
    this.away.clear();
    this.simulation.network.heal();
    this.note("all links are healed");
  }

  /** Stops servers: what is not on their disk is lost, and what is sent to them too. */
  stop(...ids: readonly NodeId[]): void {
    for (const id of ids) this.simulation.stop(this.node(id), `${id} stops`);
  }

  /** Stops a server in the middle of a handler: right before the first effect of which `matches` is true. */
  stopBefore(id: NodeId, matches: (effect: Effect) => boolean): void {
    this.simulation.stopBefore(this.node(id), matches);
  }

  /** Starts a stopped server again, with its disk. Before lab 3 it has forgotten everything: see the handouts. */
  restart(...ids: readonly NodeId[]): void {
    for (const id of ids) {
      this.simulation.start(this.node(id));
      this.note(`${id} starts again`);
    }
  }

  /** Freezes servers: messages and timers wait for them. */
  pause(...ids: readonly NodeId[]): void {
    for (const id of ids) this.simulation.pause(this.node(id));
    this.note(`${listWords(ids)} ${ids.length === 1 ? "freezes" : "freeze"}`);
  }

  /** Lets frozen servers go on: all that waited for them happens now, in its order. */
  resume(...ids: readonly NodeId[]): void {
    this.note(`${listWords(ids)} ${ids.length === 1 ? "goes" : "go"} on`);
    for (const id of ids) this.simulation.resume(this.node(id));
  }

  /** Lets a server's clock run `rate` times as fast as the others' from now on. */
  clockRate(id: NodeId, rate: number): void {
    if (!(rate > 0 && rate < 100))
      throw new RangeError(`A clock's rate is more than 0 and less than 100, not ${rate}.`);
    this.node(id).setClockRate(rate, this.simulation.now);
    this.note(`${id}'s clock runs at ${rate} of the true speed`);
  }

  private setLinks(id: NodeId, isCut: (other: NodeId) => boolean): void {
    const { index } = this.node(id);
    for (const other of this.simulation.nodes) {
      const cut = isCut(other.id);
      this.simulation.network.setCut(index, other.index, cut);
      this.simulation.network.setCut(other.index, index, cut);
    }
  }

  private note(text: string): void {
    this.simulation.note(KIND.fault, text);
  }
}

/** The conditions behind a name. */
export function conditionsOf(network: NetworkName | Conditions): Conditions {
  if (typeof network !== "string") return network;
  const conditions: Conditions | undefined = NETWORKS[network];
  if (conditions === undefined) {
    throw new RangeError(`There is no network “${network}”. There are: ${Object.keys(NETWORKS).join(", ")}.`);
  }
  return conditions;
}
