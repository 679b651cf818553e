//#region lab 2
//- import type {
//-   AppendEntries,
//-   AppendEntriesReply,
//-   Env,
//-   NodeId,
//-   RaftMessage,
//-   RequestVote,
//-   RequestVoteReply,
//-   Role,
//-   Server,
//-   Status,
//-   Term,
//- } from "../../labs/kit/contract";
//-
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
} from "../../labs/kit/contract";

//#endregion
//| import { NotImplemented } from "../kit/contract";

/** The names of this server's two timers. */
const ELECTION = "election";
const HEARTBEAT = "heartbeat";

/** Election timeouts are drawn from [ELECTION_TIMEOUT_MS, 2 × ELECTION_TIMEOUT_MS). */
const ELECTION_TIMEOUT_MS = 300;
const HEARTBEAT_INTERVAL_MS = 50;

//#region lab 2
//- /** One server of a Raft cluster that elects leaders: Raft §5.1 and §5.2. Its log stays empty until lab 2. */
/** What a leader knows about a peer's log. */
interface Progress {
  /** The index of the first entry to send next: a guess, at least `matchIndex + 1`. */
  nextIndex: LogIndex;
  /** The peer's log is known to equal the leader's up to here. It never goes back while this server leads the term. */
  matchIndex: LogIndex;
}

