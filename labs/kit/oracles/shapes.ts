import type { KvOperation, NodeId } from "../contract";
import type { AnyMessage } from "../host/reaction";

/** What a field must hold. */
export type Kind = "count" | "flag" | "list" | "sender" | "operation" | "result";

export interface Field {
  readonly name: string;
  readonly kind: Kind;
  /** Reads the field. A function for each, because reading a field by a name that varies is slow. */
  readonly read: (message: AnyMessage) => unknown;
}

export const WORDS: Readonly<Record<Kind, string>> = {
  count: "a whole number, 0 or more",
  flag: "true or false",
  list: "an array",
  sender: "the sender's own name",
  operation: "{ kind: get, put, append or cas, key and what else it takes, all strings }",
  result: "a string, true, false or null",
};

const TERM: Field = { name: "term", kind: "count", read: (message) => message.term };
const REQUEST_VOTE: readonly Field[] = [
  TERM,
  { name: "candidateId", kind: "sender", read: (message) => message.candidateId },
  { name: "lastLogIndex", kind: "count", read: (message) => message.lastLogIndex },
  { name: "lastLogTerm", kind: "count", read: (message) => message.lastLogTerm },
];
const VOTE_REPLY: readonly Field[] = [
  TERM,
  { name: "voteGranted", kind: "flag", read: (message) => message.voteGranted },
];
const SEQUENCE: Field = { name: "sequence", kind: "count", read: (message) => message.sequence };

/** The fields that each message of the contract must have. Others may be there too. */
export const SHAPES: Readonly<Record<string, readonly Field[]>> = {
  RequestVote: REQUEST_VOTE,
  RequestVoteReply: VOTE_REPLY,
  PreVote: REQUEST_VOTE,
  PreVoteReply: VOTE_REPLY,
  AppendEntries: [
    TERM,
    { name: "leaderId", kind: "sender", read: (message) => message.leaderId },
    { name: "prevLogIndex", kind: "count", read: (message) => message.prevLogIndex },
    { name: "prevLogTerm", kind: "count", read: (message) => message.prevLogTerm },
    { name: "entries", kind: "list", read: (message) => message.entries },
    { name: "leaderCommit", kind: "count", read: (message) => message.leaderCommit },
  ],
  AppendEntriesReply: [
    TERM,
    { name: "success", kind: "flag", read: (message) => message.success },
    { name: "matchIndex", kind: "count", read: (message) => message.matchIndex },
  ],
  ClientRequest: [
    { name: "clientId", kind: "sender", read: (message) => message.clientId },
    SEQUENCE,
    { name: "operation", kind: "operation", read: (message) => message.operation },
  ],
  ClientReply: [
    SEQUENCE,
    { name: "ok", kind: "flag", read: (message) => message.ok },
    { name: "result", kind: "result", read: (message) => message.result },
  ],
};

/** @param self the sender */
export function holds(kind: Kind, value: unknown, self: NodeId): boolean {
  switch (kind) {
    case "count":
      return isCount(value);
    case "flag":
      return typeof value === "boolean";
    case "list":
      return Array.isArray(value);
    case "sender":
      return value === self;
    case "operation":
      return isOperation(value);
    case "result":
      return value === null || typeof value === "string" || typeof value === "boolean";
  }
}

export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isOperation(value: unknown): value is KvOperation {
  if (typeof value !== "object" || value === null) return false;
  const { kind, key, value: text, expected } = value as Readonly<Record<string, unknown>>;
  if (typeof key !== "string") return false;
  switch (kind) {
    case "get":
      return true;
    case "put":
    case "append":
      return typeof text === "string";
    case "cas":
      return typeof text === "string" && (typeof expected === "string" || expected === null);
    default:
      return false;
  }
}
