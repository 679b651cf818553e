/**
 * A leader that no majority has answered for a whole election timeout steps down, in the same term (Ongaro's
 * dissertation §6.2); and a server that believes in a leader refuses candidates without even adopting their term
 * (Raft §6, last paragraph; dissertation §4.2.3). Both only withhold something: no vote is given that Raft §5.2
 * would not give. A term that was missed this way is learned from the next AppendEntries or reply that carries it.
 */
import type {
  AppendEntries,
  AppendEntriesReply,
  Env,
  Millis,
  NodeId,
  RaftMessage,
  RequestVote,
  RequestVoteReply,
  Server,
  Status,
  Term,
} from "../../../../labs/kit/contract";

/** A role, together with what a server needs to know in that role only. */
type Stance =
  | { readonly role: "follower"; readonly follows?: { readonly leader: NodeId; readonly heardAt: Millis } }
  | { readonly role: "candidate"; readonly supporters: Set<NodeId> }
  | { readonly role: "leader"; readonly lastReply: Map<NodeId, Millis> };

const MIN_ELECTION_TIMEOUT: Millis = 300;
const MAX_ELECTION_TIMEOUT: Millis = 600;
const HEARTBEAT_INTERVAL: Millis = 60;

export class Raft implements Server<RaftMessage> {
  private stance: Stance = { role: "follower" };
  private currentTerm: Term = 0;
  private votedFor?: NodeId;

  constructor(private readonly env: Env<RaftMessage>) {}

  start(): void {
    this.armElectionTimer();
  }

  status(): Status {
    const { stance, currentTerm } = this;
    switch (stance.role) {
      case "follower":
        return { role: "follower", currentTerm, leader: stance.follows?.leader };
      case "candidate":
        return { role: "candidate", currentTerm };
      case "leader":
        return { role: "leader", currentTerm, leader: this.env.self };
    }
  }

  onTimer(name: string): void {
    if (name === "electionTimeout") this.campaign();
    if (name === "leaderTick") this.lead();
  }

  onMessage(from: NodeId, message: RaftMessage): void {
    if (message.type === "RequestVote" && message.term > this.currentTerm && this.trustsALeader()) {
      this.env.send(from, { type: "RequestVoteReply", term: this.currentTerm, voteGranted: false });
      return;
    }
    if (message.term > this.currentTerm) {
      this.currentTerm = message.term;
      this.votedFor = undefined;
      this.stepBack();
    }
    switch (message.type) {
      case "RequestVote":
        this.considerVote(from, message);
        break;
      case "RequestVoteReply":
        this.countVote(from, message);
        break;
      case "AppendEntries":
        this.hearLeader(from, message);
        break;
      case "AppendEntriesReply":
        this.noteContact(from, message);
        break;
    }
  }

  /** True while a leader's authority is fresh: heard from it, or, being it, heard from a majority. */
  private trustsALeader(): boolean {
    const { stance } = this;
    if (stance.role === "candidate") return false;
    const confirmedAt =
      stance.role === "leader" ? this.quorumContact(stance.lastReply) : stance.follows?.heardAt;
    return confirmedAt !== undefined && this.env.now() - confirmedAt < MIN_ELECTION_TIMEOUT;
  }

  private campaign(): void {
    this.currentTerm += 1;
    this.votedFor = this.env.self;
    this.stance = { role: "candidate", supporters: new Set([this.env.self]) };
    this.armElectionTimer();
    this.toAll({
      type: "RequestVote",
      term: this.currentTerm,
      candidateId: this.env.self,
      lastLogIndex: 0,
      lastLogTerm: 0,
    });
    this.takeOfficeIfElected();
  }

  private considerVote(from: NodeId, request: RequestVote): void {
    const free = this.votedFor === undefined || this.votedFor === request.candidateId;
    const voteGranted = free && request.term === this.currentTerm;
    if (voteGranted) {
      this.votedFor = request.candidateId;
      this.armElectionTimer();
    }
    this.env.send(from, { type: "RequestVoteReply", term: this.currentTerm, voteGranted });
  }

  private countVote(from: NodeId, reply: RequestVoteReply): void {
    if (this.stance.role !== "candidate") return;
    if (reply.term !== this.currentTerm || !reply.voteGranted) return;
    this.stance.supporters.add(from);
    this.takeOfficeIfElected();
  }

  private takeOfficeIfElected(): void {
    if (this.stance.role !== "candidate" || this.stance.supporters.size < this.majority()) return;
    const now = this.env.now();
    // The votes are contact with a majority; the other peers get the benefit of the doubt.
    this.stance = { role: "leader", lastReply: new Map(this.env.peers.map((peer) => [peer, now])) };
    this.env.cancelTimer("electionTimeout");
    this.lead();
  }

  /** Once in each heartbeat interval: is this server still entitled to lead? Then it says so. */
  private lead(): void {
    if (this.stance.role !== "leader") return;
    if (this.env.now() - this.quorumContact(this.stance.lastReply) > MAX_ELECTION_TIMEOUT) {
      this.env.log("lost contact with the majority");
      this.stepBack();
      return;
    }
    this.toAll({
      type: "AppendEntries",
      term: this.currentTerm,
      leaderId: this.env.self,
      prevLogIndex: 0,
      prevLogTerm: 0,
      entries: [],
      leaderCommit: 0,
    });
    this.env.setTimer("leaderTick", HEARTBEAT_INTERVAL);
  }

  private hearLeader(from: NodeId, request: AppendEntries): void {
    const success = request.term === this.currentTerm;
    if (success) {
      this.stepBack();
      this.stance = { role: "follower", follows: { leader: request.leaderId, heardAt: this.env.now() } };
      this.armElectionTimer();
    }
    this.env.send(from, { type: "AppendEntriesReply", term: this.currentTerm, success, matchIndex: 0 });
  }

  private noteContact(from: NodeId, reply: AppendEntriesReply): void {
    if (this.stance.role === "leader" && reply.term === this.currentTerm) {
      this.stance.lastReply.set(from, this.env.now());
    }
  }

  /** The latest time by which a majority, this leader included, had answered. */
  private quorumContact(lastReply: ReadonlyMap<NodeId, Millis>): Millis {
    const latestFirst = [this.env.now(), ...lastReply.values()].sort((a, b) => b - a);
    return latestFirst[this.majority() - 1];
  }

  /** Follower from now on, of nobody yet. Term and vote are not touched. */
  private stepBack(): void {
    if (this.stance.role === "leader") {
      this.env.cancelTimer("leaderTick");
      this.armElectionTimer();
    }
    this.stance = { role: "follower" };
  }

  private majority(): number {
    return Math.floor((this.env.peers.length + 1) / 2) + 1;
  }

  private armElectionTimer(): void {
    const spread = MAX_ELECTION_TIMEOUT - MIN_ELECTION_TIMEOUT;
    this.env.setTimer("electionTimeout", MIN_ELECTION_TIMEOUT + spread * this.env.random());
  }

  private toAll(message: RaftMessage): void {
    this.env.peers.forEach((peer) => {
      this.env.send(peer, message);
    });
  }
}
