import type { Millis, NodeId } from "../contract";
import type { Effect } from "../host/reaction";
import { listWords } from "../story/words";
import { KIND } from "../trace/trace";
import { type Conditions, NETWORKS, type NetworkName } from "./conditions";
import type { Node } from "./node";
import type { Simulation } from "./simulation";

/** Takes back one fault, and only what that fault has done. */
export type Undo = () => void;

/** A link, from one server to another. */
type Link = readonly [from: Node, to: Node];

/**
 * What can go wrong in a world. Each fault strikes now and lasts until it is undone. Faults add up: a link that two of
 * them have cut is whole again when both are undone.
 */
export class Faults {
  /** Servers that are cut off from everyone, and how each is joined again. */
  private readonly away = new Map<NodeId, Undo>();
  /** How often everything was healed: what was undone by that cannot be undone again. */
  private healings = 0;

  constructor(
    private readonly simulation: Simulation,
    private readonly node: (id: NodeId) => Node,
  ) {}

  /**
   * Splits the cluster: servers hear only those of their own group. One that is in two groups is a bridge. A client that
   * is in no group reaches everybody.
   */
  partition(...groups: readonly (readonly NodeId[])[]): Undo {
    const named = new Set(groups.flat());
    for (const id of named) this.node(id); // a name that is not there would leave its server alone
    const isOutside = (node: Node) => node.isClient && !named.has(node.id);
    const together = (a: Node, b: Node) =>
      isOutside(a) || isOutside(b) || groups.some((group) => group.includes(a.id) && group.includes(b.id));
    const words = groups.map((group) => group.join(" ")).join(" | ");
    return this.cut(
      this.links((from, to) => !together(from, to)),
      `the network splits: ${words}`,
      "the split is over",
    );
  }

  /** Cuts servers off from everyone; other links stay as they are. */
  isolate(...ids: readonly NodeId[]): void {
    for (const id of ids) {
      const node = this.node(id);
      if (this.away.has(id)) continue;
      this.away.set(id, this.cutQuietly(this.links((from, to) => from === node || to === node)));
    }
    this.note(`${listWords(ids)} ${ids.length === 1 ? "is" : "are"} cut off`);
  }

  /** Joins servers to everyone again, but to those who are still cut off themselves. */
  rejoin(...ids: readonly NodeId[]): void {
    for (const id of ids) {
      this.node(id);
      this.away.get(id)?.();
      this.away.delete(id);
    }
    this.note(`${listWords(ids)} ${ids.length === 1 ? "is" : "are"} back`);
  }

  /** Cuts one direction: nothing that `from` sends reaches `to`. */
  cutOneWay(from: NodeId, to: NodeId): Undo {
    const link: Link = [this.node(from), this.node(to)];
    return this.cut(
      [link],
      `nothing gets from ${from} to ${to} any more`,
      `messages get from ${from} to ${to} again`,
    );
  }

  /** Makes `id` deaf: it can send, but nothing reaches it. */
  deafen(id: NodeId): Undo {
    const node = this.node(id);
    return this.cut(
      this.links((_, to) => to === node),
      `${id} hears nothing any more`,
      `${id} hears again`,
    );
  }

  /** Makes all messages from `from` to `to` later by `extra`. */
  slow(from: NodeId, to: NodeId, extra: Millis): Undo {
    if (!(extra >= 0)) throw new RangeError(`A link is slower by 0 ms or more, not by ${extra}.`);
    const [{ index: sender }, { index: receiver }] = [this.node(from), this.node(to)];
    this.simulation.network.slow(sender, receiver, extra);
    this.note(`messages from ${from} to ${to} take ${extra} ms longer`);
    return this.once(() => {
      this.simulation.network.slow(sender, receiver, -extra);
      this.note(`messages from ${from} to ${to} are as fast as before`);
    });
  }

  /** Replaces the conditions of the whole network. */
  network(conditions: NetworkName | Conditions): void {
    this.simulation.network.conditions = conditionsOf(conditions);
    this.note(`the network is ${typeof conditions === "string" ? conditions : "different"} from now on`);
  }

  /** Undoes all that was done to links; servers stay as they are. */
  heal(): void {
    this.away.clear();
    this.healings += 1;
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

  /** Stops a server in the middle of a handler: after so many more effects (calls of env), or fewer if it is stopped before. */
  stopAfter(id: NodeId, effects: number): void {
    if (!Number.isSafeInteger(effects) || effects < 0)
      throw new RangeError(`A server has 0 or more effects before it stops, not ${effects}.`);
    let left = effects;
    this.stopBefore(id, () => left-- === 0);
  }

  /** Takes {@link stopBefore} or {@link stopAfter} back, if the server has not stopped yet. */
  stopNever(id: NodeId): void {
    this.simulation.stopNever(this.node(id));
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
    for (const id of ids) this.simulation.resume(this.node(id));
    this.note(`${listWords(ids)} ${ids.length === 1 ? "goes" : "go"} on`);
  }

  /** Lets a server's clock run `rate` times as fast as the others' from now on. */
  clockRate(id: NodeId, rate: number): void {
    if (!(rate > 0 && rate < 100))
      throw new RangeError(`A clock's rate is more than 0 and less than 100, not ${rate}.`);
    this.node(id).setClockRate(rate, this.simulation.now);
    this.note(`${id}'s clock runs at ${Number(rate.toFixed(3))} of the true speed`);
  }

  /** All links between two servers of which `matches` is true. */
  private links(matches: (from: Node, to: Node) => boolean): Link[] {
    const { nodes } = this.simulation;
    return nodes.flatMap((from) =>
      nodes.filter((to) => to !== from && matches(from, to)).map((to): Link => [from, to]),
    );
  }

  private cut(links: readonly Link[], words: string, undoneWords: string): Undo {
    const undo = this.cutQuietly(links);
    this.note(words);
    return this.once(() => {
      undo();
      this.note(undoneWords);
    });
  }

  private cutQuietly(links: readonly Link[]): Undo {
    const { network } = this.simulation;
    for (const [from, to] of links) network.cut(from.index, to.index);
    return this.once(() => {
      for (const [from, to] of links) network.join(from.index, to.index);
    });
  }

  /** An undo that does nothing when it is called again, or after everything was healed. */
  private once(undo: Undo): Undo {
    let isOpen = true;
    const { healings } = this;
    return () => {
      if (isOpen && this.healings === healings) undo();
      isOpen = false;
    };
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
