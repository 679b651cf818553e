import type { Millis } from "../contract";
import { drawAt, keyOf } from "../random/keyed";
import { MICROS_PER_MILLI, type Micros } from "../trace/trace";
import type { Conditions } from "./conditions";

/** How much later than the original a doubled message may arrive. */
const ECHO_DELAY_MAX: Millis = 500;

/** Stands for the delay of a message that never arrives. */
export const LOST: Micros = -1;

/** Numbers of the draws that decide one message's fate. */
const DRAW = { delay: 0, loss: 1, tail: 2, tailDelay: 3, double: 4, echo: 5, perMessage: 6 } as const;

/** The links between nodes: what is cut, what is slow, and what becomes of each message. */
export class Network {
  /** After how long the message routed last arrives a second time; {@link LOST} if it does not. */
  echo: Micros = LOST;

  private readonly keys: Int32Array;
  private readonly sent: Int32Array;
  /** For each link, how many faults cut it at present. */
  private readonly cuts: Uint16Array;
  private readonly slowness: Float64Array;

  constructor(
    seed: number,
    private readonly size: number,
    public conditions: Conditions,
  ) {
    const links = size * size;
    this.keys = new Int32Array(links);
    this.sent = new Int32Array(links);
    this.cuts = new Uint16Array(links);
    this.slowness = new Float64Array(links);
    for (let from = 0; from < size; from++) {
      for (let to = 0; to < size; to++) this.keys[this.link(from, to)] = keyOf(seed, "link", from, to);
    }
  }

  /**
   * Draws the fate of the next message on a link. If it is doubled, {@link echo} says when it arrives again.
   * @returns after how long it arrives, or {@link LOST}
   */
  route(from: number, to: number): Micros {
    const link = this.link(from, to);
    const key = this.keys[link];
    const first = this.sent[link] * DRAW.perMessage;
    const { delay, loss, duplication, tail } = this.conditions;
    this.sent[link] += 1;
    this.echo = LOST;
    if (loss > 0 && drawAt(key, first + DRAW.loss) < loss) return LOST;
    let millis = between(delay, drawAt(key, first + DRAW.delay)) + this.slowness[link];
    if (tail.chance > 0 && drawAt(key, first + DRAW.tail) < tail.chance) {
      millis += between(tail.delay, drawAt(key, first + DRAW.tailDelay));
    }
    const arrival = Math.round(millis * MICROS_PER_MILLI);
    if (duplication > 0 && drawAt(key, first + DRAW.double) < duplication) {
      this.echo = arrival + Math.round(drawAt(key, first + DRAW.echo) * ECHO_DELAY_MAX * MICROS_PER_MILLI);
    }
    return arrival;
  }

  /** A time that every message takes at least, `most` at most. */
  soonest(most: Micros): Micros {
    return Math.min(most, Math.floor(this.conditions.delay[0] * MICROS_PER_MILLI));
  }

  /** True if nothing arrives over the link at present. */
  blocks(from: number, to: number): boolean {
    return this.cuts[from * this.size + to] > 0;
  }

  /** True if messages on the link take longer than the network's conditions say. */
  isSlowed(from: number, to: number): boolean {
    return this.slowness[from * this.size + to] > 0;
  }

  /** Cuts a link once more: it is whole again when each cut was joined. */
  cut(from: number, to: number): void {
    this.cuts[this.link(from, to)] += 1;
  }

  /** Takes one cut of a link back, if there is any. */
  join(from: number, to: number): void {
    const link = this.link(from, to);
    if (this.cuts[link] > 0) this.cuts[link] -= 1;
  }

  /** Makes every message on a link later by `extra` more; by less, if it is negative. */
  slow(from: number, to: number, extra: Millis): void {
    const link = this.link(from, to);
    this.slowness[link] = Math.max(0, this.slowness[link] + extra);
  }

  /** Joins all that was cut and speeds up all that was slow. */
  heal(): void {
    this.cuts.fill(0);
    this.slowness.fill(0);
  }

  private link(from: number, to: number): number {
    return from * this.size + to;
  }
}

function between([low, high]: readonly [Millis, Millis], draw: number): Millis {
  return low + draw * (high - low);
}
