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
  Role,
  Server,
  StateMachine,
  Status,
  Term,
} from "../kit/contract";

import { NotImplemented } from "../kit/contract";

const ELECTION = "election";
const HEARTBEAT = "heartbeat";

const ELECTION_TIMEOUT_MS = 300;
const HEARTBEAT_INTERVAL_MS = 50;

interface Progress {
  nextIndex: LogIndex;
  matchIndex: LogIndex;
}

export class Raft implements Server<RaftMessage> {
  private role: Role = "follower";

  private currentTerm: Term = 0;

  private votedFor: NodeId | null = null;

  private leader: NodeId | undefined;

  private readonly votes = new Set<NodeId>();

  private readonly log: LogEntry[] = [];

  private lastStored: LogIndex = 0;

  private commitIndex: LogIndex = 0;

  private lastApplied: LogIndex = 0;

  private readonly progress = new Map<NodeId, Progress>();

  constructor(
    private readonly env: Env<RaftMessage>,
    private readonly machine: StateMachine,
  ) {}

  start(): void {
    // this.restore(); TODO 3.3
    this.restartElectionTimer();
  }

  status(): Status {
    const { role, currentTerm, leader, commitIndex } = this;
    return { role, currentTerm, leader, commitIndex };
  }

  onTimer(name: string): void {
    if (name === ELECTION) this.startElection();
    if (name === HEARTBEAT) this.sendHeartbeats();
  }

  onMessage(from: NodeId, message: RaftMessage): void {
    this.observeTerm(message.term);
    switch (message.type) {
      case "RequestVote":
        this.onRequestVote(from, message);
        break;
      case "RequestVoteReply":
        this.onRequestVoteReply(from, message);
        break;
      case "AppendEntries":
        this.onAppendEntries(from, message);
        break;
      case "AppendEntriesReply":
        this.onAppendEntriesReply(from, message);
        break;
    }
  }

  propose(command: Json): Proposed | null {
    if (this.role !== "leader") return null;
    this.log.push({ term: this.currentTerm, command });
    const index = this.lastLogIndex;
    this.storeLog(index);
    this.advanceCommitIndex();
    for (const peer of this.env.peers) this.sendEntries(peer);
    return { index, term: this.currentTerm };
  }

  private get lastLogIndex(): LogIndex {
    return this.log.length;
  }

  private termAt(index: LogIndex): Term | undefined {
    return index === 0 ? 0 : this.log[index - 1]?.term;
  }

  private isUpToDate(request: RequestVote): boolean {
    const lastLogTerm = this.termAt(this.lastLogIndex) ?? 0;
    if (request.lastLogTerm !== lastLogTerm) return request.lastLogTerm > lastLogTerm;
    return request.lastLogIndex >= this.lastLogIndex;
  }

  private restore(): void {
    // TODO 3.3. Read currentTerm, votedFor and the log from env.disk, under the keys that tasks 3.1 and 3.2 write. At
    // the first start there is nothing: begin with term 0, no vote and an empty log. Call this first in start().
    // Keep true: everything else begins anew, commitIndex and lastApplied too: what is in the log need not be
    // committed, and the state machine is empty again. Figure 2, State. About 9 lines. Try: npm test -- -t 3.3
    throw new NotImplemented("3.3");
  }

  private storeVote(): void {
    this.env.disk.write({ currentTerm: this.currentTerm, votedFor: this.votedFor });
  }

  private storeLog(from: LogIndex): void {
    const changes: Record<string, Json | undefined> = {};
    for (let index = from; index <= Math.max(this.lastLogIndex, this.lastStored); index++)
      changes[`log/${index}`] = this.log[index - 1];
    this.env.disk.write(changes);
    this.lastStored = this.lastLogIndex;
  }

  private restartElectionTimer(): void {
    const timeout = ELECTION_TIMEOUT_MS * (1 + this.env.random());
    this.env.setTimer(ELECTION, timeout);
  }

  private observeTerm(term: Term): void {
    if (term <= this.currentTerm) return;
    const wasLeader = this.role === "leader";
    this.currentTerm = term;
    this.role = "follower";
    this.votedFor = null;
    this.leader = undefined;
    this.storeVote();
    if (wasLeader) {
      this.env.cancelTimer(HEARTBEAT);
      this.restartElectionTimer();
    }
  }

  private onRequestVote(from: NodeId, request: RequestVote): void {
    const voteIsFree = this.votedFor === null || this.votedFor === request.candidateId;
    const voteGranted = request.term === this.currentTerm && voteIsFree && this.isUpToDate(request);
    if (voteGranted) {
      if (this.votedFor === null) {
        this.votedFor = request.candidateId;
        this.storeVote();
      }
      this.restartElectionTimer();
    }
    this.env.send(from, { type: "RequestVoteReply", term: this.currentTerm, voteGranted });
  }