/** One server of a Raft cluster that elects leaders and replicates a log: Raft §5.1 to §5.4. */
//#endregion
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

  //#region lab 2
  //- constructor(private readonly env: Env<RaftMessage>) {}
  /** The log. The entry with index 1 is `log[0]`. Two logs that agree on an entry's term agree on all before it. */
  private readonly log: LogEntry[] = [];

  //#region lab 3
  /** The index of the last entry on the disk. */
  private lastStored: LogIndex = 0;
  //#endregion

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
  //#endregion

  /** Begins as a follower that waits for a leader. */
  start(): void {
    //#region task 1.1
    this.restore();
    this.restartElectionTimer();
    //| // TODO 1.1. Begin to wait for a leader: start the election timer. Write restartElectionTimer() below first.
    //| // Keep true: a server that is not the leader always has a running election timer. Raft §5.2.
    //| // About 1 line here, 2 lines below. Try: npm test -- -t 1.1
    //| throw new NotImplemented("1.1");
    //#endregion
  }

  /** What this server says about itself. Given: the tests look here. */
  status(): Status {
    //#region lab 2
    //- return { role: this.role, currentTerm: this.currentTerm, leader: this.leader };
    const { role, currentTerm, leader, commitIndex } = this;
    return { role, currentTerm, leader, commitIndex };
    //#endregion
  }

  /** A timer ran out: time to stand for election, or to send heartbeats. Given. */
  onTimer(name: string): void {
    if (name === ELECTION) this.startElection();
    if (name === HEARTBEAT) this.sendHeartbeats();
  }

  /** A message arrived. Given: first the rule for all servers, then one method for each type. */
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

  //#region lab 2
  /**
   * Somebody wants `command` to be replicated.
   * @returns where it stands in the log, or null if this server does not lead
   */
  propose(command: Json): Proposed | null {
    //#region task 2.1
    if (this.role !== "leader") return null;
    this.log.push({ term: this.currentTerm, command });
    const index = this.lastLogIndex;
    this.storeLog(index);
    this.advanceCommitIndex();
    for (const peer of this.env.peers) this.sendEntries(peer);
    return { index, term: this.currentTerm };
    //| // TODO 2.1. Only a leader takes commands: return null otherwise. Append the command to the log with currentTerm,
    //| // and return its index and term at once: that it will be committed nobody knows yet. That is all for now: tasks
    //| // 2.4 and 2.6 will each add a call here, before the return.
    //| // Keep true: a leader only ever appends to its log (Leader Append-Only). Raft §5.3; Figure 2, Leaders.
    //| // About 4 lines. Try: npm test -- -t 2.1
    //| throw new NotImplemented("2.1");
    //#endregion
  }

  /** The index of the last log entry; 0 while the log is empty. Given. */
  private get lastLogIndex(): LogIndex {
    return this.log.length;
  }

  /** The term of the entry at an index; 0 before the first entry, and undefined beyond the last. Given. */
  private termAt(index: LogIndex): Term | undefined {
    return index === 0 ? 0 : this.log[index - 1]?.term;
  }

  /** True if a candidate's log is at least as up to date as this server's. For onRequestVote. */
  private isUpToDate(request: RequestVote): boolean {
    //#region task 2.2
    const lastLogTerm = this.termAt(this.lastLogIndex) ?? 0;
    if (request.lastLogTerm !== lastLogTerm) return request.lastLogTerm > lastLogTerm;
    return request.lastLogIndex >= this.lastLogIndex;
    //| // TODO 2.2. Compare the last entries: the log with the later term is more up to date; with equal terms, the
    //| // longer one. Then use it: onRequestVote() grants only if this is true as well, and startElection() sends the
    //| // true lastLogIndex and lastLogTerm.
    //| // Keep true: a leader has every committed entry (Leader Completeness), because each majority that elects it has a
    //| // server that stores the entry. Raft §5.4.1. About 3 lines. Try: npm test -- -t 2.2
    //| throw new NotImplemented("2.2");
    //#endregion
  }
  //#endregion

  //#region lab 3
  /** Takes up again what this server had on its disk when it stopped. For start(), before all else. */
  private restore(): void {
    //#region task 3.3
    const { disk } = this.env;
    this.currentTerm = (disk.read("currentTerm") as Term | undefined) ?? 0;
    this.votedFor = (disk.read("votedFor") as NodeId | null | undefined) ?? null;
    for (;;) {
      const entry = disk.read(`log/${this.lastLogIndex + 1}`) as LogEntry | undefined;
      if (entry === undefined) break;
      this.log.push(entry);
    }
    this.lastStored = this.lastLogIndex;
    //| // TODO 3.3. Read currentTerm, votedFor and the log from env.disk, under the keys that tasks 3.1 and 3.2 write. At
    //| // the first start there is nothing: begin with term 0, no vote and an empty log. Call this first in start().
    //| // Keep true: everything else begins anew, commitIndex and lastApplied too: what is in the log need not be
    //| // committed, and the state machine is empty again. Figure 2, State. About 9 lines. Try: npm test -- -t 3.3
    //| throw new NotImplemented("3.3");
    //#endregion
  }

  /** Makes currentTerm and votedFor durable. */
  private storeVote(): void {
    //#region task 3.1
    this.env.disk.write({ currentTerm: this.currentTerm, votedFor: this.votedFor });
    //| // TODO 3.1. Write currentTerm and votedFor to env.disk, both in one write. Call this wherever one of them has
    //| // changed: in observeTerm, onRequestVote and startElection, before anything is sent.
    //| // Keep true: no message says what a restart would forget. Figure 2, State; §5.2 for why a vote twice would do harm.
    //| // About 1 line. Try: npm test -- -t 3.1
    //| throw new NotImplemented("3.1");
    //#endregion
  }

  /** Makes the log durable from an index on: the entries before it are so already. */
  private storeLog(from: LogIndex): void {
    //#region task 3.2
    const changes: Record<string, Json | undefined> = {};
    for (let index = from; index <= Math.max(this.lastLogIndex, this.lastStored); index++)
      changes[`log/${index}`] = this.log[index - 1];
    this.env.disk.write(changes);
    this.lastStored = this.lastLogIndex;
    //| // TODO 3.2. Write the entries from index `from` on, each under a key of its own like log/7, and remove what the
    //| // disk has beyond the end of the log (a value of undefined removes a key), all in one write. Call this wherever
    //| // the log has changed: in propose and in store, before anything is sent, counted or applied.
    //| // Keep true: an entry that is acknowledged, to a leader or by counting itself for a majority, is on the disk.
    //| // Figure 2, State. About 5 lines. Try: npm test -- -t 3.2
    //| throw new NotImplemented("3.2");
    //#endregion
  }
  //#endregion

  /** Waits for a leader, from now on, for a new random time. */
  private restartElectionTimer(): void {
    //#region task 1.1
    const timeout = ELECTION_TIMEOUT_MS * (1 + this.env.random());
    this.env.setTimer(ELECTION, timeout);
    //| // TODO 1.1. Draw a timeout at random between ELECTION_TIMEOUT_MS and twice that, and set the ELECTION timer.
    //| // Keep true: each wait is drawn anew, so that two servers seldom time out together. Raft §5.2.
    //| // About 2 lines. Try: npm test -- -t 1.1
    //| throw new NotImplemented("1.1");
    //#endregion
  }

  /** The rule for all servers: a newer term ends whatever this server was doing in the old one. */
  private observeTerm(term: Term): void {
    //#region task 1.2
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
    //| // TODO 1.2. If `term` is newer than currentTerm: adopt it, become a follower, and free the vote, for it is a
    //| // new term. Its leader is not known yet. A leader that steps down has no running election timer: start it, and
    //| // cancel the HEARTBEAT timer.
    //| // Keep true: currentTerm never goes back; votedFor and leader belong to currentTerm.
    //| // Raft §5.1; Figure 2, All Servers. About 10 lines. Try: npm test -- -t 1.2
    //| throw new NotImplemented("1.2");
    //#endregion
  }

  /** Answers a candidate. */
  private onRequestVote(from: NodeId, request: RequestVote): void {
    //#region task 1.3
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
    //| // TODO 1.3. Grant the vote if the request is of the current term and this server's vote of that term is still
    //| // free, or was given to this very candidate (its first answer may have been lost). Always answer, granted or
    //| // not. Granting restarts the election timer; refusing does not.
    //| // Keep true: once set, votedFor does not change within a term. Raft §5.2; Figure 2, RequestVote receiver.
    //| // About 7 lines. Try: npm test -- -t 1.3
    //| throw new NotImplemented("1.3");
    //#endregion
  }

  /** Hears from a leader, or from one that thinks it still is. */
  private onAppendEntries(from: NodeId, request: AppendEntries): void {
    //#region task 1.4
    const isCurrent = request.term === this.currentTerm;
    if (isCurrent) {
      this.role = "follower";
      this.leader = request.leaderId;
      this.restartElectionTimer();
    }
    const success = isCurrent && this.store(request);
    const matchIndex = success ? lastIndexOf(request) : this.mightMatch(request);
    this.env.send(from, { type: "AppendEntriesReply", term: this.currentTerm, success, matchIndex });
    //| // TODO 1.4. A request of the current term comes from its one leader: follow it (a candidate gives up), remember
    //| // it, and wait anew. A request of an older term comes from a deposed leader: change nothing. Always answer, with
    //| // this server's term; success says whether the term was current; matchIndex is 0 while the log is empty.
    //| // Keep true: only the leader of currentTerm restarts the election timer. Raft §5.2; Figure 2, AppendEntries.
    //| // About 7 lines. Try: npm test -- -t 1.4
    //| throw new NotImplemented("1.4");
    //#endregion
  }

  //#region lab 2
  /**
   * Brings this server's log in line with what the leader of currentTerm sends. For onAppendEntries.
   * @returns false if this log has no entry of prevLogTerm at prevLogIndex: nothing was changed then
   */
  private store(request: AppendEntries): boolean {
    //#region task 2.3
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
    //| // TODO 2.3. Refuse if the log has no entry of prevLogTerm at prevLogIndex. Then go through the entries: one that
    //| // the log already has, of the same term, stays as it is; the first that differs or is missing ends what this log
    //| // had from there on, and the leader's entries follow. Then use it in onAppendEntries(), for requests of the
    //| // current term: success is true only if this is, and matchIndex is lastIndexOf(request) then; that of a refusal
    //| // stays 0 until task 2.7. Task 2.6 will add a call here, before the last return.
    //| // Keep true: what is not in conflict stays, for the request may be old and much may have come after it.
    //| // Raft §5.3; Figure 2, AppendEntries receiver, steps 2 to 4. About 8 lines. Try: npm test -- -t 2.3
    //| throw new NotImplemented("2.3");
    //#endregion
  }

  /** What a refusal tells the leader: the highest index at which the logs might agree. For onAppendEntries. */
  private mightMatch({ prevLogIndex }: AppendEntries): LogIndex {
    //#region task 2.7
    if (prevLogIndex > this.lastLogIndex) return this.lastLogIndex;
    const conflictTerm = this.termAt(prevLogIndex);
    let index = prevLogIndex;
    while (index > this.commitIndex && this.termAt(index) === conflictTerm) index -= 1;
    return index;
    //| // TODO 2.7. If the log ends before prevLogIndex, it is the last index. If not, its entry there is of another term
    //| // than the leader's: then go back over all entries of that term, for the leader has most likely none of them, but
    //| // not into what is committed, where all logs agree. Then use it in onAppendEntries() for the matchIndex of a
    //| // refusal. A request of an older term is refused too, even one with prevLogIndex 0: return 0 then.
    //| // Keep true: what is returned is less than a prevLogIndex that did not match, and never less than 0.
    //| // Raft §5.3, the paragraph on reducing the number of rejected AppendEntries. About 5 lines.
    //| // Try: npm test -- -t 2.7
    //| throw new NotImplemented("2.7");
    //#endregion
  }
  //#endregion

  /** No leader was heard for a whole election timeout: stands for election in a new term. */
  private startElection(): void {
    //#region task 1.5
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
    //| // TODO 1.5. Become a candidate of the next term: vote for yourself, forget older votes and the old leader,
    //| // restart the election timer, and send a RequestVote to every peer. The log is empty: lastLogIndex and
    //| // lastLogTerm are 0.
    //| // Keep true: every election has a term of its own. Raft §5.2; Figure 2, Candidates.
    //| // About 15 lines. Try: npm test -- -t 1.5
    //| throw new NotImplemented("1.5");
    //#endregion
  }

  /** Counts a vote. */
  private onRequestVoteReply(from: NodeId, reply: RequestVoteReply): void {
    //#region task 1.6
    if (this.role !== "candidate" || reply.term !== this.currentTerm || !reply.voteGranted) return;
    this.votes.add(from);
    this.becomeLeaderIfElected();
    //| // TODO 1.6. If this server is a candidate and the reply grants a vote of the current term, remember who voted,
    //| // then call becomeLeaderIfElected(). Ignore any other reply: it may be late, or here for the second time.
    //| // Keep true: `votes` holds each voter once, and only voters of currentTerm. Raft §5.2.
    //| // About 3 lines. Try: npm test -- -t 1.6
    //| throw new NotImplemented("1.6");
    //#endregion
  }

  /** A majority of the whole cluster makes a leader. */
  private becomeLeaderIfElected(): void {
    //#region task 1.6
    const clusterSize = this.env.peers.length + 1;
    if (this.votes.size * 2 <= clusterSize) return;
    this.role = "leader";
    this.leader = this.env.self;
    this.env.cancelTimer(ELECTION);
    this.beginProgress();
    this.sendHeartbeats();
    //| // TODO 1.6. With votes from more than half of the cluster (peers and this server), become the leader of
    //| // currentTerm. A leader waits for nobody: cancel the election timer. Then call this method at the end of
    //| // startElection() too, for a cluster of one has won with its own vote.
    //| // Keep true: two leaders never share a term, in clusters of an even size too. Raft §5.2, Election Safety.
    //| // About 5 lines. Try: npm test -- -t 1.6
    //| throw new NotImplemented("1.6");
    //#endregion
  }

  /** Tells every peer that this server leads, now and again after each heartbeat interval. */
  private sendHeartbeats(): void {
    //#region task 1.7
    for (const peer of this.env.peers) this.sendEntries(peer);
    this.env.setTimer(HEARTBEAT, HEARTBEAT_INTERVAL_MS);
    //| // TODO 1.7. Send an empty AppendEntries to every peer (the log is empty: all its indexes and terms are 0), then
    //| // set the HEARTBEAT timer, so that onTimer() comes back here after HEARTBEAT_INTERVAL_MS. The first heartbeats
    //| // go out at once: call this method at the end of becomeLeaderIfElected(). A leader that steps down stops them:
    //| // look at observeTerm() again.
    //| // Keep true: while a server leads, no peer that it can reach waits a whole election timeout. Raft §5.2.
    //| // About 12 lines. Try: npm test -- -t 1.7
    //| throw new NotImplemented("1.7");
    //#endregion
  }

  //#region lab 2
  //- /** A peer answered a heartbeat. Its term was looked at in onMessage; lab 2 has more to do here. Given. */
  //- private onAppendEntriesReply(_from: NodeId, _reply: AppendEntriesReply): void {}
  /** A new leader knows nothing of its peers' logs. For becomeLeaderIfElected, before the first heartbeats. */
  private beginProgress(): void {
    //#region task 2.4
    this.progress.clear();
    for (const peer of this.env.peers)
      this.progress.set(peer, { nextIndex: this.lastLogIndex + 1, matchIndex: 0 });
    //| // TODO 2.4. Give every peer a nextIndex just after this server's last entry, and a matchIndex of 0: what was
    //| // known in an earlier term of this server's is out of date. Then call it in becomeLeaderIfElected(), before the
    //| // first heartbeats.
    //| // Keep true: matchIndex < nextIndex. Raft §5.3; Figure 2, volatile state on leaders. About 3 lines.
    //| // Try: npm test -- -t 2.4
    //| throw new NotImplemented("2.4");
    //#endregion
  }

  /** Sends a peer what it lacks, or an empty AppendEntries if that is nothing. For sendHeartbeats, propose and others. */
  private sendEntries(peer: NodeId): void {
    //#region task 2.4
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
    //| // TODO 2.4. Send the peer an AppendEntries with all entries from its nextIndex on, which may be none, with the
    //| // index and term of the entry before them, and with commitIndex. Then call it for each peer: in sendHeartbeats()
    //| // instead of the empty message, so that a heartbeat also repeats what may have been lost, and in propose(), so
    //| // that a command goes out at once.
    //| // Keep true: prevLogIndex and prevLogTerm describe the entry just before `entries`.
    //| // Raft §5.3; Figure 2, Leaders. About 12 lines. Try: npm test -- -t 2.4
    //| throw new NotImplemented("2.4");
    //#endregion
  }

  /** A peer answered an AppendEntries. Its term was looked at in onMessage. */
  private onAppendEntriesReply(from: NodeId, reply: AppendEntriesReply): void {
    //#region task 2.5
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
    //| // TODO 2.5. Ignore a reply that is not of the term which this server leads now. Success: the peer's log is known
    //| // to match up to reply.matchIndex, and what comes next begins after it. Refusal: go back to just after
    //| // reply.matchIndex, but never to or below what is known to match, and send again at once if that is further back
    //| // than before. Replies arrive late, twice and in any order: an old one must undo nothing. Task 2.6 will add a
    //| // call on success.
    //| // Keep true: matchIndex never goes back; matchIndex < nextIndex.
    //| // Raft §5.3; Figure 2, Leaders. About 10 lines. Try: npm test -- -t 2.5
    //| throw new NotImplemented("2.5");
    //#endregion
  }

  /** Commits what a majority stores. For onAppendEntriesReply and propose. */
  private advanceCommitIndex(): void {
    //#region task 2.6
    const stored = [this.lastLogIndex, ...[...this.progress.values()].map(({ matchIndex }) => matchIndex)];
    stored.sort((a, b) => b - a);
    const majorityIndex = stored[Math.floor(stored.length / 2)];
    if (this.termAt(majorityIndex) === this.currentTerm) this.commitUpTo(majorityIndex);
    //| // TODO 2.6. Write commitUpTo() below first. Then find the highest index that a majority of the whole cluster
    //| // stores, this server included, and commitUpTo() it, if the entry there is of currentTerm. Entries of earlier
    //| // terms are committed with it, never by counting who stores them: Figure 8 shows why. Call it in
    //| // onAppendEntriesReply() on success, and in propose(), for a cluster of one needs nobody else.
    //| // Keep true: a committed entry is in the log of every later leader (Leader Completeness).
    //| // Raft §5.3, §5.4.2; Figure 2, Leaders. About 4 lines. Try: npm test -- -t 2.6
    //| throw new NotImplemented("2.6");
    //#endregion
  }

  /** Entries up to `index` are committed: the state machine gets those that it has not had yet. */
  private commitUpTo(index: LogIndex): void {
    //#region task 2.6
    this.commitIndex = Math.max(this.commitIndex, index);
    while (this.lastApplied < this.commitIndex) {
      this.lastApplied += 1;
      this.machine.apply({ index: this.lastApplied, ...this.log[this.lastApplied - 1] });
    }
    //| // TODO 2.6. Raise commitIndex, never lower it, and hand each newly committed entry to the state machine, as
    //| // { index, term, command }, in the order of the log. Then let followers commit what their leader has committed:
    //| // store() calls this before its last return, with leaderCommit, but never with more than lastIndexOf(request),
    //| // for beyond that nothing has been compared.
    //| // Keep true: lastApplied <= commitIndex <= lastLogIndex; every entry is applied once.
    //| // Raft §5.3; Figure 2, All Servers. About 5 lines. Try: npm test -- -t 2.6
    //| throw new NotImplemented("2.6");
    //#endregion
  }
  //#endregion
}
//#region lab 2

/** The index of the last entry that a request is about. Given. */
function lastIndexOf({ prevLogIndex, entries }: AppendEntries): LogIndex {
  return prevLogIndex + entries.length;
}
//#endregion
