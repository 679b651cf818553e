import type { Env } from "./env";
import type { NodeId } from "./values";

/** What a client can ask of the key-value store of lab 4. Keys and values are strings. */
export type KvOperation =
  | { readonly kind: "get"; readonly key: string }
  | { readonly kind: "put"; readonly key: string; readonly value: string }
  /** Adds to the end of the key's value; a missing key counts as empty. */
  | { readonly kind: "append"; readonly key: string; readonly value: string }
  /** Compare and set: writes `value` if the key's value is `expected`; null stands for a missing key. */
  | { readonly kind: "cas"; readonly key: string; readonly expected: string | null; readonly value: string };

/** get: the value, null if the key is missing. put and append: null. cas: true if it wrote. */
export type KvResult = string | boolean | null;

/** A client asks a server to carry out an operation (Raft §8). A retry is the same request once more. */
export interface ClientRequest {
  readonly type: "ClientRequest";
  /** The client: the sender. */
  readonly clientId: NodeId;
  /** 1 for the client's first operation, 2 for its second, …; the same in every retry of an operation. */
  readonly sequence: number;
  readonly operation: KvOperation;
}

/** The answer to a {@link ClientRequest}. */
export interface ClientReply {
  readonly type: "ClientReply";
  /** That of the request. */
  readonly sequence: number;
  /**
   * True: the operation was carried out, once, and `result` is what came of it. False: this server cannot say so, for
   * instance because it does not lead: the operation may be carried out all the same, so ask again, here or elsewhere.
   */
  readonly ok: boolean;
  /** Null unless `ok`. */
  readonly result: KvResult;
  /** Optional, with `ok: false`: who may be the leader. A hint can be out of date. */
  readonly leader?: NodeId | undefined;
}

/** What the clients and servers of a key-value store say to each other. */
export type KvMessage = ClientRequest | ClientReply;

/** What a client can do and know: as a server, but `peers` are all the servers, and there is nobody else to talk to. */
export interface ClientEnv<Message> extends Env<Message> {
  /** Ends the operation that was invoked last: this is its result. */
  complete(result: KvResult): void;
}

/** A client is a node of the network like a server, with a clock, timers and messages of its own. */
export interface Client<Message> {
  /** Called once after the constructor. The constructor itself has no effects. */
  start(): void;
  /** The user wants something. Called again only after `env.complete(…)`, so that one operation at a time is open. */
  invoke(operation: KvOperation): void;
  onMessage(from: NodeId, message: Message): void;
  onTimer(name: string): void;
}
