import type {
  AppendEntries,
  AppendEntriesReply,
  LogEntry,
  LogIndex,
  NodeId,
  PreVoteReply,
  RequestVote,
  RequestVoteReply,
  Term,
} from "../contract";

/** The messages of Raft, for tests that play a server. Each is what a correct server would send. */

/** The place of an entry in a log. */
export interface Position {
  readonly index: LogIndex;
  readonly term: Term;
}

/** Before the first entry. */
export const START: Position = { index: 0, term: 0 };

/** @param last the candidate's last entry; without, its log is empty */
export function requestVote(candidateId: NodeId, term: Term, last = START): RequestVote {
  return { type: "RequestVote", term, candidateId, lastLogIndex: last.index, lastLogTerm: last.term };
}

export function grant(term: Term): RequestVoteReply {
  return { type: "RequestVoteReply", term, voteGranted: true };
}

export function refuse(term: Term): RequestVoteReply {
  return { type: "RequestVoteReply", term, voteGranted: false };
}

/** The heartbeat of a leader whose log is empty. */
export function heartbeat(leaderId: NodeId, term: Term): AppendEntries {
  return appendEntries(leaderId, term, START, []);
}

/** @param after the entry before `entries` */
export function appendEntries(
  leaderId: NodeId,
  term: Term,
  after: Position,
  entries: readonly LogEntry[],
  leaderCommit: LogIndex = 0,
): AppendEntries {
  const { index: prevLogIndex, term: prevLogTerm } = after;
  return { type: "AppendEntries", term, leaderId, prevLogIndex, prevLogTerm, entries, leaderCommit };
}

/**
 * The entries of a log, by their terms: the first has index 1. The command says where an entry belongs, so that equal
 * terms at equal indexes are equal entries.
 * @param from the index of the first of these entries
 */
export function entriesOfTerms(terms: readonly Term[], from: LogIndex = 1): LogEntry[] {
  return terms.map((term, i) => ({ term, command: `entry ${from + i} of term ${term}` }));
}

/** The last of some entries that start a log. */
export function lastOf(entries: readonly LogEntry[]): Position {
  return { index: entries.length, term: entries.at(-1)?.term ?? 0 };
}

export function heartbeatReply(term: Term, success: boolean): AppendEntriesReply {
  return appendReply(term, success, 0);
}

export function appendReply(term: Term, success: boolean, matchIndex: LogIndex): AppendEntriesReply {
  return { type: "AppendEntriesReply", term, success, matchIndex };
}

export function grantPreVote(term: Term): PreVoteReply {
  return { type: "PreVoteReply", term, voteGranted: true };
}
