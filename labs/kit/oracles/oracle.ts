import type { AppliedEntry, Json, NodeId, Status } from "../contract";
import type { AnyMessage } from "../host/reaction";
import type { Proposal } from "../trace/requests";

/** What an oracle found: the raw material of a story. */
export interface Finding {
  /** The property that was broken: "Election Safety". */
  readonly property: string;
  /** Where the paper states it: "Raft Figure 3". */
  readonly section?: string | undefined;
  /** What happened, in one sentence with names and terms. */
  readonly sentence: string;
  /** Trace records that show it. Their causes are found by walking back. */
  readonly evidence: readonly number[];
  /** Among them, the first wrong step. */
  readonly wrong?: number | undefined;
  /** The rule of Figure 2 that forbids it. */
  readonly rule?: string | undefined;
  /** The next thing to look at, as a question. */
  readonly next: string;
  /** A drawing in characters. */
  readonly figure?: readonly string[] | undefined;
}

/** A message on its way, as an oracle sees it. */
export interface Passage {
  readonly from: number;
  readonly to: number;
  readonly message: AnyMessage;
  /** The trace record of the send or the delivery. */
  readonly record: number;
}

/** What an oracle may know about the run it watches. */
export interface Scene {
  /** The servers, all of them: majorities are counted over these. */
  readonly ids: readonly NodeId[];
  /** The servers, and after them the clients: a node's number is its place in here. */
  readonly names: readonly NodeId[];
  /** True for nodes that a test plays: they may break rules. */
  isScripted(node: number): boolean;
  /** What a node said about itself before the event that is being handled. */
  statusOf(node: number): Status;
}

/**
 * Watches a run from outside and tells when a property is broken. Methods are called as things happen; each returns
 * a finding or nothing. Only messages of the types in `reads` are shown.
 */
export interface Oracle {
  readonly reads: readonly string[];
  onSend?(passage: Passage): Finding | undefined;
  onDeliver?(passage: Passage): Finding | undefined;
  /** A server's status changed from `before` to `after`, in trace record `record`. */
  onStatus?(node: number, before: Status, after: Status, record: number): Finding | undefined;
  /** A server handed an entry to its state machine. */
  onApply?(node: number, entry: AppliedEntry, record: number): Finding | undefined;
  /** A server is given a command. It may stop before it has answered. */
  onPropose?(node: number, command: Json, record: number): Finding | undefined;
  /** It has answered. */
  onProposal?(node: number, proposal: Proposal, record: number): Finding | undefined;
  /** A server begins a life: its first, or another one with what is on its disk. */
  onStart?(node: number, record: number): Finding | undefined;
}

/** Makes an oracle for one run. */
export type OracleMaker = (scene: Scene) => Oracle;
