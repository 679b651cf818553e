import type { Micros } from "../trace/trace";
import { EventQueue, type Queue } from "../world/event-queue";

/** What is still to happen, where somebody else says what comes next: of what can happen, nothing does until it is chosen. */
export class ManualQueue implements Queue {
  /** What can happen, oldest first: trace records (a send, a set timer) and when each is due. */
  readonly pending = new Map<number, Micros>();
  private readonly chosen: { readonly at: Micros; readonly ref: number }[] = [];
  /** What happens when it is due, whatever is chosen. */
  private due: EventQueue | undefined;

  /** @param isFree true of a trace record that needs not be chosen: it happens when it is due */
  constructor(private readonly isFree: (ref: number) => boolean = () => false) {}

  get nextAt(): Micros {
    return Math.min(this.chosenAt, this.due?.nextAt ?? Number.POSITIVE_INFINITY);
  }

  /** What the world itself plans, such as a start, comes at once. */
  push(at: Micros, ref: number): void {
    if (ref < 0) this.chosen.push({ at, ref });
    else if (this.isFree(ref)) {
      this.due ??= new EventQueue();
      this.due.push(at, ref);
    } else this.pending.set(ref, at);
  }

  pop(): number {
    if (this.due !== undefined && this.due.nextAt < this.chosenAt) return this.due.pop();
    const next = this.chosen.shift();
    if (next === undefined) throw new RangeError("Nothing was chosen to happen.");
    return next.ref;
  }

  private get chosenAt(): Micros {
    return this.chosen.length === 0 ? Number.POSITIVE_INFINITY : this.chosen[0].at;
  }

  /**
   * Lets something that is pending happen next.
   * @param isKept true: it can happen again, as a message that the network has doubled
   */
  choose(ref: number, at: Micros, isKept = false): void {
    if (!isKept) this.pending.delete(ref);
    this.chosen.push({ at, ref });
  }
}
