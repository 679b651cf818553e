/**
 * Written from scratch with other parts: follower, candidate and leader are objects (the State pattern); the log is a
 * class of its own whose entry 0 is a sentinel of term 0, so that no index needs a special case; and the leader has an
 * object for each follower, which keeps one request under way at most and repeats it if no answer comes (stop and
 * wait). A command that comes meanwhile waits for the answer. Refusals go back to before the conflicting term without
 * a look at commitIndex. All of it is Raft §5.1 to §5.4: Figure 2 says what is sent, not how often.
 */
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
} from "../../../../labs/kit/contract";

const WAIT = "wait";
const BEAT = "beat:";
const BEAT_EVERY = 40;
const SENTINEL: LogEntry = { term: 0, command: null };

/** Entries, and how far they are committed and applied. */
class Log {
  private entries: LogEntry[] = [SENTINEL];
  private applied: LogIndex = 0;
  committed: LogIndex = 0;

  constructor(private readonly machine: StateMachine) {}

  get last(): LogIndex {
    return this.entries.length - 1;
  }

  get lastTerm(): Term {
    return this.entries[this.last].term;
  }

  has(index: LogIndex, term: Term): boolean {
    return this.entries[index]?.term === term;
  }

  termAt(index: LogIndex): Term {
    return this.entries[index].term;
  }

  append(entry: LogEntry): LogIndex {
    return this.entries.push(entry) - 1;
  }

  after(index: LogIndex): readonly LogEntry[] {
    return this.entries.slice(index + 1);
  }

  /** Puts entries in their places after an index, unless they are there. */
  merge(index: LogIndex, entries: readonly LogEntry[]): void {
    let at = index;
    for (const entry of entries) {
      at += 1;
      if (this.has(at, entry.term)) continue;
      this.entries = [...this.entries.slice(0, at), entry];
    }
  }

  /** The last index before the term that stands at `index`, or the end if the log does not reach it. */
  beforeTermAt(index: LogIndex): LogIndex {
    if (index > this.last) return this.last;
    const term = this.termAt(index);
    return this.entries.findIndex((entry) => entry.term === term) - 1;
  }

  isNewerThan(index: LogIndex, term: Term): boolean {
    return this.lastTerm > term || (this.lastTerm === term && this.last > index);
  }

  commit(upTo: LogIndex): void {
    for (this.committed = Math.max(this.committed, upTo); this.applied < this.committed; ) {
      const index = ++this.applied;
      const { term, command } = this.entries[index];
      this.machine.apply({ index, term, command });
    }
  }
}

/** What outlives a role. */
class Core {
  term: Term = 0;
  votedFor: NodeId | undefined;
  leader: NodeId | undefined;
  readonly log: Log;
  private stance: Stance = new Follower(this);

  constructor(
    readonly env: Env<RaftMessage>,
    machine: StateMachine,
  ) {
    this.log = new Log(machine);
  }

  get role(): Stance {
    return this.stance;
  }

  become(next: Stance): void {
    this.stance.leave();
    this.stance = next;
    next.enter();
  }

  wait(): void {
    this.env.setTimer(WAIT, 260 + this.env.random() * 340);
  }

  beginTerm(term: Term, votedFor?: NodeId): void {
    this.term = term;
    this.votedFor = votedFor;
    this.leader = undefined;
  }
}

/** One way of behaving. */
abstract class Stance {
  abstract readonly name: Role;

  constructor(protected readonly core: Core) {}

  enter(): void {}
  leave(): void {}
  onReply(_from: NodeId, _reply: RequestVoteReply | AppendEntriesReply): void {}

  propose(_command: Json): Proposed | null {
    return null;
  }

  onTimer(name: string): void {
    if (name === WAIT) this.core.become(new Candidate(this.core));
  }

  onRequestVote(from: NodeId, { term, candidateId, lastLogIndex, lastLogTerm }: RequestVote): void {
    const { core } = this;
    const voteGranted =
      term === core.term &&
      (core.votedFor ?? candidateId) === candidateId &&
      !core.log.isNewerThan(lastLogIndex, lastLogTerm);
    if (voteGranted) {
      core.votedFor = candidateId;
      core.wait();
    }
    core.env.send(from, { type: "RequestVoteReply", term: core.term, voteGranted });
  }

  onAppendEntries(from: NodeId, request: AppendEntries): void {
    const { core } = this;
    const { log, env } = core;
    const { prevLogIndex, prevLogTerm, entries, leaderCommit } = request;
    if (request.term < core.term) {
      env.send(from, { type: "AppendEntriesReply", term: core.term, success: false, matchIndex: 0 });
      return;
    }
    if (this.name !== "follower") core.become(new Follower(core));
    core.leader = from;
    core.wait();
    const success = log.has(prevLogIndex, prevLogTerm);
    const end = prevLogIndex + entries.length;
    if (success) {
      log.merge(prevLogIndex, entries);
      log.commit(Math.min(leaderCommit, end));
    }
    const matchIndex = success ? end : log.beforeTermAt(prevLogIndex);
    env.send(from, { type: "AppendEntriesReply", term: core.term, success, matchIndex });
  }
}

