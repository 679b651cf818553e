import type { AppliedEntry, Json, Millis, NodeId, Status } from "../contract";
import type { Invocation, Open } from "../trace/requests";
import { MICROS_PER_MILLI, type Micros } from "../trace/trace";

/** Microseconds by which rounding may move a timer of a wrong clock. */
const ROUNDING_MAX: Micros = 200;

/** What the world knows about one node. */
export class Node {
  /** False: stopped. What arrives is lost. */
  isUp = false;
  /** True: frozen. What arrives waits in `backlog`. */
  isPaused = false;
  /** Queue references that came due while the node was paused, in order. */
  readonly backlog: number[] = [];
  /** Running timers: the name, and the trace record that set it. */
  readonly timers = new Map<string, number>();
  /** What survives a crash. */
  readonly disk = new Map<string, Json>();
  /** Writes to the disk so far, and their bytes. */
  writes = 0;
  writtenBytes = 0;
  /** What its state machine was given in this life, in order. */
  applied: AppliedEntry[] = [];
  /** At a client: the operation that it works on. */
  invocation: Open<Invocation> | undefined;
  status: Status = { role: "follower", currentTerm: 0 };
  /** How often the node was started. */
  lives = 0;
  /** Number of the start that is to come: a later start, or a stop, calls it off. */
  nextStart = 0;

  private rate = 1;
  private clockAtChange: Micros = 0;
  private changedAt: Micros = 0;

  constructor(
    readonly index: number,
    readonly id: NodeId,
    /** True for a node that a test plays: nothing of the student's runs there. */
    readonly isScripted: boolean,
    /** True for a client of the key-value store. */
    readonly isClient: boolean,
  ) {}

  /** How fast this node's clock runs, as a multiple of the world's. */
  get clockRate(): number {
    return this.rate;
  }

  /** This node's own clock at world time `now`. */
  clock(now: Micros): Millis {
    if (this.rate === 1 && this.clockAtChange === this.changedAt) return now / MICROS_PER_MILLI;
    return (this.clockAtChange + Math.floor((now - this.changedAt) * this.rate)) / MICROS_PER_MILLI;
  }

  /** The world time at which this node's own clock shows that `delay` has gone by since `now`; never less. */
  dueAt(now: Micros, delay: Millis): Micros {
    const due = now + Math.ceil((delay * MICROS_PER_MILLI) / this.rate);
    // Clocks show whole microseconds, and sums of fractions are rounded: either may be a little behind.
    const target = this.clock(now) + delay;
    let exact = due;
    while (this.clock(exact) < target && exact < due + ROUNDING_MAX) exact += 1;
    return exact;
  }

  /** From now on this node's clock runs `rate` times as fast as the world's. Timers that are set keep their time. */
  setClockRate(rate: number, now: Micros): void {
    this.clockAtChange = Math.round(this.clock(now) * MICROS_PER_MILLI);
    this.changedAt = now;
    this.rate = rate;
  }
}
