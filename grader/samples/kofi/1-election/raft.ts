// Raft with the State pattern: a follower, a candidate and a leader are three objects. The server hands every
// event to the one that it is in, and what all of them share lives in Core.
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
} from "../kit/contract";

const ELECTION = "election";
const HEARTBEAT = "heartbeat";
const HEARTBEAT_EVERY = 60;

const pickTimeout = (env: Env<RaftMessage>) => 280 + 320 * env.random();

/** What the roles share. */
class Core {
  term: Term = 0;
  vote: NodeId | null = null;
  leader: NodeId | undefined;

  constructor(
    readonly env: Env<RaftMessage>,
    readonly become: (role: Behaviour) => void,
  ) {}

  enterTerm(term: Term, vote: NodeId | null): void {
    this.term = term;
    this.vote = vote;
    this.leader = undefined;
  }

  waitForLeader(): void {
    this.env.setTimer(ELECTION, pickTimeout(this.env));
  }

  /** True if the candidate gets this server's vote, now or once more. */
  grants(request: RequestVote): boolean {
    if (request.term < this.term) return false;
    if (this.vote !== null && this.vote !== request.candidateId) return false;
    this.vote = request.candidateId;
    this.waitForLeader();
    return true;
  }
}

/** One way to behave. Messages of newer terms have been dealt with before they get here. */
abstract class Behaviour {
  abstract readonly role: Role;

  constructor(protected readonly core: Core) {}

  enter(): void {}
  leave(): void {}

  onTimer(name: string): void {
    if (name === ELECTION) this.core.become(new Candidate(this.core));
  }

  onRequestVote(from: NodeId, request: RequestVote): void {
    const voteGranted = this.core.grants(request);
    this.core.env.send(from, { type: "RequestVoteReply", term: this.core.term, voteGranted });
  }

  onAppendEntries(from: NodeId, request: AppendEntries): void {
    const { core } = this;
    const success = request.term === core.term;
    if (success) {
      if (this.role !== "follower") core.become(new Follower(core));
      core.leader = request.leaderId;
      core.waitForLeader();
    }
    core.env.send(from, { type: "AppendEntriesReply", term: core.term, success, matchIndex: 0 });
  }

  /** Only a candidate cares. */
  onRequestVoteReply(_from: NodeId, _reply: RequestVoteReply): void {}
}

class Follower extends Behaviour {
  override readonly role = "follower";
}

/** One candidacy. A candidate that times out is replaced by a new one. */
class Candidate extends Behaviour {
  override readonly role = "candidate";
  private readonly voters = new Set<NodeId>();

  override enter(): void {
    const { core } = this;
    const { env } = core;
    core.enterTerm(core.term + 1, env.self);
    core.waitForLeader();
    const log = { lastLogIndex: 0, lastLogTerm: 0 };
    for (const peer of env.peers) {
      env.send(peer, { type: "RequestVote", term: core.term, candidateId: env.self, ...log });
    }
    this.count(env.self);
  }

  override onRequestVoteReply(from: NodeId, reply: RequestVoteReply): void {
    if (reply.voteGranted && reply.term === this.core.term) this.count(from);
  }

  private count(voter: NodeId): void {
    this.voters.add(voter);
    const missing = this.core.env.peers.length + 1 - this.voters.size;
    if (this.voters.size > missing) this.core.become(new Leader(this.core));
  }
}

class Leader extends Behaviour {
  override readonly role = "leader";

  override enter(): void {
    this.core.leader = this.core.env.self;
    this.core.env.cancelTimer(ELECTION);
    this.beat();
  }

  override leave(): void {
    this.core.env.cancelTimer(HEARTBEAT);
    this.core.waitForLeader();
  }

  override onTimer(name: string): void {
    if (name === HEARTBEAT) this.beat();
  }

  private beat(): void {
    const { env, term } = this.core;
    const empty = { prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0 };
    for (const peer of env.peers) {
      env.send(peer, { type: "AppendEntries", term, leaderId: env.self, ...empty });
    }
    env.setTimer(HEARTBEAT, HEARTBEAT_EVERY);
  }
}

export class Raft implements Server<RaftMessage> {
  private readonly core: Core;
  private state: Behaviour;

  constructor(env: Env<RaftMessage>) {
    this.core = new Core(env, (next) => this.switchTo(next));
    this.state = new Follower(this.core);
  }

  start(): void {
    this.core.waitForLeader();
  }

  onTimer(name: string): void {
    this.state.onTimer(name);
  }

  onMessage(from: NodeId, message: RaftMessage): void {
    if (message.term > this.core.term) {
      this.core.enterTerm(message.term, null);
      if (this.state.role !== "follower") this.switchTo(new Follower(this.core));
    }
    if (message.type === "RequestVote") this.state.onRequestVote(from, message);
    if (message.type === "RequestVoteReply") this.state.onRequestVoteReply(from, message);
    if (message.type === "AppendEntries") this.state.onAppendEntries(from, message);
  }

  status(): Status {
    return { role: this.state.role, currentTerm: this.core.term, leader: this.core.leader };
  }

  private switchTo(next: Behaviour): void {
    this.state.leave();
    this.state = next;
    next.enter();
  }
}
