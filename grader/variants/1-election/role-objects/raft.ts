/**
 * The State pattern: follower, candidate and leader are objects, and the server hands each event to the one it is in.
 * What outlives a role, term and vote (Raft Figure 2), is kept in a core that the roles share; what belongs to one
 * candidacy, its votes, goes with its object. The leader has a heartbeat timer for each peer and spreads them over
 * the interval after a first volley at once: §5.2 asks only that no peer waits for an election timeout.
 */
import type {
  AppendEntries,
  Env,
  NodeId,
  RaftMessage,
  RequestVote,
  RequestVoteReply,
  Role,
  Server,
  Status,
  Term,
} from "../../../../labs/kit/contract";

const HEARTBEAT_INTERVAL = 60;
const HEARTBEAT_TIMER = "heartbeat:";
const ELECTION_TIMER = "election";

/** What the roles share. */
class Core {
  currentTerm: Term = 0;
  votedFor: NodeId | null = null;
  leader: NodeId | undefined;

  constructor(
    readonly env: Env<RaftMessage>,
    readonly become: (next: ServerRole) => void,
  ) {}

  startTerm(term: Term, votedFor: NodeId | null): void {
    this.currentTerm = term;
    this.votedFor = votedFor;
    this.leader = undefined;
  }

  waitForLeader(): void {
    this.env.setTimer(ELECTION_TIMER, 280 + this.env.random() * 320);
  }

  /** Votes for the candidate if that is possible in this term. */
  vote(request: RequestVote): boolean {
    if (request.term < this.currentTerm) return false;
    this.votedFor ??= request.candidateId;
    if (this.votedFor !== request.candidateId) return false;
    this.waitForLeader();
    return true;
  }
}

/** One way of behaving. By the time a message gets here, its term is not newer than the core's. */
abstract class ServerRole {
  abstract readonly name: Role;

  constructor(protected readonly core: Core) {}

  /** Called when the server takes this role up, and when it gives it up. */
  enter(): void {}
  leave(): void {}

  onTimer(name: string): void {
    if (name === ELECTION_TIMER) this.core.become(new Candidate(this.core));
  }

  onRequestVote(from: NodeId, request: RequestVote): void {
    const voteGranted = this.core.vote(request);
    this.core.env.send(from, { type: "RequestVoteReply", term: this.core.currentTerm, voteGranted });
  }

  onAppendEntries(from: NodeId, request: AppendEntries): void {
    const { core } = this;
    const success = request.term === core.currentTerm;
    if (success) {
      if (this.name !== "follower") core.become(new Follower(core));
      core.leader = request.leaderId;
      core.waitForLeader();
    }
    core.env.send(from, { type: "AppendEntriesReply", term: core.currentTerm, success, matchIndex: 0 });
  }

  /** Of interest to candidates only. */
  onRequestVoteReply(_from: NodeId, _reply: RequestVoteReply): void {}
}

class Follower extends ServerRole {
  override readonly name = "follower";
}

/** One candidacy: a candidate that times out is followed by a new one. */
class Candidate extends ServerRole {
  override readonly name = "candidate";
  private readonly voters = new Set<NodeId>();

  override enter(): void {
    const { core } = this;
    const { env } = core;
    core.startTerm(core.currentTerm + 1, env.self);
    core.waitForLeader();
    const log = { lastLogIndex: 0, lastLogTerm: 0 };
    for (const peer of env.peers) {
      env.send(peer, { type: "RequestVote", term: core.currentTerm, candidateId: env.self, ...log });
    }
    this.count(env.self);
  }

  override onRequestVoteReply(from: NodeId, reply: RequestVoteReply): void {
    if (reply.voteGranted && reply.term === this.core.currentTerm) this.count(from);
  }

  private count(voter: NodeId): void {
    this.voters.add(voter);
    const others = this.core.env.peers.length + 1 - this.voters.size;
    if (this.voters.size > others) this.core.become(new Leader(this.core));
  }
}

/** The only role without an election timer: it stops on entering and runs again on leaving. */
class Leader extends ServerRole {
  override readonly name = "leader";

  override enter(): void {
    const { env } = this.core;
    this.core.leader = env.self;
    env.cancelTimer(ELECTION_TIMER);
    env.peers.forEach((peer, position) => {
      this.beat(peer, (HEARTBEAT_INTERVAL * (1 + position / env.peers.length)) / 2);
    });
  }

  override leave(): void {
    const { env } = this.core;
    for (const peer of env.peers) env.cancelTimer(HEARTBEAT_TIMER + peer);
    this.core.waitForLeader();
  }

  override onTimer(name: string): void {
    if (name.startsWith(HEARTBEAT_TIMER)) this.beat(name.slice(HEARTBEAT_TIMER.length), HEARTBEAT_INTERVAL);
  }

  private beat(peer: NodeId, untilNext: number): void {
    const { env, currentTerm } = this.core;
    env.send(peer, {
      type: "AppendEntries",
      term: currentTerm,
      leaderId: env.self,
      prevLogIndex: 0,
      prevLogTerm: 0,
      entries: [],
      leaderCommit: 0,
    });
    env.setTimer(HEARTBEAT_TIMER + peer, untilNext);
  }
}

export class Raft implements Server<RaftMessage> {
  private readonly core: Core;
  private role: ServerRole;

  constructor(env: Env<RaftMessage>) {
    this.core = new Core(env, (next) => this.switchTo(next));
    this.role = new Follower(this.core);
  }

  start(): void {
    this.core.waitForLeader();
  }

  onTimer(name: string): void {
    this.role.onTimer(name);
  }

  onMessage(from: NodeId, message: RaftMessage): void {
    if (message.term > this.core.currentTerm) {
      this.core.startTerm(message.term, null);
      if (this.role.name !== "follower") this.switchTo(new Follower(this.core));
    }
    if (message.type === "RequestVote") this.role.onRequestVote(from, message);
    if (message.type === "RequestVoteReply") this.role.onRequestVoteReply(from, message);
    if (message.type === "AppendEntries") this.role.onAppendEntries(from, message);
  }

  status(): Status {
    return { role: this.role.name, currentTerm: this.core.currentTerm, leader: this.core.leader };
  }

  private switchTo(next: ServerRole): void {
    this.role.leave();
    this.role = next;
    next.enter();
  }
}
