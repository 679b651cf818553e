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

// the names of this server's two timers
const ELECTION = "election";
const HEARTBEAT = "heartbeat";

// election timeouts are drawn from [ELECTION_TIMEOUT_MS, 2 × ELECTION_TIMEOUT_MS)
const ELECTION_TIMEOUT_MS = 300;
const HEARTBEAT_INTERVAL_MS = 50;

// what a leader knows about a peer's log
interface Progress {
  // the index of the first entry to send next
  nextIndex: LogIndex;
  // the peer's log is known to equal the leader's up to here
  matchIndex: LogIndex;
}

// one server of a Raft cluster that elects leaders and replicates a log
export class Raft implements Server<RaftMessage> {
  private role: Role = "follower";

  // the latest term this server has seen
  private currentTerm: Term = 0;

  // who got this server's vote of `currentTerm`
  private votedFor: NodeId | null = null;

  // the leader of `currentTerm`, once it has been heard from
  private leader: NodeId | undefined;

  // while a candidate
  private readonly votes = new Set<NodeId>();

  // the log
  private readonly log: LogEntry[] = [];

  // the index of the last entry on the disk
  private lastStored: LogIndex = 0;

  // the highest index known to be committed
  private commitIndex: LogIndex = 0;

  // the highest index handed to the state machine
  private lastApplied: LogIndex = 0;

  // while the leader
  private readonly followers = new Map<NodeId, Progress>();

  constructor(
    private readonly env: Env<RaftMessage>,
    private readonly machine: StateMachine,
  ) {}

  // begins as a follower that waits for a leader
  start(): void {
    this.restore();
    this.restartElectionTimer();
  }

  // what this server says about itself
  status(): Status {
    const { role, currentTerm, leader, commitIndex } = this;
    return { role, currentTerm, leader, commitIndex };
  }

  // a timer ran out
  onTimer(name: string): void {
    if (name === ELECTION) this.startElection();
    if (name === HEARTBEAT) this.sendHeartbeats();
  }

  // a message arrived
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

  // somebody wants `command` to be replicated
  propose(command: Json): Proposed | null {
    if (this.role !== "leader") return null;
    this.log.push({ term: this.currentTerm, command });
    const index = this.lastLogIndex;
    this.persistLog(index);
    this.advanceCommitIndex();
    for (const peer of this.env.peers) this.sendEntries(peer);
    return { index, term: this.currentTerm };
  }

  // the index of the last log entry; 0 while the log is empty
  private get lastLogIndex(): LogIndex {
    return this.log.length;
  }

  // the term of the entry at an index; 0 before the first entry, and undefined beyond the last
  private termAt(index: LogIndex): Term | undefined {
    return index === 0 ? 0 : this.log[index - 1]?.term;
  }

  // true if a candidate's log is at least as up to date as this server's
  private candidateIsUpToDate(request: RequestVote): boolean {
    const lastLogTerm = this.termAt(this.lastLogIndex) ?? 0;
    if (request.lastLogTerm !== lastLogTerm) return request.lastLogTerm > lastLogTerm;
    return request.lastLogIndex >= this.lastLogIndex;
  }

  // takes up again what this server had on its disk when it stopped
  private restore(): void {
    const { disk } = this.env;
    this.currentTerm = (disk.read("currentTerm") as Term | undefined) ?? 0;
    this.votedFor = (disk.read("votedFor") as NodeId | null | undefined) ?? null;
    for (;;) {
      const entry = disk.read(`log/${this.lastLogIndex + 1}`) as LogEntry | undefined;
      if (entry === undefined) break;
      this.log.push(entry);
    }
    this.lastStored = this.lastLogIndex;
  }

  // makes currentTerm and votedFor durable
  private persistVote(): void {
    this.env.disk.write({ currentTerm: this.currentTerm, votedFor: this.votedFor });
  }

  // makes the log durable from an index on
  private persistLog(from: LogIndex): void {
    const changes: Record<string, Json | undefined> = {};
    for (let index = from; index <= Math.max(this.lastLogIndex, this.lastStored); index++)
      changes[`log/${index}`] = this.log[index - 1];
    this.env.disk.write(changes);
    this.lastStored = this.lastLogIndex;
  }

  // waits for a leader, from now on, for a new random time
  private restartElectionTimer(): void {
    const timeout = ELECTION_TIMEOUT_MS * (1 + this.env.random());
    this.env.setTimer(ELECTION, timeout);
  }

  // the rule for all servers
  private observeTerm(term: Term): void {
    if (term <= this.currentTerm) return;
    const wasLeader = this.role === "leader";
    this.currentTerm = term;
    this.role = "follower";
    this.votedFor = null;
    this.leader = undefined;
    this.persistVote();
    // Followers and candidates have a running timer anyway, only a leader has not.
    if (wasLeader) {
      this.env.cancelTimer(HEARTBEAT);
      this.restartElectionTimer();
    }
  }

  // answers a candidate
  private onRequestVote(from: NodeId, request: RequestVote): void {
    const voteIsFree = this.votedFor === null || this.votedFor === request.candidateId;
    const voteGranted = request.term === this.currentTerm && voteIsFree && this.candidateIsUpToDate(request);
    if (voteGranted) {
      if (this.votedFor === null) {
        this.votedFor = request.candidateId;
        this.persistVote();
      }
      this.restartElectionTimer();
    }
    this.env.send(from, { type: "RequestVoteReply", term: this.currentTerm, voteGranted });
  }

