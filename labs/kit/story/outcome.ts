import type { AppliedEntry, LogIndex, NodeId } from "../contract";
import type { AnyMessage } from "../host/reaction";
import type { Invocation, Proposal } from "../trace/requests";
import { KIND, type StatusChange, type Trace } from "../trace/trace";
import { clientReplyWords, entriesWords, keyWords, listWords, operationWords, resultWords } from "./words";

/**
 * What a server did because of record `handler`, in words: "S2 becomes a follower of term 4 and grants its vote to S1".
 * What it says about itself comes first, and then what it did, in that order: a write before a send is a promise kept.
 */
export function outcomeWords(trace: Trace, handler: number, ids: readonly NodeId[]): string {
  const self = ids[trace.nodeOf(handler)];
  const deeds = [
    ...statusDeeds(trace, handler, self),
    ...effectDeeds(trace, handler, ids),
    ...answerDeeds(trace, handler),
  ];
  return deeds.length === 0 ? "" : `${self} ${listWords(deeds)}`;
}

/** The records that a handler's effects left: they follow it directly. */
function* recordsOf(trace: Trace, handler: number): Generator<number> {
  for (let i = handler + 1; i < trace.length; i++) {
    if (trace.causeOf(i) === handler && !trace.isHandler(i)) yield i;
    else if (trace.isHandler(i)) return;
  }
}

function statusDeeds(trace: Trace, handler: number, self: NodeId): string[] {
  const deeds: string[] = [];
  for (const i of recordsOf(trace, handler)) {
    if (trace.kindOf(i) !== KIND.status) continue;
    const { before, after } = trace.dataOf(i) as StatusChange;
    if (after.role !== before.role) {
      if (after.role === "leader") deeds.push(`becomes leader of term ${after.currentTerm}`);
      else if (after.role === "candidate") deeds.push(`stands for election in term ${after.currentTerm}`);
      else deeds.push(`becomes a follower in term ${after.currentTerm}`);
    } else if (after.currentTerm !== before.currentTerm) {
      deeds.push(
        after.role === "candidate"
          ? `stands again in term ${after.currentTerm}`
          : `goes to term ${after.currentTerm}`,
      );
    }
    if (after.leader !== before.leader && after.leader !== undefined && after.leader !== self)
      deeds.push(`follows ${after.leader}`);
    const [committed, committedBefore] = [after.commitIndex ?? 0, before.commitIndex ?? 0];
    if (committed > committedBefore) deeds.push(`commits up to ${committed}`);
    else if (after.commitIndex !== undefined && committed < committedBefore)
      deeds.push(`goes back to commitIndex ${committed}`);
  }
  return deeds;
}

/** Something that a server did, perhaps several times in a row: sent to many, applied entry after entry. */
interface Deed {
  /** With % for its receivers. */
  words: string;
  readonly receivers: NodeId[];
  /** The last entry, if it is an application. */
  last?: LogIndex;
  readonly first?: LogIndex;
}

/** Effects in their order. Sends of one kind are told together, as long as nothing is written or applied in between. */
function effectDeeds(trace: Trace, handler: number, ids: readonly NodeId[]): string[] {
  const deeds: Deed[] = [];
  let sends = 0;
  for (const i of recordsOf(trace, handler)) {
    const kind = trace.kindOf(i);
    if (kind === KIND.send) {
      const words = sendWords(trace.messageOf(i));
      const known = deeds.slice(sends).find((deed) => deed.words === words);
      if (known === undefined) deeds.push({ words, receivers: [ids[trace.peerOf(i)]] });
      else known.receivers.push(ids[trace.peerOf(i)]);
      continue;
    }
    const deed = deedOf(trace, i);
    if (deed === undefined) continue;
    const before = deeds.at(-1);
    if (before?.last !== undefined && deed.first === before.last + 1) before.last = deed.first;
    else if (before?.words !== deed.words || deed.first !== undefined) deeds.push(deed);
    sends = deeds.length;
  }
  return deeds.map(deedWords);
}

function deedWords({ words, receivers, first, last }: Deed): string {
  if (first !== undefined && last !== undefined)
    return `applies ${entriesWords(first - 1, last - first + 1)}`;
  return receivers.length === 0 ? words : words.replace("%", () => listWords(receivers));
}

/** An effect that is no send; undefined if it is not worth telling. */
function deedOf(trace: Trace, i: number): Deed | undefined {
  const receivers: NodeId[] = [];
  switch (trace.kindOf(i)) {
    case KIND.apply: {
      const { index } = trace.dataOf(i) as AppliedEntry;
      return { words: "applies", receivers, first: index, last: index };
    }
    case KIND.write:
      return { words: `writes ${keyWords(Object.keys(trace.dataOf(i) as object))} to disk`, receivers };
    case KIND.log:
      return { words: `logs “${String(trace.dataOf(i))}”`, receivers };
    case KIND.complete: {
      const { operation, result } = trace.dataOf(i) as Invocation;
      return { words: `completes ${operationWords(operation)}: ${resultWords(result)}`, receivers };
    }
    default:
      return undefined;
  }
}

/** What a send is, with % for its receivers. */
function sendWords(message: AnyMessage): string {
  const { type, voteGranted, success, matchIndex, entries, prevLogIndex } = message;
  switch (type) {
    case "RequestVote":
      return "asks % for votes";
    case "RequestVoteReply":
      return voteGranted === true ? "grants % its vote" : "refuses % its vote";
    case "AppendEntries":
      return entries?.length
        ? `sends ${entriesWords(prevLogIndex, entries.length)} to %`
        : "sends AppendEntries to %";
    case "AppendEntriesReply":
      if (success !== true) return "refuses";
      return matchIndex ? `accepts up to ${matchIndex}` : "accepts";
    case "ClientReply":
      return `answers %: ${clientReplyWords(message)}`;
    case "ClientRequest":
      return "asks %";
    default:
      return `sends ${type} to %`;
  }
}

/** What a server says to a command. */
function answerDeeds(trace: Trace, handler: number): string[] {
  if (trace.kindOf(handler) !== KIND.propose) return [];
  const { answer } = trace.dataOf(handler) as Proposal;
  if (answer) return [`answers: index ${answer.index} of term ${answer.term}`];
  return answer === null && !stopsInside(trace, handler) ? ["refuses the command"] : [];
}

/** True if the server was stopped in the middle of a handler: then nobody was left to answer. */
function stopsInside(trace: Trace, handler: number): boolean {
  for (let i = handler + 1; i < trace.length && !trace.isHandler(i); i++)
    if (trace.kindOf(i) === KIND.fault && trace.nodeOf(i) === trace.nodeOf(handler)) return true;
  return false;
}
