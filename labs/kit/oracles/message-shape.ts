import type { NodeId } from "../contract";
import type { Finding, Oracle, Passage, Scene } from "./oracle";

type Check = (value: unknown) => boolean;

const isCount: Check = (value) => typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
const isFlag: Check = (value) => typeof value === "boolean";
const isList: Check = (value) => Array.isArray(value);
const isName: Check = (value) => typeof value === "string";

const COUNT = { check: isCount, words: "a whole number, 0 or more" };
const FLAG = { check: isFlag, words: "true or false" };
const LIST = { check: isList, words: "an array" };
const SENDER = { check: isName, words: "the sender's own name" };

type Shape = Readonly<Record<string, { readonly check: Check; readonly words: string }>>;

const REQUEST_VOTE: Shape = { term: COUNT, candidateId: SENDER, lastLogIndex: COUNT, lastLogTerm: COUNT };
const VOTE_REPLY: Shape = { term: COUNT, voteGranted: FLAG };

/** The fields that each message of the contract must have. Others may be there too. */
const SHAPES: Readonly<Record<string, Shape>> = {
  RequestVote: REQUEST_VOTE,
  RequestVoteReply: VOTE_REPLY,
  PreVote: REQUEST_VOTE,
  PreVoteReply: VOTE_REPLY,
  AppendEntries: {
    term: COUNT,
    leaderId: SENDER,
    prevLogIndex: COUNT,
    prevLogTerm: COUNT,
    entries: LIST,
    leaderCommit: COUNT,
  },
  AppendEntriesReply: { term: COUNT, success: FLAG, matchIndex: COUNT },
};

/** Messages carry the fields of Figure 2, each of its type, and name their true sender. */
export class MessageShape implements Oracle {
  readonly reads = Object.keys(SHAPES);
  private readonly ids: readonly NodeId[];

  constructor(scene: Scene) {
    this.ids = scene.ids;
  }

  onSend({ from, message, record }: Passage): Finding | undefined {
    const shape = SHAPES[message.type] as Shape;
    const self = this.ids[from] as NodeId;
    for (const field in shape) {
      const { check, words } = shape[field] as Shape[string];
      const value: unknown = Reflect.get(message, field);
      if (check(value) && (words !== SENDER.words || value === self)) continue;
      return {
        property: "Messages as in Figure 2",
        section: "labs/kit/contract/messages.ts",
        sentence: `${self} sends a ${message.type} whose ${field} is ${JSON.stringify(value) ?? "missing"}; expected ${words}.`,
        evidence: [record],
        wrong: record,
        next: `Where does ${self} fill in ${field}?`,
      };
    }
    return undefined;
  }
}
