import type { KvOperation } from "../contract";
import type { SendEffect } from "../host/reaction";
import { type Move, nodeOf, type ScheduledWorld } from "../schedule";
import type { Node } from "../world/node";
import type { WalkOptions } from "./options";
import type { Possible } from "./strategy";

/** What can happen next in one walk, and what has been given to leaders and clients so far. */
export class Possibilities {
  private proposed = 0;
  /** Operations that each client was given. */
  private readonly invoked: number[];

  constructor(
    private readonly scheduled: ScheduledWorld,
    private readonly options: WalkOptions,
  ) {
    this.invoked = scheduled.world.clients.map(() => 0);
  }

  /**
   * What can happen now: messages first, oldest first.
   * @param lost the records in which messages were sent that do not arrive
   */
  now(lost: ReadonlySet<number>): Possible[] {
    const { scheduled } = this;
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
    const { budget, commands = [] } = this.options;
    const { index, isUp, isClient, status } = node;
    if (!isUp) {
      // Whoever stops where nothing survives that stays stopped.
      if ((budget.reboots ?? 0) > 0) possible.push({ kind: "start", node: index });
      return;
    }
    for (const [name, record] of node.timers) possible.push({ kind: "timer", record, node: index, name });
    const proposals = Math.min(commands.length, budget.proposals ?? commands.length);
    if (isClient) {
      if (node.invocation === undefined && this.nextOperation(index) !== undefined)
        possible.push({ kind: "invoke", node: index });
    } else if (status.role === "leader" && this.proposed < proposals)
      possible.push({ kind: "propose", node: index });
  }

  private nextOperation(node: number): KvOperation | undefined {
    const client = node - this.scheduled.world.ids.length;
    return this.options.operations?.[client]?.[this.invoked[client]];
  }

  /** @throws RangeError for an operation or a command that there is not */
  moveOf(chosen: Possible): Move {
    const { trace, names } = this.scheduled.world;
    const node = names[chosen.node];
    switch (chosen.kind) {
      case "deliver": {
        const { message } = trace.dataOf(chosen.record) as SendEffect;
        return { kind: "deliver", from: names[chosen.from], to: node, message };
      }
      case "timer":
        return { kind: "timer", node, name: chosen.name };
      case "propose": {
        const command = this.options.commands?.[this.proposed];
        if (command === undefined) throw new RangeError("There is no command left.");
        return { kind: "propose", node, command };
      }
      case "invoke": {
        const operation = this.nextOperation(chosen.node);
        if (operation === undefined) throw new RangeError(`There is no operation left for ${node}.`);
        return { kind: "invoke", node, operation };
      }
      case "start":
        return { kind: "start", node };
    }
  }

  /** Notes what has happened. */
  note(move: Move): void {
    if (move.kind === "propose") this.proposed += 1;
    if (move.kind === "invoke") this.invoked[this.scheduled.world.clients.indexOf(nodeOf(move))] += 1;
  }
}
