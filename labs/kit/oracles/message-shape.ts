import type { LogEntry, LogIndex, NodeId, Term } from "../contract";
import type { AnyMessage } from "../host/reaction";
import { commandWords } from "../story/words";
import type { Finding, Oracle, Passage, Scene } from "./oracle";
import { isCount, SHAPES, WORDS } from "./shapes";

/** What is wrong with a message. */
interface Fault {
  /** "lastLogTerm" */
  readonly field: string;
  readonly value: unknown;
  readonly expected: string;
}

/** Messages carry the fields of Figure 2, each of its type, name their true sender, and come from whom they should. */
export class MessageShape implements Oracle {
  readonly reads = Object.keys(SHAPES);
  private readonly names: readonly NodeId[];
  private readonly servers: number;

  constructor(private readonly scene: Scene) {
    this.names = scene.names;
    this.servers = scene.ids.length;
  }

  onSend({ from, message, record }: Passage): Finding | undefined {
    const self = this.names[from];
    const { type } = message;
    const fields = SHAPES[type];
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i];
      const value = field.read(message);
      if (!field.holds(value, self))
        return this.finding(self, type, { field: field.name, value, expected: WORDS[field.kind] }, record);
    }
    if (type === "AppendEntries" && (message.prevLogIndex !== 0 || message.entries?.length !== 0)) {
      const fault = entriesFault(message, this.scene.isScripted(from));
      if (fault !== undefined) return this.finding(self, type, fault, record);
    }
    if (from >= this.servers !== (type === "ClientRequest") && !this.scene.isScripted(from))
      return this.impostor(self, type, record);
    return undefined;
  }

  private finding(self: NodeId, type: string, { field, value, expected }: Fault, record: number): Finding {
    const isKv = type.startsWith("Client");
    return {
      property: isKv ? "Messages as in the contract" : "Messages as in Figure 2",
      section: `labs/kit/contract/${isKv ? "kv" : "messages"}.ts`,
      sentence: `${self} sends ${aType(type)} whose ${field} is ${valueWords(value)}; expected ${expected}.`,
      evidence: [record],
      wrong: record,
      rule: isKv
        ? `The contract: ${aType(type)} has ${field}, and the server or client that gets it counts on it (§8).`
        : `Figure 2: ${field} is one of the fields of ${type}, and its receiver counts on it.`,
      next: `Where does ${self} fill in ${field}?`,
    };
  }

  private impostor(self: NodeId, type: string, record: number): Finding {
    return {
      property: "Messages as in the contract",
      section: "labs/kit/contract/kv.ts",
      sentence:
        type === "ClientRequest"
          ? `${self} sends a ClientRequest; only clients do that.`
          : `${self} sends ${aType(type)}; a client sends ClientRequests, and takes no part in Raft.`,
      evidence: [record],
      wrong: record,
      rule: "§8: clients ask servers with a ClientRequest, and servers answer with a ClientReply; Raft's own messages go between servers only.",
      next:
        type === "ClientRequest"
          ? `Whom does ${self} want to reach? A server may answer ok: false, and name the leader as a hint.`
          : `What does ${self} want to say, and to whom? What the servers answer comes as a ClientReply.`,
    };
  }
}

/** What is wrong with the entries of an AppendEntries, or with what is said about the one before them. */
function entriesFault(message: AnyMessage, isScripted: boolean): Fault | undefined {
  const entries = message.entries as readonly LogEntry[];
  const term = message.term as Term;
  const prevLogIndex = message.prevLogIndex as LogIndex;
  let before = message.prevLogTerm as Term;
  if (!isScripted && (before > term || (before === 0) !== (prevLogIndex === 0)))
    return {
      field: "prevLogTerm",
      value: before,
      expected:
        prevLogIndex === 0
          ? "0, for its prevLogIndex is 0"
          : `the term of entry ${prevLogIndex}, from 1 to ${term}, its own`,
    };
  for (let i = 0; i < entries.length; i++) {
    const entry: LogEntry | null = entries[i];
    if (typeof entry !== "object" || entry === null || !isCount(entry.term) || entry.command === undefined)
      return { field: `entries[${i}]`, value: entry, expected: "{ term, command }" };
    if (!isScripted && (entry.term < before || entry.term > term || entry.term === 0))
      return {
        field: `entries[${i}].term`,
        value: entry.term,
        expected: `${before === 0 ? 1 : before} to ${term}: terms never go down along a log, nor beyond the leader's`,
      };
    before = entry.term;
  }
  return undefined;
}

function valueWords(value: unknown): string {
  if (value === undefined) return "missing";
  return value === null || typeof value !== "object" ? JSON.stringify(value) : commandWords(value as never);
}

function aType(type: string): string {
  return `${/^[AEIOU]/.test(type) ? "an" : "a"} ${type}`;
}
