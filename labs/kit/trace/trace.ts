import type { AppliedEntry, Json, Millis, Status } from "../contract";
import type { AnyMessage, SendEffect } from "../host/reaction";
import type { Invocation, Proposal } from "./requests";

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
  propose: 12,
  apply: 13,
  invoke: 14,
  complete: 15,
} as const;

/** What stands in a record's `node`, `peer` and `cause` where there is none. */
export const NONE = -1;

/** A change of what a server says about itself. */
export interface StatusChange {
  readonly before: Status;
  readonly after: Status;
}

/** What a record carries besides its numbers: the name of a timer, a text, what was sent or written, or a change. */
export type TraceData =
  | string
  | SendEffect
  | StatusChange
  | Proposal
  | AppliedEntry
  | Invocation
  | { readonly [key: string]: Json | undefined }
  | undefined;

/** Virtual time inside the kit: whole microseconds, so that sums are exact. */
export type Micros = number;
export const MICROS_PER_MILLI = 1_000;

const CHUNK_BITS = 12;
const CHUNK_SIZE = 1 << CHUNK_BITS;
const CHUNK_MASK = CHUNK_SIZE - 1;

/** Some records of a trace, spread over columns. Kind, node and peer share one word. */
class Chunk {
  readonly at = new Float64Array(CHUNK_SIZE);
  readonly cause = new Int32Array(CHUNK_SIZE);
  readonly word = new Int32Array(CHUNK_SIZE);
  readonly data = new Array<TraceData>(CHUNK_SIZE);
}

/**
 * Everything that happened in a run, in order. A record has a kind, a time, the node where it happened, a peer (the
 * other end of a message), a cause (the record that brought it about: the send of a delivery, the handler of a send,
 * the setTimer of a timer) and data. A run writes millions of records and reads few, so that they are not objects:
 * writing one costs a few stores, and growing costs no copy.
 */
export class Trace {
  /** Records so far. */
  length = 0;

  private readonly chunks: Chunk[] = [];
  private last: Chunk | undefined;

  /** Forgets everything, and keeps the room: for runs of a few events, of which there are very many. */
  clear(): void {
    this.length = 0;
    this.chunks.length = Math.min(1, this.chunks.length);
    this.last = this.chunks[0];
  }

  /** @returns the index of the new record, by which others name it as their cause */
  add(kind: number, at: Micros, node: number, peer: number, cause: number, data: TraceData): number {
    const i = this.length;
    const row = i & CHUNK_MASK;
    const chunk = this.last === undefined || (row === 0 && i > 0) ? this.grow() : this.last;
    chunk.at[row] = at;
    chunk.cause[row] = cause;
    chunk.word[row] = kind | ((node + 1) << 8) | ((peer + 1) << 16);
    chunk.data[row] = data;
    this.length = i + 1;
    return i;
  }

  kindOf(i: number): number {
    return this.wordOf(i) & 0xff;
  }

  /** Where it happened: the index of a node, or {@link NONE}. */
  nodeOf(i: number): number {
    return ((this.wordOf(i) >> 8) & 0xff) - 1;
  }

  /** The other end of a message, or {@link NONE}. */
  peerOf(i: number): number {
    return ((this.wordOf(i) >> 16) & 0xff) - 1;
  }

  causeOf(i: number): number {
    return this.chunkOf(i).cause[i & CHUNK_MASK];
  }

  dataOf(i: number): TraceData {
    return this.chunkOf(i).data[i & CHUNK_MASK];
  }

  microsOf(i: number): Micros {
    return this.chunkOf(i).at[i & CHUNK_MASK];
  }

  timeOf(i: number): Millis {
    return this.microsOf(i) / MICROS_PER_MILLI;
  }

  /** The record that made `i` happen, followed back to the handler (start, delivery or timer) it belongs to. */
  handlerOf(i: number): number {
    let at = i;
    while (at !== NONE && !this.isHandler(at)) at = this.causeOf(at);
    return at;
  }

  /** True if a server worked because of record `i`. */
  isHandler(i: number): boolean {
    const kind = this.kindOf(i);
    return (
      kind === KIND.deliver ||
      kind === KIND.timer ||
      kind === KIND.start ||
      kind === KIND.propose ||
      kind === KIND.invoke
    );
  }

  /** True if any record so far is of a kind. */
  has(kind: number): boolean {
    for (let i = 0; i < this.length; i++) if (this.kindOf(i) === kind) return true;
    return false;
  }

  /** The message of a send, a delivery or a drop. */
  messageOf(i: number): AnyMessage {
    const send = this.kindOf(i) === KIND.send ? i : this.causeOf(i);
    return (this.dataOf(send) as SendEffect).message;
  }

  /** The name of the timer that record `i`, a setTimer or a timer, is about. */
  timerOf(i: number): string {
    const set = this.kindOf(i) === KIND.setTimer ? i : this.causeOf(i);
    return this.dataOf(set) as string;
  }

  private wordOf(i: number): number {
    return this.chunkOf(i).word[i & CHUNK_MASK];
  }

  private chunkOf(i: number): Chunk {
    return this.chunks[i >> CHUNK_BITS];
  }

  private grow(): Chunk {
    const chunk = new Chunk();
    this.chunks.push(chunk);
    this.last = chunk;
    return chunk;
  }
}
