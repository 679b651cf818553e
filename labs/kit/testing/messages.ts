import type {
  AppendEntries,
  AppendEntriesReply,
  NodeId,
  PreVoteReply,
  RequestVote,
  RequestVoteReply,
  Term,
} from "../contract";

/** The messages of Raft with an empty log, for tests that play a server. Each is what a correct server would send. */

export function requestVote(candidateId: NodeId, term: Term): RequestVote {
  return { type: "RequestVote", term, candidateId, lastLogIndex: 0, lastLogTerm: 0 };
}

export function grant(term: Term): RequestVoteReply {
  return { type: "RequestVoteReply", term, voteGranted: true };
}

export function refuse(term: Term): RequestVoteReply {
  return { type: "RequestVoteReply", term, voteGranted: false };
}

export function heartbeat(leaderId: NodeId, term: Term): AppendEntries {
  return {
    type: "AppendEntries",
    term,
    leaderId,
    prevLogIndex: 0,
    prevLogTerm: 0,
    entries: [],
    leaderCommit: 0,
  };
}

export function heartbeatReply(term: Term, success: boolean): AppendEntriesReply {
  return { type: "AppendEntriesReply", term, success, matchIndex: 0 };
}

export function grantPreVote(term: Term): PreVoteReply {
  return { type: "PreVoteReply", term, voteGranted: true };
}
