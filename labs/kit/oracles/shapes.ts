import type { KvOperation, NodeId } from "../contract";
import type { AnyMessage } from "../host/reaction";

/** What a field must hold. */
export type Kind = "count" | "flag" | "list" | "sender" | "operation" | "result";

export interface Field {
  readonly name: string;
  readonly kind: Kind;
  /** Reads the field. A function for each, because reading a field by a name that varies is slow. */
  readonly read: (message: AnyMessage) => unknown;
  /** True if a value of this sender's is one that the field may hold. */
  readonly holds: (value: unknown, self: NodeId) => boolean;
}

export const WORDS: Readonly<Record<Kind, string>> = {
  count: "a whole number, 0 or more",
  flag: "true or false",
  list: "an array",
  sender: "the sender's own name",
  operation: "{ kind: get, put, append or cas, key and what else it takes, all strings }",
  result: "a string, true, false or null",
};

const HOLDS: Readonly<Record<Kind, Field["holds"]>> = {
  count: isCount,
  flag: (value) => typeof value === "boolean",
  list: (value) => Array.isArray(value),
  sender: (value, self) => value === self,
  operation: isOperation,
  result: (value) => value === null || typeof value === "string" || typeof value === "boolean",
};

const TERM: Field = field("term", "count", (message) => message.term);
const REQUEST_VOTE: readonly Field[] = [
  TERM,
  field("candidateId", "sender", (message) => message.candidateId),
  field("lastLogIndex", "count", (message) => message.lastLogIndex),
  field("lastLogTerm", "count", (message) => message.lastLogTerm),
];
const VOTE_REPLY: readonly Field[] = [TERM, field("voteGranted", "flag", (message) => message.voteGranted)];
const SEQUENCE: Field = field("sequence", "count", (message) => message.sequence);

/** The fields that each message of the contract must have. Others may be there too. */
export const SHAPES: Readonly<Record<string, readonly Field[]>> = {
  RequestVote: REQUEST_VOTE,
  RequestVoteReply: VOTE_REPLY,
  PreVote: REQUEST_VOTE,
  PreVoteReply: VOTE_REPLY,
  AppendEntries: [
    TERM,
    field("leaderId", "sender", (message) => message.leaderId),
    field("prevLogIndex", "count", (message) => message.prevLogIndex),
    field("prevLogTerm", "count", (message) => message.prevLogTerm),
    field("entries", "list", (message) => message.entries),
    field("leaderCommit", "count", (message) => message.leaderCommit),
  ],
  AppendEntriesReply: [
    TERM,
    field("success", "flag", (message) => message.success),
    field("matchIndex", "count", (message) => message.matchIndex),
  ],
  ClientRequest: [
    field("clientId", "sender", (message) => message.clientId),
    SEQUENCE,
    field("operation", "operation", (message) => message.operation),
  ],
  ClientReply: [
    SEQUENCE,
    field("ok", "flag", (message) => message.ok),
    field("result", "result", (message) => message.result),
  ],
};

function field(name: string, kind: Kind, read: Field["read"]): Field {
  return { name, kind, read, holds: HOLDS[kind] };
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
