import type { Micros } from "../trace/trace";
import type { Queue } from "./event-queue";

/**
 * Looks at the events that come next without letting them happen. What was looked at lies in a row before the queue;
 * an event that is pushed into the queue later and is due earlier comes first all the same.
 */
export class Foresight {
  private refs: number[] = [];
  private times: Micros[] = [];
  /** Where the row begins. */
  private first = 0;

  constructor(private readonly queue: Queue) {}

  /** When the next event is due; Infinity if there is none. */
  get nextAt(): Micros {
    return this.first < this.refs.length
      ? Math.min(this.times[this.first], this.queue.nextAt)
      : this.queue.nextAt;
  }

  /** Takes the next event out. There must be one. */
  pop(): number {
    const { first } = this;
    if (first >= this.refs.length || this.queue.nextAt < this.times[first]) return this.queue.pop();
    this.first += 1;
    const ref = this.refs[first];
    if (this.first === this.refs.length) this.empty();
    return ref;
  }

  /**
   * Tells the coming events in their order, up to `horizon`, until `tell` returns false.
   * Of two at the same time, the one in the row was pushed first.
   */
  look(horizon: Micros, tell: (ref: number, at: Micros) => boolean): void {
    for (let i = this.first; ; i++) {
      if (i >= this.refs.length) {
        if (this.queue.nextAt > horizon) return;
        this.times.push(this.queue.nextAt);
        this.refs.push(this.queue.pop());
      } else if (this.queue.nextAt < this.times[i]) {
        this.insert(i);
      }
      if (this.times[i] > horizon || !tell(this.refs[i], this.times[i])) return;
    }
  }

  /** Moves the queue's next event into the row. */
  private insert(i: number): void {
    this.times.splice(i, 0, this.queue.nextAt);
    this.refs.splice(i, 0, this.queue.pop());
  }

  private empty(): void {
    this.refs.length = 0;
    this.times.length = 0;
    this.first = 0;
  }
}
