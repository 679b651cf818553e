import type { Draws } from "../random/keyed";
import { MISHAPS, type Mishap } from "./budget";

/** What goes wrong in one walk, and when: drawn beforehand, so that it strikes anywhere with the same chance. */
export class Mishaps {
  /** Steps at which they are due, in ascending order. */
  private readonly due = new Map<Mishap, number[]>();

  /**
   * @param most how many of each kind there may be; how many there are is drawn
   * @param from the first step at which one can strike
   * @param to the step after the last
   */
  constructor(draws: Draws, most: (kind: Mishap) => number, from: number, to: number) {
    for (const kind of MISHAPS) {
      const count = draws.int(Math.max(0, most(kind)) >> 1, Math.max(0, most(kind)));
      const steps = Array.from({ length: count }, () => draws.int(from, Math.max(from, to - 1)));
      this.due.set(
        kind,
        steps.sort((a, b) => a - b),
      );
    }
  }

  /** True if one of a kind is due: at its step, or later if it could not strike then. */
  isDue(kind: Mishap, step: number): boolean {
    const [next] = this.due.get(kind) ?? [];
    return next !== undefined && next <= step;
  }

  /** It strikes. */
  strike(kind: Mishap): void {
    this.due.get(kind)?.shift();
  }
}
