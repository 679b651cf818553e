import type { Micros } from "../trace/trace";

/** What is still to happen. */
export interface Queue {
  /** When the next event is due; Infinity if there is none. */
  readonly nextAt: Micros;
  /** @param ref a number that says what happens; {@link pop} gives it back */
  push(at: Micros, ref: number): void;
  /** Takes the next event out. There must be one. */
  pop(): number;
}

/**
 * What is still to happen, earliest first; of two at the same time, the one that was put in first. A binary heap over
 * parallel arrays: nothing is allocated for an event.
 */
export class EventQueue implements Queue {
  private size = 0;
  private at = new Float64Array(64);
  private order = new Float64Array(64);
  private ref = new Int32Array(64);
  private pushed = 0;

  get length(): number {
    return this.size;
  }

  /** When the next event is due; Infinity if there is none. */
  get nextAt(): Micros {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.at[0];
  }

  /** @param ref a number that says what happens; {@link pop} gives it back */
  push(at: Micros, ref: number): void {
    if (this.size === this.at.length) this.grow();
    const order = this.pushed++;
    let hole = this.size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (this.at[parent] <= at) break; // at equal times the parent was pushed before
      this.move(parent, hole);
      hole = parent;
    }
    this.fill(hole, at, order, ref);
  }

  /** Takes the next event out. There must be one. */
  pop(): number {
    const first = this.ref[0];
    const last = --this.size;
    const at = this.at[last];
    const order = this.order[last];
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= last) break;
      if (child + 1 < last && this.isBefore(child + 1, child)) child += 1;
      const childAt = this.at[child];
      if (childAt > at || (childAt === at && this.order[child] > order)) break;
      this.move(child, hole);
      hole = child;
    }
    this.fill(hole, at, order, this.ref[last]);
    return first;
  }

  private isBefore(a: number, b: number): boolean {
    const difference = this.at[a] - this.at[b];
    return difference < 0 || (difference === 0 && this.order[a] < this.order[b]);
  }

  private move(from: number, to: number): void {
    this.fill(to, this.at[from], this.order[from], this.ref[from]);
  }

  private fill(slot: number, at: Micros, order: number, ref: number): void {
    this.at[slot] = at;
    this.order[slot] = order;
    this.ref[slot] = ref;
  }

  private grow(): void {
    const { at, order, ref } = this;
    const size = at.length * 2;
    this.at = new Float64Array(size);
    this.order = new Float64Array(size);
    this.ref = new Int32Array(size);
    this.at.set(at);
    this.order.set(order);
    this.ref.set(ref);
  }
}
