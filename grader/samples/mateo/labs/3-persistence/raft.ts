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

/** The names of this server's two timers. */
const ELECTION = "election";
const HEARTBEAT = "heartbeat";

/** Election timeouts are drawn from [ELECTION_TIMEOUT_MS, 2 × ELECTION_TIMEOUT_MS). */
const ELECTION_TIMEOUT_MS = 300;
const HEARTBEAT_INTERVAL_MS = 75;

/** What a leader knows about a peer's log. */
interface Progress {
  /** The index of the first entry to send next: a guess, at least `matchIndex + 1`. */
  nextIndex: LogIndex;
  /** The peer's log is known to equal the leader's up to here. It never goes back while this server leads the term. */
  matchIndex: LogIndex;
}

/** One server of a Raft cluster that elects leaders and replicates a log: Raft §5.1 to §5.4. */
// "Raft is a consensus algorithm for managing a replicated log." It is split as in section 5 of the paper.
export class Raft implements Server<RaftMessage> {
  private role: Role = "follower";

  /** The latest term this server has seen. It never goes back. */
  private currentTerm: Term = 0;

  /** Who got this server's vote of `currentTerm`. Once set, it does not change within the term. */
  private votedFor: NodeId | null = null;

  /** The leader of `currentTerm`, once it has been heard from. */
  private leader: NodeId | undefined;

  /** While a candidate: the servers that voted for this one in `currentTerm`, itself included. */
  private readonly votes = new Set<NodeId>();

  /** The log. The entry with index 1 is `log[0]`. Two logs that agree on an entry's term agree on all before it. */
  private readonly log: LogEntry[] = [];

  /** The index of the last entry on the disk. */
  private lastStored: LogIndex = 0;

  /** The highest index known to be committed. It never goes back: lastApplied <= commitIndex. */
  private commitIndex: LogIndex = 0;

  /** The highest index handed to the state machine. */
  private lastApplied: LogIndex = 0;

  /** While the leader: each peer's progress. Begins anew in each term that this server leads. */
  private readonly progress = new Map<NodeId, Progress>();

  constructor(
    private readonly env: Env<RaftMessage>,
    private readonly machine: StateMachine,
  ) {}

  /** Begins as a follower that waits for a leader. */
  start(): void {
    this.restore();
    this.restartElectionTimer();
  }

  /** What this server says about itself. */
  status(): Status {
    const { role, currentTerm, leader, commitIndex } = this;
    return { role, currentTerm, leader, commitIndex };
  }

  /** A timer ran out: time to stand for election, or to send heartbeats. */
  onTimer(name: string): void {
    if (name === ELECTION) this.startElection();
    if (name === HEARTBEAT) this.sendHeartbeats();
  }

  /** A message arrived. */
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

  /**
   * Somebody wants `command` to be replicated.
   * @returns where it stands in the log, or null if this server does not lead
   */
  propose(command: Json): Proposed | null {
    if (this.role !== "leader") return null;
    const term = this.currentTerm;
    const index = this.log.push({ term, command });
    this.storeLog(index);
    for (const peer of this.env.peers) this.sendEntries(peer);
    // a cluster of one has its majority already
    this.advanceCommitIndex();
    return { index, term };
  }

  /** The index of the last log entry; 0 while the log is empty. */
  private get lastLogIndex(): LogIndex {
    return this.log.length;
  }

  /** The term of the entry at an index; 0 before the first entry, and undefined beyond the last. */
  private termAt(index: LogIndex): Term | undefined {
    return index === 0 ? 0 : this.log[index - 1]?.term;
  }

  /** True if a candidate's log is at least as up to date as this server's. For onRequestVote. */
  private isUpToDate(request: RequestVote): boolean {
    // "If the logs have last entries with different terms, then the log with the later term is more up-to-date.
    // If the logs end with the same term, then whichever log is longer is more up-to-date."
    const own = { index: this.lastLogIndex, term: this.termAt(this.lastLogIndex) ?? 0 };
    return request.lastLogTerm === own.term
      ? request.lastLogIndex >= own.index
      : request.lastLogTerm > own.term;
  }

  /** Takes up again what this server had on its disk when it stopped. For start(), before all else. */
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

  /** Makes currentTerm and votedFor durable. */
  private storeVote(): void {
    this.env.disk.write({ currentTerm: this.currentTerm, votedFor: this.votedFor });
  }

  /** Makes the log durable from an index on: the entries before it are so already. */
  private storeLog(from: LogIndex): void {
    const changes: Record<string, Json | undefined> = {};
    for (let index = from; index <= Math.max(this.lastLogIndex, this.lastStored); index++)
      changes[`log/${index}`] = this.log[index - 1];
    this.env.disk.write(changes);
    this.lastStored = this.lastLogIndex;
  }

  /** Waits for a leader, from now on, for a new random time. */
  private restartElectionTimer(): void {
    // "Raft uses randomized election timeouts to ensure that split votes are rare"
    const extra = Math.floor(this.env.random() * ELECTION_TIMEOUT_MS);
    this.env.setTimer(ELECTION, ELECTION_TIMEOUT_MS + extra);
  }

