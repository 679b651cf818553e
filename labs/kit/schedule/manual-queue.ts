import type { Micros } from "../trace/trace";
import { EventQueue, type Queue } from "../world/event-queue";

/** What is still to happen, where somebody else says what comes next: of what can happen, nothing does until it is chosen. */
export class ManualQueue implements Queue {
  /** What can happen, oldest first: trace records (a send, a set timer) and when each is due. */
  readonly pending = new Map<number, Micros>();
  /** Set timers, apart from the rest: most are set anew or cancelled and wait for ever, in nobody's way. */
  private readonly timers = new Map<number, Micros>();
  private readonly chosen: { readonly at: Micros; readonly ref: number }[] = [];
  /** What happens when it is due, whatever is chosen. */
  private due: EventQueue | undefined;

  /**
   * @param isTimer true of a trace record that is to be kept apart from {@link pending}
   * @param timersRun true: timers need not be chosen. They happen when they are due
   */
  constructor(
    private readonly isTimer: (ref: number) => boolean = () => false,
    private readonly timersRun = false,
  ) {}

  get nextAt(): Micros {
    return Math.min(this.chosenAt, this.due?.nextAt ?? Number.POSITIVE_INFINITY);
  }

  /** What the world itself plans, such as a start, comes at once. */
  push(at: Micros, ref: number): void {
    if (ref < 0) this.chosen.push({ at, ref });
    else if (!this.isTimer(ref)) this.pending.set(ref, at);
    else if (!this.timersRun) this.timers.set(ref, at);
    else {
      this.due ??= new EventQueue();
      this.due.push(at, ref);
    }
  }

  pop(): number {
    if (this.due !== undefined && this.due.nextAt < this.chosenAt) return this.due.pop();
    const next = this.chosen.shift();
    if (next === undefined) throw new RangeError("Nothing was chosen to happen.");
    return next.ref;
  }

  /** When something is due that can happen; undefined if it cannot. */
  dueAt(ref: number): Micros | undefined {
    return this.pending.get(ref) ?? this.timers.get(ref);
  }

  private get chosenAt(): Micros {
    return this.chosen.length === 0 ? Number.POSITIVE_INFINITY : this.chosen[0].at;
  }

  /**
   * Lets something that is pending happen next.
   * @param isKept true: it can happen again, as a message that the network has doubled
   */
  choose(ref: number, at: Micros, isKept = false): void {
    if (!isKept && !this.pending.delete(ref)) this.timers.delete(ref);
    this.chosen.push({ at, ref });
  }
}
