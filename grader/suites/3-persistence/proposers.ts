import type { Json, Millis, Proposal, World } from "../../../labs/kit";
import { mustStillHave } from "./clusters";

const CLIENTS = 3;
/** A client rests between two commands for so long at most. */
const REST_MAX: Millis = 300;
/** How often, and how many times, it looks whether its command was committed, before it gives it up. */
const LOOK_EVERY: Millis = 25;
const LOOKS_MAX = 12;

/**
 * Clients that propose at the same time, each one command after the other, to whoever they take for the leader, and
 * remember what they saw committed: some server has applied it where the leader said it would be.
 */
export class Proposers {
  /** By the place in the log. */
  private readonly seen = new Map<number, Json>();
  private proposals = 0;
  private isOver = false;

  /** Starts at once. */
  constructor(private readonly world: World) {
    for (let client = 1; client <= CLIENTS; client++) this.goOn();
  }

  stop(): void {
    this.isOver = true;
  }

  /** Fails unless every running server has applied all that a client has ever seen committed. */
  mustHaveLostNothing(): void {
    const inOrder = [...this.seen].sort(([a], [b]) => a - b).map(([, command]) => command);
    mustStillHave(this.world, inOrder);
  }

  private goOn(): void {
    const { world } = this;
    if (this.isOver) return;
    const leaders = world.leaders();
    if (leaders.length === 0) {
      this.rest();
      return;
    }
    const proposal = world.submit(world.draws.pick(leaders), `command ${++this.proposals}`);
    world.after(LOOK_EVERY, () => this.look(proposal, LOOKS_MAX));
  }

  private rest(): void {
    this.world.after(this.world.draws.int(1, REST_MAX), () => this.goOn());
  }

  private look(proposal: Proposal, looksLeft: number): void {
    const { world } = this;
    const { answer, command } = proposal;
    const index = answer?.index ?? 0;
    const here = world.ids.map((id) => world.applied(id)[index - 1]).find((entry) => entry !== undefined);
    if (here !== undefined && here.term === answer?.term) this.seen.set(index, command);
    if (answer === null || here !== undefined || looksLeft === 0) this.rest();
    else world.after(LOOK_EVERY, () => this.look(proposal, looksLeft - 1));
  }
}
