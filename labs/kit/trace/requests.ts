import type { Json, KvOperation, KvResult, Millis, NodeId, Proposed } from "../contract";

/** A command that a test gave to a server, and what came of it. */
export interface Proposal {
  readonly server: NodeId;
  readonly command: Json;
  /** Undefined until the server has answered; null if it does not lead, or is stopped. */
  readonly answer: Proposed | null | undefined;
}

/** An operation that a test gave to a client of the key-value store, and what came of it. */
export interface Invocation {
  readonly client: NodeId;
  readonly operation: KvOperation;
  /** The trace record of the invocation: of two, the smaller one came first. */
  readonly record: number;
  readonly invokedAt: Millis;
  /** The trace record of the result; undefined while the operation is open. */
  readonly completion: number | undefined;
  readonly completedAt: Millis | undefined;
  readonly result: KvResult | undefined;
}

/** The same while it is being filled in. */
export type Open<T> = { -readonly [Field in keyof T]: T[Field] };
