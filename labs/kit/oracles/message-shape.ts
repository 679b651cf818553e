import type { NodeId } from "../contract";
import type { Finding, Oracle, Passage, Scene } from "./oracle";

/** What a field must hold. */
type Kind = "count" | "flag" | "list" | "sender";
type Shape = readonly { readonly field: string; readonly kind: Kind }[];

const WORDS: Readonly<Record<Kind, string>> = {
  count: "a whole number, 0 or more",
  flag: "true or false",
  list: "an array",
  sender: "the sender's own name",
};

const REQUEST_VOTE: Shape = [
  { field: "term", kind: "count" },
  { field: "candidateId", kind: "sender" },
  { field: "lastLogIndex", kind: "count" },
  { field: "lastLogTerm", kind: "count" },
];
const VOTE_REPLY: Shape = [
  { field: "term", kind: "count" },
  { field: "voteGranted", kind: "flag" },
];

/** The fields that each message of the contract must have. Others may be there too. */
const SHAPES: Readonly<Record<string, Shape>> = {
  RequestVote: REQUEST_VOTE,
  RequestVoteReply: VOTE_REPLY,
  PreVote: REQUEST_VOTE,
  PreVoteReply: VOTE_REPLY,
  AppendEntries: [
    { field: "term", kind: "count" },
    { field: "leaderId", kind: "sender" },
    { field: "prevLogIndex", kind: "count" },
    { field: "prevLogTerm", kind: "count" },
    { field: "entries", kind: "list" },
    { field: "leaderCommit", kind: "count" },
  ],
  AppendEntriesReply: [
    { field: "term", kind: "count" },
    { field: "success", kind: "flag" },
    { field: "matchIndex", kind: "count" },
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
    const shape = SHAPES[message.type];
    for (let i = 0; i < shape.length; i++) {
      const { field, kind } = shape[i];
      const value: unknown = Reflect.get(message, field);
      if (!holds(kind, value, self)) return this.finding(self, message.type, field, kind, value, record);
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