  // hears from a leader, or from one that thinks it still is
  private onAppendEntries(from: NodeId, request: AppendEntries): void {
    const isCurrent = request.term === this.currentTerm;
    if (isCurrent) {
      this.role = "follower";
      this.leader = request.leaderId;
      this.restartElectionTimer();
    }
    const success = isCurrent && this.store(request);
    const matchIndex = success ? lastIndexOf(request) : this.lastPossibleMatch(request);
    this.env.send(from, { type: "AppendEntriesReply", term: this.currentTerm, success, matchIndex });
  }

  // brings this server's log in line with what the leader of currentTerm sends
  private store(request: AppendEntries): boolean {
    const { prevLogIndex, prevLogTerm, entries, leaderCommit } = request;
    if (this.termAt(prevLogIndex) !== prevLogTerm) return false;
    // Everything before firstNew we have already: leave it alone, the request may be old.
    const firstNew = entries.findIndex((entry, i) => this.termAt(prevLogIndex + 1 + i) !== entry.term);
    if (firstNew !== -1) {
      this.log.length = prevLogIndex + firstNew;
      this.log.push(...entries.slice(firstNew));
      this.persistLog(prevLogIndex + 1 + firstNew);
    }
    this.commitUpTo(Math.min(leaderCommit, lastIndexOf(request)));
    return true;
  }

  // what a refusal tells the leader
  private lastPossibleMatch({ prevLogIndex }: AppendEntries): LogIndex {
    if (prevLogIndex > this.lastLogIndex) return this.lastLogIndex;
    const conflictTerm = this.termAt(prevLogIndex);
    let index = prevLogIndex;
    while (index > this.commitIndex && this.termAt(index) === conflictTerm) index -= 1;
    return index;
  }

  // no leader was heard for a whole election timeout
  private startElection(): void {
    this.role = "candidate";
    this.currentTerm += 1;
    this.votedFor = this.env.self;
    this.persistVote();
    this.leader = undefined;
    this.votes.clear();
    this.votes.add(this.env.self);
    this.restartElectionTimer();
    this.env.log(`stands for election in term ${this.currentTerm}`);
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

  // counts a vote
  private onRequestVoteReply(from: NodeId, reply: RequestVoteReply): void {
    if (this.role !== "candidate" || reply.term !== this.currentTerm || !reply.voteGranted) return;
    this.votes.add(from);
    this.becomeLeaderIfElected();
  }

  // a majority of the whole cluster makes a leader
  private becomeLeaderIfElected(): void {
    const clusterSize = this.env.peers.length + 1;
    if (this.votes.size * 2 <= clusterSize) return;
    this.role = "leader";
    this.leader = this.env.self;
    this.env.cancelTimer(ELECTION);
    this.beginProgress();
    this.sendHeartbeats();
  }

  // tells every peer that this server leads, now and again after each heartbeat interval
  private sendHeartbeats(): void {
    for (const peer of this.env.peers) this.sendEntries(peer);
    this.env.setTimer(HEARTBEAT, HEARTBEAT_INTERVAL_MS);
  }

  // a new leader knows nothing of its peers' logs
  private beginProgress(): void {
    this.followers.clear();
    for (const peer of this.env.peers)
      this.followers.set(peer, { nextIndex: this.lastLogIndex + 1, matchIndex: 0 });
  }

  // sends a peer what it lacks, or an empty AppendEntries if that is nothing
  private sendEntries(peer: NodeId): void {
    const followers = this.followers.get(peer);
    if (followers === undefined) return;
    const prevLogIndex = followers.nextIndex - 1;
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

  // a peer answered an AppendEntries
  private onAppendEntriesReply(from: NodeId, reply: AppendEntriesReply): void {
    const followers = this.followers.get(from);
    if (this.role !== "leader" || reply.term !== this.currentTerm || followers === undefined) return;
    if (reply.success) {
      followers.matchIndex = Math.max(followers.matchIndex, reply.matchIndex);
      followers.nextIndex = Math.max(followers.nextIndex, followers.matchIndex + 1);
      this.advanceCommitIndex();
    } else if (reply.matchIndex + 1 < followers.nextIndex) {
      followers.nextIndex = Math.max(followers.matchIndex, reply.matchIndex) + 1;
      this.sendEntries(from);
    }
  }

  // commits what a majority stores
  private advanceCommitIndex(): void {
    // What does the (n/2 + 1)th best server have? Then a majority has it.
    const indexes = [...this.followers.values()].map(({ matchIndex }) => matchIndex);
    indexes.push(this.lastLogIndex);
    indexes.sort((a, b) => a - b);
    const majority = indexes[Math.ceil(indexes.length / 2) - 1];
    // Figure 8: never count copies of old terms.
    if (this.log[majority - 1]?.term === this.currentTerm) this.commitUpTo(majority);
  }

  // entries up to `index` are committed
  private commitUpTo(index: LogIndex): void {
    this.commitIndex = Math.max(this.commitIndex, index);
    while (this.lastApplied < this.commitIndex) {
      this.lastApplied += 1;
      this.machine.apply({ index: this.lastApplied, ...this.log[this.lastApplied - 1] });
    }
  }
}

// the index of the last entry that a request is about
function lastIndexOf({ prevLogIndex, entries }: AppendEntries): LogIndex {
  return prevLogIndex + entries.length;
}
