/** What a student's file may import: the contract between a server and its world. */
export type { Disk, Env } from "./env";
export type {
  Client,
  ClientEnv,
  ClientReply,
  ClientRequest,
  KvMessage,
  KvOperation,
  KvResult,
} from "./kv";
export type {
  AppendEntries,
  AppendEntriesReply,
  LogEntry,
  PreVote,
  PreVoteReply,
  RaftMessage,
  RequestVote,
  RequestVoteReply,
} from "./messages";
export { NotImplemented } from "./not-implemented";
export type { AppliedEntry, Proposed, Role, Server, StateMachine, Status } from "./server";
export { TIMING } from "./timing";
export type { Json, LogIndex, Millis, NodeId, Term } from "./values";
