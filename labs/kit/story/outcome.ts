import type { AppliedEntry, LogIndex, NodeId } from "../contract";
import type { AnyMessage } from "../host/reaction";
import type { Invocation, Proposal } from "../trace/requests";
import { KIND, type StatusChange, type Trace } from "../trace/trace";
import { clientReplyWords, entriesWords, listWords, operationWords, resultWords } from "./words";

/** Names of values on a disk that a story shows for one write. */
const KEYS_MAX = 4;

/** What a server did because of record `handler`, in words: "S2 becomes a follower of term 4 and grants its vote to S1". */
export function outcomeWords(trace: Trace, handler: number, ids: readonly NodeId[]): string {
  const self = ids[trace.nodeOf(handler)];
  const deeds = [
    ...statusDeeds(trace, handler, self),
    ...sendDeeds(trace, handler, ids),
    ...applyDeeds(trace, handler),
    ...otherDeeds(trace, handler),
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

function sendDeeds(trace: Trace, handler: number, ids: readonly NodeId[]): string[] {
  const receivers = new Map<string, NodeId[]>();
  for (const i of recordsOf(trace, handler)) {
    if (trace.kindOf(i) !== KIND.send) continue;
    const deed = sendWords(trace.messageOf(i));
    const names = receivers.get(deed) ?? [];
    receivers.set(deed, names);
    names.push(ids[trace.peerOf(i)]);
  }
  return [...receivers].map(([deed, names]) => deed.replace("%", listWords(names)));
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

function applyDeeds(trace: Trace, handler: number): string[] {
  const ranges: { first: LogIndex; last: LogIndex }[] = [];
  for (const i of recordsOf(trace, handler)) {
    if (trace.kindOf(i) !== KIND.apply) continue;
    const { index } = trace.dataOf(i) as AppliedEntry;
    const range = ranges.at(-1);
    if (range !== undefined && index === range.last + 1) range.last = index;
    else ranges.push({ first: index, last: index });
  }
  return ranges.map(({ first, last }) => `applies ${entriesWords(first - 1, last - first + 1)}`);
}

/** What a server says to a command, and what a client's operation comes to. */
function answerDeeds(trace: Trace, handler: number): string[] {
  if (trace.kindOf(handler) === KIND.propose) {
    const { answer } = trace.dataOf(handler) as Proposal;
    if (answer) return [`answers: index ${answer.index} of term ${answer.term}`];
    return answer === null && !stopsInside(trace, handler) ? ["refuses the command"] : [];
  }
  const deeds: string[] = [];
  for (const i of recordsOf(trace, handler)) {
    if (trace.kindOf(i) !== KIND.complete) continue;
    const { operation, result } = trace.dataOf(i) as Invocation;
    deeds.push(`completes ${operationWords(operation)}: ${resultWords(result)}`);
  }
  return deeds;
}

/** True if the server was stopped in the middle of a handler: then nobody was left to answer. */
function stopsInside(trace: Trace, handler: number): boolean {
  for (let i = handler + 1; i < trace.length && !trace.isHandler(i); i++)
    if (trace.kindOf(i) === KIND.fault && trace.nodeOf(i) === trace.nodeOf(handler)) return true;
  return false;
}

function otherDeeds(trace: Trace, handler: number): string[] {
  const deeds: string[] = [];
  for (const i of recordsOf(trace, handler)) {
    if (trace.kindOf(i) === KIND.log) deeds.push(`logs “${String(trace.dataOf(i))}”`);
    if (trace.kindOf(i) !== KIND.write) continue;
    const deed = `writes ${keyWords(Object.keys(trace.dataOf(i) as object))} to disk`;
    if (!deeds.includes(deed)) deeds.push(deed);
  }
  return deeds;
}

function keyWords(keys: readonly string[]): string {
  if (keys.length <= KEYS_MAX) return keys.join(", ");
  return `${keys.slice(0, KEYS_MAX - 1).join(", ")} and ${keys.length - KEYS_MAX + 1} more`;
}
