import type { NodeId } from "../contract";
import type { AnyMessage } from "../host/reaction";
import type { Finding, Oracle, Passage, Scene } from "./oracle";

/** What a field must hold. */
type Kind = "count" | "flag" | "list" | "sender";

interface Field {
  readonly name: string;
  readonly kind: Kind;
  /** Reads the field. A function for each, because reading a field by a name that varies is slow. */
  readonly read: (message: AnyMessage) => unknown;
}

const WORDS: Readonly<Record<Kind, string>> = {
  count: "a whole number, 0 or more",
  flag: "true or false",
  list: "an array",
  sender: "the sender's own name",
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

/** The fields that each message of the contract must have. Others may be there too. */
const SHAPES: Readonly<Record<string, readonly Field[]>> = {
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
};

/** Messages carry the fields of Figure 2, each of its type, and name their true sender. */
export class MessageShape implements Oracle {
  readonly reads = Object.keys(SHAPES);
  private readonly ids: readonly NodeId[];

  constructor(scene: Scene) {
    this.ids = scene.ids;
  }

  onSend({ from, message, record }: Passage): Finding | undefined {
    const self = this.ids[from];
    const fields = SHAPES[message.type];
    for (let i = 0; i < fields.length; i++) {
      const { name, kind, read } = fields[i];
      const value = read(message);
      if (!holds(kind, value, self)) return this.finding(self, message.type, name, kind, value, record);
    }
    return undefined;
  }

  private finding(
    self: NodeId,
    type: string,
    field: string,
    kind: Kind,
    value: unknown,
    record: number,
  ): Finding {
    return {
      property: "Messages as in Figure 2",
      section: "labs/kit/contract/messages.ts",
      sentence: `${self} sends ${/^[AEIOU]/.test(type) ? "an" : "a"} ${type} whose ${field} is ${JSON.stringify(value) ?? "missing"}; expected ${WORDS[kind]}.`,
      evidence: [record],
      wrong: record,
      next: `Where does ${self} fill in ${field}?`,
    };
  }
}

function holds(kind: Kind, value: unknown, self: NodeId): boolean {
  switch (kind) {
    case "count":
      return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
    case "flag":
      return typeof value === "boolean";
    case "list":
      return Array.isArray(value);
    case "sender":
      return value === self;
  }
}
