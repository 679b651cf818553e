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
} from "../kit/contract";

// the names of this server's two timers
const ELECTION = "election";
const HEARTBEAT = "heartbeat";

// election timeouts are drawn from [ELECTION_TIMEOUT_MS, 2 × ELECTION_TIMEOUT_MS)
const ELECTION_TIMEOUT_MS = 300;
const HEARTBEAT_INTERVAL_MS = 50;

// one server of a Raft cluster that elects leaders
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

  constructor(private readonly env: Env<RaftMessage>) {}

  // begins as a follower that waits for a leader
  start(): void {
    this.restartElectionTimer();
  }

  // what this server says about itself
  status(): Status {
    return { role: this.role, currentTerm: this.currentTerm, leader: this.leader };
  }

  // a timer ran out
  onTimer(name: string): void {
    if (name === ELECTION) this.startElection();
    if (name === HEARTBEAT) this.sendHeartbeats();
  }

  // a message arrived
  onMessage(from: NodeId, message: RaftMessage): void {
    switch (message.type) {
      case "RequestVote":
        this.observeTerm(message.term);
        this.onRequestVote(from, message);
        break;
      case "RequestVoteReply":
        this.onRequestVoteReply(from, message);
        break;
      case "AppendEntries":
        this.observeTerm(message.term);
        this.onAppendEntries(from, message);
        break;
      case "AppendEntriesReply":
        this.onAppendEntriesReply(from, message);
        break;
    }
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
    if (wasLeader) {
      this.env.cancelTimer(HEARTBEAT);
      this.restartElectionTimer();
    }
  }

  // answers a candidate
  private onRequestVote(from: NodeId, request: RequestVote): void {
    const voteIsFree = this.votedFor === null || this.votedFor === request.candidateId;
    const voteGranted = request.term === this.currentTerm && voteIsFree;
    if (voteGranted) {
      this.votedFor = request.candidateId;
      this.restartElectionTimer();
    }
    this.env.send(from, {
      type: "RequestVoteReply",
      term: this.currentTerm,
      voteGranted,
    });
  }

  // hears from a leader, or from one that thinks it still is
  private onAppendEntries(from: NodeId, request: AppendEntries): void {
    const success = request.term === this.currentTerm;
    if (success) {
      this.role = "follower";
      this.leader = request.leaderId;
      this.restartElectionTimer();
    }
    this.env.send(from, {
      type: "AppendEntriesReply",
      term: this.currentTerm,
      success,
      matchIndex: 0,
    });
  }

  // no leader was heard for a whole election timeout
  private startElection(): void {
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
  }

  // counts a vote
  private onRequestVoteReply(from: NodeId, reply: RequestVoteReply): void {
    if (
      this.role !== "candidate" ||
      reply.term !== this.currentTerm ||
      !reply.voteGranted
    )
      return;
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
    this.sendHeartbeats();
  }

  // tells every peer that this server leads, now and again after each heartbeat interval
  private sendHeartbeats(): void {
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
  }

  // a peer answered a heartbeat
  private onAppendEntriesReply(_from: NodeId, _reply: AppendEntriesReply): void {}
}