  private onAppendEntries(from: NodeId, request: AppendEntries): void {
    const isCurrent = request.term === this.currentTerm;
    if (isCurrent) {
      this.role = "follower";
      this.leader = request.leaderId;
      this.restartElectionTimer();
    }
    const success = isCurrent && this.store(request);
    const matchIndex = success ? lastIndexOf(request) : this.mightMatch(request);
    this.env.send(from, { type: "AppendEntriesReply", term: this.currentTerm, success, matchIndex });
  }

  private store(request: AppendEntries): boolean {
    const { prevLogIndex, prevLogTerm, entries, leaderCommit } = request;
    if (this.termAt(prevLogIndex) !== prevLogTerm) return false;
    const firstNew = entries.findIndex((entry, i) => this.termAt(prevLogIndex + 1 + i) !== entry.term);
    if (firstNew !== -1) {
      this.log.length = prevLogIndex + firstNew;
      this.log.push(...entries.slice(firstNew));
      this.storeLog(prevLogIndex + 1 + firstNew);
    }
    this.commitUpTo(Math.min(leaderCommit, lastIndexOf(request)));
    return true;
  }

  private mightMatch({ prevLogIndex }: AppendEntries): LogIndex {
    if (prevLogIndex > this.lastLogIndex) return this.lastLogIndex;
    const conflictTerm = this.termAt(prevLogIndex);
    let index = prevLogIndex;
    while (index > this.commitIndex && this.termAt(index) === conflictTerm) index -= 1;
    return index;
  }

  private startElection(): void {
    this.role = "candidate";
    this.currentTerm += 1;
    this.votedFor = this.env.self;
    this.storeVote();
    this.leader = undefined;
    this.votes.clear();
    this.votes.add(this.env.self);
    this.restartElectionTimer();
    for (const peer of this.env.peers) {
      this.env.send(peer, {
        type: "RequestVote",
        term: this.currentTerm,
        candidateId: this.env.self,
        lastLogIndex: this.lastLogIndex,
        lastLogTerm: this.termAt(this.lastLogIndex) ?? 0,
      });
    }
    this.becomeLeaderIfElected();
  }

  private onRequestVoteReply(from: NodeId, reply: RequestVoteReply): void {
    if (this.role !== "candidate" || reply.term !== this.currentTerm || !reply.voteGranted) return;
    this.votes.add(from);
    this.becomeLeaderIfElected();
  }

  private becomeLeaderIfElected(): void {
    // more than half of (peers + me): 2 of 3, 3 of 4, 3 of 5
    if (this.votes.size * 2 <= this.env.peers.length + 1) return;
    this.role = "leader";
    this.leader = this.env.self;
    this.env.cancelTimer(ELECTION);
    this.beginProgress();
    this.sendHeartbeats();
  }

  private sendHeartbeats(): void {
    for (const peer of this.env.peers) this.sendEntries(peer);
    this.env.setTimer(HEARTBEAT, HEARTBEAT_INTERVAL_MS);
  }

  private beginProgress(): void {
    this.progress.clear();
    for (const peer of this.env.peers) this.progress.set(peer, { nextIndex: this.lastLogIndex + 1, matchIndex: 0 });
  }

  private sendEntries(peer: NodeId): void {
    const progress = this.progress.get(peer);
    if (progress === undefined) return;
    const prevLogIndex = progress.nextIndex - 1;
    this.env.send(peer, {
      type: "AppendEntries",
      term: this.currentTerm,
      leaderId: this.env.self,
      prevLogIndex,
      prevLogTerm: this.termAt(prevLogIndex) ?? 0,
      entries: this.log.slice(prevLogIndex),
      leaderCommit: this.commitIndex,
    });
  }

  private onAppendEntriesReply(from: NodeId, reply: AppendEntriesReply): void {
    const progress = this.progress.get(from);
    if (!progress || this.role !== "leader" || reply.term !== this.currentTerm) return;
    if (reply.success) {
      if (reply.matchIndex > progress.matchIndex) progress.matchIndex = reply.matchIndex;
      if (progress.nextIndex <= progress.matchIndex) progress.nextIndex = progress.matchIndex + 1;
      this.advanceCommitIndex();
      return;
    }
    const back = Math.max(progress.matchIndex, reply.matchIndex) + 1;
    if (back >= progress.nextIndex) return; // an old one
    progress.nextIndex = back;
    this.sendEntries(from);
  }

  private advanceCommitIndex(): void {
    const stored = [this.lastLogIndex, ...[...this.progress.values()].map(({ matchIndex }) => matchIndex)];
    stored.sort((a, b) => b - a);
    const majorityIndex = stored[Math.floor(stored.length / 2)];
    if (this.termAt(majorityIndex) === this.currentTerm) this.commitUpTo(majorityIndex);
  }

  private commitUpTo(index: LogIndex): void {
    this.commitIndex = Math.max(this.commitIndex, index);
    while (this.lastApplied < this.commitIndex) {
      this.lastApplied += 1;
      this.machine.apply({ index: this.lastApplied, ...this.log[this.lastApplied - 1] });
    }
  }
}

function lastIndexOf({ prevLogIndex, entries }: AppendEntries): LogIndex {
  return prevLogIndex + entries.length;
}
