import type { Json, Millis, Status } from "../contract";
import type { AnyMessage, SendEffect, SetTimerEffect } from "../host/reaction";

/** The kinds of trace records, as small numbers: a run writes two or three records for each event. */
export const KIND = {
  start: 0,
  send: 1,
  deliver: 2,
  drop: 3,
  setTimer: 4,
  timer: 5,
  cancelTimer: 6,
  write: 7,
  log: 8,
  status: 9,
  fault: 10,
  step: 11,
} as const;

export type KindName = keyof typeof KIND;
export const KIND_NAMES = Object.keys(KIND) as readonly KindName[];

/** What stands in a record's `node`, `peer` and `cause` where there is none. */
export const NONE = -1;

/** A change of what a server says about itself. */
export interface StatusChange {
  readonly before: Status;
  readonly after: Status;
}

/** What a record carries besides its numbers: the effect it stands for, a text, or a change. */
export type TraceData =
  | string
  | SendEffect
  | SetTimerEffect
  | StatusChange
  | { readonly [key: string]: Json | undefined }
  | undefined;

/** Virtual time inside the kit: whole microseconds, so that sums are exact. */
export type Micros = number;
export const MICROS_PER_MILLI = 1_000;

/**
 * Everything that happened in a run, in order. Record `i` is spread over columns, because a run writes millions of
 * them and reads few: `kind[i]`, `at[i]`, `node[i]` (where it happened), `peer[i]` (the other end of a message),
 * `cause[i]` (the record that brought it about: the send of a delivery, the handler of a send, the setTimer of a
 * timer), `value[i]` (bytes of a send, due time of a timer) and `data[i]`.
 */
export class Trace {
  length = 0;
  at = new Float64Array(512);
  value = new Float64Array(512);
  cause = new Int32Array(512);
  kind = new Uint8Array(512);
  node = new Int8Array(512);
  peer = new Int8Array(512);
  readonly data: TraceData[] = [];

  /** @returns the index of the new record, by which others name it as their cause */
  add(
    kind: number,
    at: Micros,
    node: number,
    peer: number,
    cause: number,
    value: number,
    data: TraceData,
  ): number {
    const i = this.length;
    if (i === this.at.length) this.grow();
    this.at[i] = at;
    this.value[i] = value;
    this.cause[i] = cause;
    this.kind[i] = kind;
    this.node[i] = node;
    this.peer[i] = peer;
    this.data.push(data);
    this.length = i + 1;
    return i;
  }

  /** The record that made `i` happen, followed back to the handler (start, delivery or timer) it belongs to. */
  handlerOf(i: number): number {
    let at = i;
    while (at !== NONE && !this.isHandler(at)) at = this.cause[at];
    return at;
  }

  /** True if a server worked because of record `i`. */
  isHandler(i: number): boolean {
    const kind = this.kind[i];
    return kind === KIND.deliver || kind === KIND.timer || kind === KIND.start;
  }

  /** The message of a send, a delivery or a drop. */
  messageOf(i: number): AnyMessage {
    const send = this.kind[i] === KIND.send ? i : this.cause[i];
    return (this.data[send] as SendEffect).message;
  }

  /** The name of the timer that record `i`, a setTimer or a timer, is about. */
  timerOf(i: number): string {
    const set = this.kind[i] === KIND.setTimer ? i : this.cause[i];
    return (this.data[set] as SetTimerEffect).name;
  }

  timeOf(i: number): Millis {
    return this.at[i] / MICROS_PER_MILLI;
  }

  private grow(): void {
    const size = this.at.length * 2;
    this.at = widened(this.at, new Float64Array(size));
    this.value = widened(this.value, new Float64Array(size));
    this.cause = widened(this.cause, new Int32Array(size));
    this.kind = widened(this.kind, new Uint8Array(size));
    this.node = widened(this.node, new Int8Array(size));
    this.peer = widened(this.peer, new Int8Array(size));
  }
}

function widened<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
