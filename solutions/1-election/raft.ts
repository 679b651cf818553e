import type {
  AppendEntries,
  AppendEntriesReply,
  Env,
  NodeId,
  RaftMessage,
  RequestVote,
  RequestVoteReply,
  Role,
  Server,
  Status,
  Term,
} from "../../labs/kit/contract";

//| import { NotImplemented } from "../kit/contract";

/** The names of this server's two timers. */
const ELECTION = "election";
const HEARTBEAT = "heartbeat";

/** Election timeouts are drawn from [ELECTION_TIMEOUT_MS, 2 × ELECTION_TIMEOUT_MS). */
const ELECTION_TIMEOUT_MS = 300;
const HEARTBEAT_INTERVAL_MS = 50;

/** One server of a Raft cluster that elects leaders: Raft §5.1 and §5.2. Its log stays empty until lab 2. */
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

  constructor(private readonly env: Env<RaftMessage>) {}

  /** Begins as a follower that waits for a leader. */
  start(): void {
    //#region task 1.1
    this.restartElectionTimer();
    //| // TODO 1.1. Begin to wait for a leader: start the election timer. Write restartElectionTimer() below first.
    //| // Keep true: a server that is not the leader always has a running election timer. Raft §5.2.
    //| // About 1 line here, 2 lines below. Try: npm test -- -t 1.1
    //| throw new NotImplemented("1.1");
    //#endregion
  }

  /** What this server says about itself. Given: the tests look here. */
  status(): Status {
    return { role: this.role, currentTerm: this.currentTerm, leader: this.leader };
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
    const voteGranted = request.term === this.currentTerm && voteIsFree;
    if (voteGranted) {
      this.votedFor = request.candidateId;
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
    const success = request.term === this.currentTerm;
    if (success) {
      this.role = "follower";
      this.leader = request.leaderId;
      this.restartElectionTimer();
    }
    this.env.send(from, { type: "AppendEntriesReply", term: this.currentTerm, success, matchIndex: 0 });
    //| // TODO 1.4. A request of the current term comes from its one leader: follow it (a candidate gives up), remember
    //| // it, and wait anew. A request of an older term comes from a deposed leader: change nothing. Always answer, with
    //| // this server's term; success says whether the term was current; matchIndex is 0 while the log is empty.
    //| // Keep true: only the leader of currentTerm restarts the election timer. Raft §5.2; Figure 2, AppendEntries.
    //| // About 7 lines. Try: npm test -- -t 1.4
    //| throw new NotImplemented("1.4");
    //#endregion
  }

  /** No leader was heard for a whole election timeout: stands for election in a new term. */
  private startElection(): void {
    //#region task 1.5
    this.role = "candidate";
    this.currentTerm += 1;
    this.votedFor = this.env.self;
    this.leader = undefined;
    this.votes.clear();
    this.votes.add(this.env.self);
    this.restartElectionTimer();
    for (const peer of this.env.peers) {
      this.env.send(peer, {
        type: "RequestVote",
        term: this.currentTerm,
        candidateId: this.env.self,
        lastLogIndex: 0,
        lastLogTerm: 0,
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
    for (const peer of this.env.peers) {
      this.env.send(peer, {
        type: "AppendEntries",
        term: this.currentTerm,
        leaderId: this.env.self,
        prevLogIndex: 0,
        prevLogTerm: 0,
        entries: [],
        leaderCommit: 0,
      });
    }
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

  /** A peer answered a heartbeat. Its term was looked at in onMessage; lab 2 has more to do here. Given. */
  private onAppendEntriesReply(_from: NodeId, _reply: AppendEntriesReply): void {}
}
