/**
 * Raft as closures over plain variables (§5). The log has an entry at index 0, so that no index needs a correction. All
 * that must survive a crash stands in a journal on the disk: line after line of what has changed, replayed at the start.
 * A leader that no majority answers for a while steps down (dissertation §6.2).
 */
import type {
  AppendEntries,
  AppendEntriesReply,
  Env,
  Json,
  LogEntry,
  LogIndex,
  NodeId,
  Proposed,
  RaftMessage,
  RequestVote,
  RequestVoteReply,
  Status,
  Term,
} from "../../../../labs/kit/contract";

/** What a server can ask of its Raft. */
export interface Replica {
  start(): void;
  onTimer(name: string): void;
  onMessage(from: NodeId, message: RaftMessage): void;
  status(): Status;
  append(command: Json): Proposed | null;
}

/** A line of the journal: a vote, or the log from an index on. */
type Line =
  | { readonly term: Term; readonly vote: NodeId | null }
  | { readonly from: LogIndex; readonly entries: readonly LogEntry[] };

const PATIENCE_MS = 400;
const BEAT_MS = 80;
const BEATS_ALONE_MAX = 5;

export function makeReplica(
  env: Env<RaftMessage>,
  apply: (index: LogIndex, term: Term, command: Json) => void,
): Replica {
  const clusterSize = env.peers.length + 1;
  const log: LogEntry[] = [{ term: 0, command: null }];
  let term: Term = 0;
  let vote: NodeId | null = null;
  let role: Status["role"] = "follower";
  let leader: NodeId | undefined;
  let committed: LogIndex = 0;
  let applied: LogIndex = 0;
  let lines = 0;
  let beatsAlone = 0;
  let heard = new Set<NodeId>();
  let next: Record<NodeId, LogIndex> = {};
  let match: Record<NodeId, LogIndex> = {};

  const last = (): LogIndex => log.length - 1;
  const isMajority = (count: number): boolean => count * 2 > clusterSize;

  function record(line: Line): void {
    lines += 1;
    env.disk.write({ [`line ${lines}`]: { ...line } });
  }

  function replay(): void {
    for (;;) {
      const line = env.disk.read(`line ${lines + 1}`) as Line | undefined;
      if (line === undefined) return;
      lines += 1;
      if ("vote" in line) [term, vote] = [line.term, line.vote];
      else log.splice(line.from, log.length, ...line.entries);
    }
  }

  function wait(): void {
    env.setTimer("patience", PATIENCE_MS + 500 * env.random());
  }

  function follow(): void {
    if (role === "leader") env.cancelTimer("beat");
    if (role === "leader") wait();
    role = "follower";
  }

  function catchUp(newTerm: Term): void {
    if (newTerm <= term) return;
    [term, vote, leader] = [newTerm, null, undefined];
    record({ term, vote });
    follow();
  }

  function campaign(): void {
    [role, term, vote, leader] = ["candidate", term + 1, env.self, undefined];
    record({ term, vote });
    heard = new Set([env.self]);
    wait();
    const request: RequestVote = {
      type: "RequestVote",
      term,
      candidateId: env.self,
      lastLogIndex: last(),
      lastLogTerm: log[last()].term,
    };
    for (const peer of env.peers) env.send(peer, request);
    leadIfElected();
  }

  function leadIfElected(): void {
    if (!isMajority(heard.size)) return;
    [role, leader, beatsAlone] = ["leader", env.self, 0];
    env.cancelTimer("patience");
    next = Object.fromEntries(env.peers.map((peer) => [peer, log.length]));
    match = Object.fromEntries(env.peers.map((peer) => [peer, 0]));
    heard = new Set([env.self]);
    beat();
  }

  function beat(): void {
    beatsAlone = isMajority(heard.size) ? 0 : beatsAlone + 1;
    heard = new Set([env.self]);
    if (beatsAlone > BEATS_ALONE_MAX) {
      leader = undefined;
      follow();
      return;
    }
    for (const peer of env.peers) feed(peer);
    env.setTimer("beat", BEAT_MS);
  }

  function feed(peer: NodeId): void {
    const prevLogIndex = next[peer] - 1;
    env.send(peer, {
      type: "AppendEntries",
      term,
      leaderId: env.self,
      prevLogIndex,
      prevLogTerm: log[prevLogIndex].term,
      entries: log.slice(next[peer]),
      leaderCommit: committed,
    });
  }

  function commit(index: LogIndex): void {
    committed = Math.max(committed, index);
    while (applied < committed) {
      applied += 1;
      apply(applied, log[applied].term, log[applied].command);
    }
  }

  function commitWhatMostHave(): void {
    const ends = [last(), ...Object.values(match)].sort((a, b) => a - b);
    const index = ends[Math.ceil(clusterSize / 2) - 1];
    if (log[index].term === term) commit(index);
  }

  function onRequestVote(from: NodeId, { candidateId, ...request }: RequestVote): void {
    const mine = log[last()].term;
    const isBehind =
      request.lastLogTerm < mine || (request.lastLogTerm === mine && request.lastLogIndex < last());
    const voteGranted = request.term === term && !isBehind && (vote ?? candidateId) === candidateId;
    if (voteGranted) {
      if (vote === null) record({ term, vote: candidateId });
      vote = candidateId;
      wait();
    }
    env.send(from, { type: "RequestVoteReply", term, voteGranted });
  }

  function onRequestVoteReply(from: NodeId, reply: RequestVoteReply): void {
    if (role !== "candidate" || reply.term < term || !reply.voteGranted) return;
    heard.add(from);
    leadIfElected();
  }

  function onAppendEntries(from: NodeId, request: AppendEntries): void {
    const { prevLogIndex, prevLogTerm, entries, leaderCommit } = request;
    const isCurrent = request.term === term;
    let matchIndex = Math.max(0, prevLogIndex - 1);
    let success = false;
    if (isCurrent) {
      follow();
      leader = request.leaderId;
      wait();
      const mine = log[prevLogIndex]?.term;
      success = mine === prevLogTerm;
      if (success) matchIndex = prevLogIndex + entries.length;
      else if (mine === undefined) matchIndex = last();
      else matchIndex = log.findIndex((entry) => entry.term === mine) - 1;
    }
    if (success) {
      take(prevLogIndex + 1, entries);
      commit(Math.min(leaderCommit, matchIndex));
    }
    env.send(from, { type: "AppendEntriesReply", term, success, matchIndex });
  }

  /** Makes the log hold these entries from an index on. What it holds already stays, with all that follows. */
  function take(from: LogIndex, entries: readonly LogEntry[]): void {
    const fresh = entries.findIndex((entry, i) => log[from + i]?.term !== entry.term);
    if (fresh < 0) return;
    const news = entries.slice(fresh);
    log.splice(from + fresh, log.length, ...news);
    record({ from: from + fresh, entries: news });
  }

  function onAppendEntriesReply(from: NodeId, reply: AppendEntriesReply): void {
    if (role !== "leader" || reply.term < term) return;
    heard.add(from);
    if (reply.success) {
      match[from] = Math.max(match[from], reply.matchIndex);
      next[from] = Math.max(next[from], match[from] + 1);
      commitWhatMostHave();
    } else if (reply.matchIndex < next[from] - 1) {
      next[from] = Math.max(reply.matchIndex, match[from]) + 1;
      feed(from);
    }
  }

  return {
    start(): void {
      replay();
      wait();
    },
    onTimer(name: string): void {
      if (name === "patience") campaign();
      if (name === "beat") beat();
    },
    onMessage(from: NodeId, message: RaftMessage): void {
      catchUp(message.term);
      if (message.type === "RequestVote") onRequestVote(from, message);
      else if (message.type === "RequestVoteReply") onRequestVoteReply(from, message);
      else if (message.type === "AppendEntries") onAppendEntries(from, message);
      else if (message.type === "AppendEntriesReply") onAppendEntriesReply(from, message);
    },
    status: (): Status => ({ role, currentTerm: term, leader }),
    append(command: Json): Proposed | null {
      if (role !== "leader") return null;
      log.push({ term, command });
      record({ from: last(), entries: [log[last()]] });
      const proposed = { index: last(), term };
      commitWhatMostHave();
      for (const peer of env.peers) feed(peer);
      return proposed;
    },
  };
}
