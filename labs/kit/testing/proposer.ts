import type { Millis, NodeId } from "../contract";
import { Draws, keyOf } from "../random/keyed";
import type { Proposal } from "../trace/requests";
import type { World } from "../world/world";

/**
 * Somebody who keeps giving commands to whoever says it leads, to several at once if several say so, whatever else goes
 * on. Commands are "command 1", "command 2", …, so that none is given twice.
 */
export class Proposer {
  /** What was proposed so far, in order; nobody need have taken it. */
  readonly proposals: Proposal[] = [];
  private readonly draws: Draws;
  private commands = 0;
  private isOver = false;

  /** Starts at once. @param rest the time from one command to the next, at least and at most */
  constructor(
    private readonly world: World,
    private readonly rest: readonly [Millis, Millis] = [5, 100],
  ) {
    this.draws = new Draws(keyOf(world.seed, "proposer"));
    this.goOn();
  }

  /** No more commands. */
  stop(): void {
    this.isOver = true;
  }

  private goOn(): void {
    const [least, most] = this.rest;
    this.world.after(least + this.draws.next() * (most - least), () => {
      if (this.isOver) return;
      for (const leader of this.world.leaders()) this.propose(leader);
      this.goOn();
    });
  }

  private propose(leader: NodeId): void {
    const command = `command ${++this.commands}`;
    if (this.world.parts.has(command)) this.proposals.push(this.world.submit(leader, command));
  }
}
