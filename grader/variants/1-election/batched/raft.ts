/**
 * Nothing is sent while an event is handled: what is to be said is queued, and a "flush" timer sends it all 5 ms
 * later. Terms and votes are decided at once, so to the others this server only looks a little slower (Raft §5.6).
 * A queued message is put into words when it is sent, and says what is true then: if the term has moved on, a vote
 * or a success of the old term is answered as a refusal with the new term (§5.1), and requests of a role that this
 * server lost in the meantime are not sent at all. Both are as if the message had been lost.
 */
import type { Env, NodeId, RaftMessage, Role, Server, Status, Term } from "../../../../labs/kit/contract";

/** Says what there is to say now, or undefined if there is nothing any more. */
type Wording = () => RaftMessage | undefined;

const FLUSH_AFTER_MS = 5;
const HEARTBEAT_MS = 50;
const ELECTION_MIN_MS = 350;
const ELECTION_SPREAD_MS = 350;

export class Raft implements Server<RaftMessage> {
  private role: Role = "follower";
  private term: Term = 0;
  private vote: NodeId | null = null;
  private leader: NodeId | undefined = undefined;
  private ballots: NodeId[] = [];
  private outbox: { to: NodeId; wording: Wording }[] = [];

  constructor(private readonly env: Env<RaftMessage>) {}

  start(): void {
    this.awaitLeader();
  }

  status(): Status {
    return { role: this.role, currentTerm: this.term, leader: this.leader };
  }

  onTimer(name: string): void {
    if (name === "flush") this.flush();
    if (name === "election") this.stand();
    if (name === "heartbeat") this.postHeartbeats();
  }

  onMessage(from: NodeId, message: RaftMessage): void {
    if (message.term > this.term) this.enterTerm(message.term);
    const isCurrent = message.term === this.term;
    switch (message.type) {
      case "RequestVote":
        this.postBallot(from, isCurrent && this.grant(message.candidateId));
        break;
      case "AppendEntries":
        if (isCurrent) this.follow(message.leaderId);
        this.postAcknowledgement(from, isCurrent);
        break;
      case "RequestVoteReply":
        if (isCurrent && message.voteGranted) this.countBallot(from);
        break;
      case "AppendEntriesReply":
        break;
    }
  }

  // What is decided, at once.

  private stand(): void {
    this.term += 1;
    this.role = "candidate";
    this.vote = this.env.self;
    this.leader = undefined;
    this.ballots = [];
    this.awaitLeader();
    this.postCandidacy();
    this.countBallot(this.env.self);
  }

  private grant(candidate: NodeId): boolean {
    if (this.vote !== null && this.vote !== candidate) return false;
    this.vote = candidate;
    this.awaitLeader();
    return true;
  }

  private countBallot(voter: NodeId): void {
    if (this.role !== "candidate" || this.ballots.includes(voter)) return;
    this.ballots.push(voter);
    const majority = Math.floor((this.env.peers.length + 1) / 2) + 1;
    if (this.ballots.length < majority) return;
    this.role = "leader";
    this.leader = this.env.self;
    this.env.cancelTimer("election");
    this.postHeartbeats();
  }

  private follow(leader: NodeId): void {
    this.role = "follower";
    this.leader = leader;
    this.awaitLeader();
  }

  private enterTerm(term: Term): void {
    if (this.role === "leader") {
      this.env.cancelTimer("heartbeat");
      this.awaitLeader();
    }
    this.term = term;
    this.role = "follower";
    this.vote = null;
    this.leader = undefined;
  }

  private awaitLeader(): void {
    this.env.setTimer("election", ELECTION_MIN_MS + this.env.random() * ELECTION_SPREAD_MS);
  }

  // What is said, a little later.

  private postCandidacy(): void {
    const standing = this.stillInOffice("candidate");
    this.postAll(() =>
      standing()
        ? {
            type: "RequestVote",
            term: this.term,
            candidateId: this.env.self,
            lastLogIndex: 0,
            lastLogTerm: 0,
          }
        : undefined,
    );
  }

  private postHeartbeats(): void {
    const leading = this.stillInOffice("leader");
    this.postAll(() =>
      leading()
        ? {
            type: "AppendEntries",
            term: this.term,
            leaderId: this.env.self,
            prevLogIndex: 0,
            prevLogTerm: 0,
            entries: [],
            leaderCommit: 0,
          }
        : undefined,
    );
    this.env.setTimer("heartbeat", HEARTBEAT_MS);
  }

  private postBallot(to: NodeId, granted: boolean): void {
    const decidedIn = this.term;
    this.post(to, () => ({
      type: "RequestVoteReply",
      term: this.term,
      voteGranted: granted && this.term === decidedIn,
    }));
  }

  private postAcknowledgement(to: NodeId, accepted: boolean): void {
    const decidedIn = this.term;
    this.post(to, () => ({
      type: "AppendEntriesReply",
      term: this.term,
      success: accepted && this.term === decidedIn,
      matchIndex: 0,
    }));
  }

  /** Remembers the present term: the result tells, later on, whether this server holds `role` in it still. */
  private stillInOffice(role: Role): () => boolean {
    const { term } = this;
    return () => this.role === role && this.term === term;
  }

  private postAll(wording: Wording): void {
    for (const peer of this.env.peers) this.post(peer, wording);
  }

  private post(to: NodeId, wording: Wording): void {
    if (this.outbox.length === 0) this.env.setTimer("flush", FLUSH_AFTER_MS);
    this.outbox.push({ to, wording });
  }

  private flush(): void {
    const due = this.outbox;
    this.outbox = [];
    for (const { to, wording } of due) {
      const message = wording();
      if (message !== undefined) this.env.send(to, message);
    }
  }
}
