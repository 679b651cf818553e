import type { LogIndex, Term } from "../../contract";
import type { Proposal } from "../../trace/requests";
import { KIND } from "../../trace/trace";
import type { RunView } from "./run-view";

/** A log's last entry, as Raft §5.4.1 compares logs: by term, then by index. */
export interface LastEntry {
  readonly term: Term;
  readonly index: LogIndex;
}

const EMPTY: LastEntry = { term: 0, index: 0 };

/** True if a log that ends with `a` is at least as up to date as one that ends with `b` (Raft §5.4.1). */
export function isUpToDate(a: LastEntry, b: LastEntry): boolean {
  return a.term > b.term || (a.term === b.term && a.index >= b.index);
}

/**
 * The most up-to-date log that a server can have had before a record: nothing that it ever got, sent, or was given goes
 * beyond it. It may have less, so that “no more than this” is certain and “as much as this” is not.
 */
export function highestLog(view: RunView, node: number, before: number): LastEntry {
  const { trace } = view;
  let highest = EMPTY;
  const raise = (last: LastEntry) => {
    if (!isUpToDate(highest, last)) highest = last;
  };
  for (let i = 0; i < before; i++) {
    if (trace.nodeOf(i) !== node) continue;
    const kind = trace.kindOf(i);
    if (kind === KIND.propose) {
      const { answer } = trace.dataOf(i) as Proposal;
      if (answer) raise({ term: answer.term, index: answer.index });
    }
    if (kind === KIND.send || kind === KIND.deliver) raise(lastIn(view, i, kind === KIND.send));
  }
  // Who has led may have added entries of its own that nobody has seen.
  for (const { record, status } of view.turnsOf(node))
    if (record < before && status.role === "leader")
      raise({ term: status.currentTerm, index: Number.POSITIVE_INFINITY });
  return highest;
}

/** The last entry that a message speaks of. A request for votes says it of its sender only. */
function lastIn(view: RunView, record: number, isOwn: boolean): LastEntry {
  const { type, entries, prevLogIndex, prevLogTerm, lastLogIndex, lastLogTerm } =
    view.trace.messageOf(record);
  if (type === "AppendEntries") {
    const last = entries?.at(-1);
    if (last !== undefined) return { term: last.term, index: (prevLogIndex ?? 0) + (entries?.length ?? 0) };
    return isOwn ? { term: prevLogTerm ?? 0, index: prevLogIndex ?? 0 } : EMPTY;
  }
  if (isOwn && (type === "RequestVote" || type === "PreVote"))
    return { term: lastLogTerm ?? 0, index: lastLogIndex ?? 0 };
  return EMPTY;
}
