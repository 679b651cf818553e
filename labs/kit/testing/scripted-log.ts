import type { AppendEntriesReply, LogEntry, LogIndex, Term } from "../contract";
import type { AnyMessage } from "../host/reaction";
import { appendReply } from "./messages";

/** The log of a scripted peer that plays a correct follower: Figure 2, AppendEntries receiver, and nothing else. */
export class ScriptedLog {
  /** The entry with index 1 comes first. A test may put anything there. */
  entries: LogEntry[] = [];
  /** The highest leaderCommit heard of. */
  commitIndex: LogIndex = 0;
  /** AppendEntries that it could not take in so far. */
  refusals = 0;

  /** Takes an AppendEntries of the present term in. @returns what a correct follower answers */
  take({
    term = 0,
    prevLogIndex = 0,
    prevLogTerm = 0,
    entries = [],
    leaderCommit = 0,
  }: AnyMessage): AppendEntriesReply {
    const { entries: log } = this;
    if (prevLogIndex > log.length) return this.refuse(term, log.length);
    if (prevLogIndex > 0 && log[prevLogIndex - 1].term !== prevLogTerm)
      return this.refuse(term, this.beforeTermOf(prevLogIndex));
    const firstNew = entries.findIndex((entry, i) => log[prevLogIndex + i]?.term !== entry.term);
    if (firstNew !== -1) {
      log.length = prevLogIndex + firstNew;
      log.push(...entries.slice(firstNew));
    }
    const matchIndex = prevLogIndex + entries.length;
    this.commitIndex = Math.max(this.commitIndex, Math.min(leaderCommit, matchIndex));
    return appendReply(term, true, matchIndex);
  }

  private refuse(term: Term, mightMatch: LogIndex): AppendEntriesReply {
    this.refusals += 1;
    return appendReply(term, false, mightMatch);
  }

  /** The index before all entries of the term that stands at `index`. */
  private beforeTermOf(index: LogIndex): LogIndex {
    const { term } = this.entries[index - 1];
    let before = index - 1;
    while (before > 0 && this.entries[before - 1].term === term) before -= 1;
    return before;
  }
}
