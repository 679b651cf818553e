import type { NodeId } from "../contract";
import { KIND, type StatusChange, type Trace } from "../trace/trace";
import { listWords } from "./words";

/** What a server did because of record `handler`, in words: "S2 becomes a follower of term 4 and grants its vote to S1". */
export function outcomeWords(trace: Trace, handler: number, ids: readonly NodeId[]): string {
  const self = ids[trace.nodeOf(handler)];
  const deeds = [
    ...statusDeeds(trace, handler, self),
    ...sendDeeds(trace, handler, ids),
    ...otherDeeds(trace, handler),
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
  }
  return deeds;
}

function sendDeeds(trace: Trace, handler: number, ids: readonly NodeId[]): string[] {
  const receivers = new Map<string, NodeId[]>();
  for (const i of recordsOf(trace, handler)) {
    if (trace.kindOf(i) !== KIND.send) continue;
    const { type, voteGranted, success } = trace.messageOf(i);
    const deed = sendWords(type, voteGranted === true, success === true);
    const names = receivers.get(deed) ?? [];
    receivers.set(deed, names);
    names.push(ids[trace.peerOf(i)]);
  }
  return [...receivers].map(([deed, names]) => deed.replace("%", listWords(names)));
}

function sendWords(type: string, granted: boolean, success: boolean): string {
  switch (type) {
    case "RequestVote":
      return "asks % for votes";
    case "RequestVoteReply":
      return granted ? "grants % its vote" : "refuses % its vote";
    case "AppendEntries":
      return "sends AppendEntries to %";
    case "AppendEntriesReply":
      return success ? "accepts" : "refuses";
    default:
      return `sends ${type} to %`;
  }
}

function otherDeeds(trace: Trace, handler: number): string[] {
  const deeds: string[] = [];
  for (const i of recordsOf(trace, handler)) {
    if (trace.kindOf(i) === KIND.log) deeds.push(`logs “${String(trace.dataOf(i))}”`);
    if (trace.kindOf(i) === KIND.write)
      deeds.push(`writes ${Object.keys(trace.dataOf(i) as object).join(", ")} to disk`);
  }
  return deeds;
}