class Follower extends Stance {
  override readonly name = "follower";
}

class Candidate extends Stance {
  override readonly name = "candidate";
  private readonly voters = new Set<NodeId>();

  override enter(): void {
    const { env, log } = this.core;
    this.core.beginTerm(this.core.term + 1, env.self);
    this.core.wait();
    for (const peer of env.peers) {
      env.send(peer, {
        type: "RequestVote",
        term: this.core.term,
        candidateId: env.self,
        lastLogIndex: log.last,
        lastLogTerm: log.lastTerm,
      });
    }
    this.count(env.self);
  }

  override onReply(from: NodeId, reply: RequestVoteReply | AppendEntriesReply): void {
    if (reply.type === "RequestVoteReply" && reply.voteGranted) this.count(from);
  }

  private count(voter: NodeId): void {
    this.voters.add(voter);
    const others = this.core.env.peers.length + 1 - this.voters.size;
    if (this.voters.size > others) this.core.become(new Leader(this.core));
  }
}

class Leader extends Stance {
  override readonly name = "leader";
  private readonly links: readonly Link[] = this.core.env.peers.map((peer) => new Link(this.core, peer));

  override enter(): void {
    this.core.leader = this.core.env.self;
    this.core.env.cancelTimer(WAIT);
    for (const link of this.links) link.send();
  }

  override leave(): void {
    for (const { peer } of this.links) this.core.env.cancelTimer(BEAT + peer);
    this.core.wait();
  }

  override propose(command: Json): Proposed {
    const { term, log } = this.core;
    const index = log.append({ term, command });
    this.commit();
    for (const link of this.links) link.sendIfFree();
    return { index, term };
  }

  override onTimer(name: string): void {
    this.links.find(({ peer }) => name === BEAT + peer)?.send();
  }

  override onReply(from: NodeId, reply: RequestVoteReply | AppendEntriesReply): void {
    if (reply.type !== "AppendEntriesReply") return;
    this.links.find(({ peer }) => peer === from)?.take(reply);
    this.commit();
  }

  /** The highest index that more than half store, if it is of this term. */
  private commit(): void {
    const { log, term } = this.core;
    const matched = [...this.links.map(({ match }) => match), log.last].sort((a, b) => a - b);
    const index = matched[Math.ceil(matched.length / 2) - 1];
    if (log.termAt(index) === term) log.commit(index);
  }
}

/** What a leader knows of one follower, and says to it. */
class Link {
  match: LogIndex = 0;
  private next: LogIndex;
  private isOpen = false;

  constructor(
    private readonly core: Core,
    readonly peer: NodeId,
  ) {
    this.next = core.log.last + 1;
  }

  send(): void {
    const { env, term, log } = this.core;
    const prevLogIndex = this.next - 1;
    env.send(this.peer, {
      type: "AppendEntries",
      term,
      leaderId: env.self,
      prevLogIndex,
      prevLogTerm: log.termAt(prevLogIndex),
      entries: log.after(prevLogIndex),
      leaderCommit: log.committed,
    });
    this.isOpen = true;
    env.setTimer(BEAT + this.peer, BEAT_EVERY);
  }

  sendIfFree(): void {
    if (!this.isOpen) this.send();
  }

  take({ success, matchIndex }: AppendEntriesReply): void {
    this.isOpen = false;
    if (success) {
      if (matchIndex <= this.match) return; // old news, or the answer to a heartbeat: the next beat goes on
      this.match = matchIndex;
      this.next = matchIndex + 1;
      if (this.match < this.core.log.last) this.send();
    } else if (matchIndex < this.next - 1 && this.next > this.match + 1) {
      this.next = Math.max(this.match, matchIndex) + 1;
      this.send();
    }
  }
}

export class Raft implements Server<RaftMessage> {
  private readonly core: Core;

  constructor(env: Env<RaftMessage>, machine: StateMachine) {
    this.core = new Core(env, machine);
  }

  start(): void {
    this.core.wait();
  }

  propose(command: Json): Proposed | null {
    return this.core.role.propose(command);
  }

  onTimer(name: string): void {
    this.core.role.onTimer(name);
  }

  onMessage(from: NodeId, message: RaftMessage): void {
    const { core } = this;
    if (message.term > core.term) {
      core.beginTerm(message.term);
      if (core.role.name !== "follower") core.become(new Follower(core));
    }
    if (message.type === "RequestVote") core.role.onRequestVote(from, message);
    else if (message.type === "AppendEntries") core.role.onAppendEntries(from, message);
    else if (message.term === core.term) core.role.onReply(from, message);
  }

  status(): Status {
    const { role, term, leader, log } = this.core;
    return { role: role.name, currentTerm: term, leader, commitIndex: log.committed };
  }
}
