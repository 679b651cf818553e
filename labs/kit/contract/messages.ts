import type { Json, LogIndex, NodeId, Term } from "./values";

/**
 * The messages of Raft, Figure 2, under the paper's names. A reply is a message like any other: it comes from
 * somewhere, at some time, perhaps twice, and says only what is in its fields. You may add fields of your own.
 */
export type RaftMessage = RequestVote | RequestVoteReply | AppendEntries | AppendEntriesReply;

/** A candidate asks for a vote (Raft §5.2). Sending it says: I stand for election in `term`, and vote for myself. */
export interface RequestVote {
  readonly type: "RequestVote";
  /** The candidate's term. */
  readonly term: Term;
  /** The candidate: the sender. */
  readonly candidateId: NodeId;
  /** Index of the candidate's last log entry; 0 while the log is empty (Raft §5.4.1). */
  readonly lastLogIndex: LogIndex;
  /** Term of the candidate's last log entry; 0 while the log is empty (Raft §5.4.1). */
  readonly lastLogTerm: Term;
}

/** The answer to a {@link RequestVote}. */
export interface RequestVoteReply {
  readonly type: "RequestVoteReply";
  /** The voter's currentTerm, for the candidate to update itself. */
  readonly term: Term;
  /** True: the candidate received this server's vote of `term`. */
  readonly voteGranted: boolean;
}

/** One entry of the log (Raft §5.3). A type and not an interface, so that it is plain data ({@link Json}) for a disk. */
export type LogEntry = {
  readonly term: Term;
  /** What a client wants. An entry of the leader's own, to begin its term with, has null. */
  readonly command: Json;
};

/** A leader replicates entries; with none, it is the heartbeat (Raft §5.2, §5.3). */
export interface AppendEntries {
  readonly type: "AppendEntries";
  /** The leader's term. */
  readonly term: Term;
  /** The leader: the sender. */
  readonly leaderId: NodeId;
  /** Index of the entry just before `entries`; 0 if they start the log. */
  readonly prevLogIndex: LogIndex;
  /** Term of the entry at `prevLogIndex`; 0 if that is 0. */
  readonly prevLogTerm: Term;
  /** Entries to store; empty for a heartbeat. */
  readonly entries: readonly LogEntry[];
  /** The leader's commitIndex. */
  readonly leaderCommit: LogIndex;
}

/** The answer to an {@link AppendEntries}. */
export interface AppendEntriesReply {
  readonly type: "AppendEntriesReply";
  /** The follower's currentTerm, for the leader to update itself. */
  readonly term: Term;
  /** True if the follower's log matched at prevLogIndex and the term was not stale. */
  readonly success: boolean;
  /** On success: the last index known to match the leader. On refusal: the highest index that might match. */
  readonly matchIndex: LogIndex;
}

/**
 * Optional, never asked for by a test: a candidate-to-be finds out whether it could win before it raises its term
 * (Ongaro's dissertation §9.6). If you build it, use these two types, so that every test can play along.
 */
export interface PreVote {
  readonly type: "PreVote";
  /** The term in which the sender would stand: its currentTerm + 1. */
  readonly term: Term;
  readonly candidateId: NodeId;
  readonly lastLogIndex: LogIndex;
  readonly lastLogTerm: Term;
}

/** The answer to a {@link PreVote}. It promises nothing and changes nothing. */
export interface PreVoteReply {
  readonly type: "PreVoteReply";
  /** The `term` of the request that is answered. */
  readonly term: Term;
  readonly voteGranted: boolean;
}
