import type { Millis } from "../../labs/kit/contract";
import type { Reaction, Stimulus } from "../../labs/kit/host/reaction";

/**
 * Says when the rest of a group of events must wait: what was done before may have put another event first, or have
 * called one of them off. The judge checks it, for it knows what really comes next.
 */
export class GroupRule {
  private isOver = false;
  private touched: Set<string> | undefined;

  /** @param shortest a timer of at most this delay may come before the rest of the group */
  constructor(private readonly shortest: Millis) {}

  /** Takes note of what a server did about an event of the group. */
  note(node: number, { effects, effectCount, trouble }: Reaction): void {
    if (trouble !== undefined) this.isOver = true;
    for (let i = 0; i < effectCount; i++) {
      const effect = effects[i];
      if (effect.kind === "setTimer" && effect.delay <= this.shortest) this.isOver = true;
      if (effect.kind !== "setTimer" && effect.kind !== "cancelTimer") continue;
      this.touched ??= new Set();
      this.touched.add(`${node} ${effect.name}`);
    }
  }

  /** True if this event, and all that come after it, may not happen as foreseen. */
  isInTheWay({ kind, node, timer }: Stimulus): boolean {
    if (kind === "timer" && this.touched?.has(`${node} ${timer}`)) this.isOver = true;
    return this.isOver;
  }
}