  /** The rule for all servers: a newer term ends whatever this server was doing in the old one. */
  private observeTerm(term: Term): void {
    // "If RPC request or response contains term T > currentTerm: set currentTerm = T, convert to follower (§5.1)"
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

  /** Answers a candidate. */
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

  /** Hears from a leader, or from one that thinks it still is. */
  private onAppendEntries(from: NodeId, request: AppendEntries): void {
    const isCurrent = request.term === this.currentTerm;
    if (isCurrent) {
      this.role = "follower";
      this.leader = request.leaderId;
      this.restartElectionTimer();
    }
    const success = isCurrent && this.store(request);
    const matchIndex = success ? lastIndexOf(request) : this.mightMatch(request);
    this.env.send(from, {
      type: "AppendEntriesReply",
      term: this.currentTerm,
      success,
      matchIndex,
    });
  }

  /**
   * Brings this server's log in line with what the leader of currentTerm sends. For onAppendEntries.
   * @returns false if this log has no entry of prevLogTerm at prevLogIndex: nothing was changed then
   */
  private store(request: AppendEntries): boolean {
    const { prevLogIndex, prevLogTerm, entries, leaderCommit } = request;
    if (this.termAt(prevLogIndex) !== prevLogTerm) return false;
    const firstNew = entries.findIndex(
      (entry, i) => this.termAt(prevLogIndex + 1 + i) !== entry.term,
    );
    if (firstNew !== -1) {
      this.log.length = prevLogIndex + firstNew;
      this.log.push(...entries.slice(firstNew));
      this.storeLog(prevLogIndex + 1 + firstNew);
    }
    this.commitUpTo(Math.min(leaderCommit, lastIndexOf(request)));
    return true;
  }

  /** What a refusal tells the leader: the highest index at which the logs might agree. For onAppendEntries. */
  private mightMatch({ prevLogIndex }: AppendEntries): LogIndex {
    if (prevLogIndex > this.lastLogIndex) return this.lastLogIndex;
    const conflictTerm = this.termAt(prevLogIndex);
    let index = prevLogIndex;
    while (index > this.commitIndex && this.termAt(index) === conflictTerm) index -= 1;
    return index;
  }

  /** No leader was heard for a whole election timeout: stands for election in a new term. */
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

  /** Counts a vote. */
  private onRequestVoteReply(from: NodeId, reply: RequestVoteReply): void {
    if (this.role !== "candidate" || reply.term !== this.currentTerm || !reply.voteGranted) return;
    this.votes.add(from);
    this.becomeLeaderIfElected();
  }

  /** A majority of the whole cluster makes a leader. */
  private becomeLeaderIfElected(): void {
    const clusterSize = this.env.peers.length + 1;
    if (this.votes.size * 2 <= clusterSize) return;
    this.role = "leader";
    this.leader = this.env.self;
    this.env.cancelTimer(ELECTION);
    this.beginProgress();
    this.sendHeartbeats();
  }

  /** Tells every peer that this server leads, now and again after each heartbeat interval. */
  private sendHeartbeats(): void {
    for (const peer of this.env.peers) this.sendEntries(peer);
    this.env.setTimer(HEARTBEAT, HEARTBEAT_INTERVAL_MS);
  }

  /** A new leader knows nothing of its peers' logs. For becomeLeaderIfElected, before the first heartbeats. */
  private beginProgress(): void {
    this.progress.clear();
    for (const peer of this.env.peers)
      this.progress.set(peer, { nextIndex: this.lastLogIndex + 1, matchIndex: 0 });
  }

  /** Sends a peer what it lacks, or an empty AppendEntries if that is nothing. For sendHeartbeats, propose and others. */
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

  /** A peer answered an AppendEntries. Its term was looked at in onMessage. */
  private onAppendEntriesReply(from: NodeId, reply: AppendEntriesReply): void {
    const progress = this.progress.get(from);
    if (this.role !== "leader" || reply.term !== this.currentTerm || progress === undefined) return;
    if (reply.success) {
      progress.matchIndex = Math.max(progress.matchIndex, reply.matchIndex);
      progress.nextIndex = Math.max(progress.nextIndex, progress.matchIndex + 1);
      this.advanceCommitIndex();
    } else if (reply.matchIndex + 1 < progress.nextIndex) {
      progress.nextIndex = Math.max(progress.matchIndex, reply.matchIndex) + 1;
      this.sendEntries(from);
    }
  }

  /** Commits what a majority stores. For onAppendEntriesReply and propose. */
  private advanceCommitIndex(): void {
    const stored = [
      this.lastLogIndex,
      ...[...this.progress.values()].map(({ matchIndex }) => matchIndex),
    ];
    stored.sort((a, b) => b - a);
    const majorityIndex = stored[Math.floor(stored.length / 2)];
    if (this.termAt(majorityIndex) === this.currentTerm) this.commitUpTo(majorityIndex);
  }

  /** Entries up to `index` are committed: the state machine gets those that it has not had yet. */
  private commitUpTo(index: LogIndex): void {
    this.commitIndex = Math.max(this.commitIndex, index);
    while (this.lastApplied < this.commitIndex) {
      this.lastApplied += 1;
      this.machine.apply({ index: this.lastApplied, ...this.log[this.lastApplied - 1] });
    }
  }
}

/** The index of the last entry that a request is about. */
function lastIndexOf({ prevLogIndex, entries }: AppendEntries): LogIndex {
  return prevLogIndex + entries.length;
}
