// Raft with the State pattern: a follower, a candidate and a leader are three objects. The server hands every
// event to the one that it is in, and what all of them share lives in Core.
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

const ELECTION = "election";
const HEARTBEAT = "heartbeat";
const HEARTBEAT_EVERY = 60;

const pickTimeout = (env: Env<RaftMessage>) => 280 + 320 * env.random();

/** 1-based, as in the paper. Index 0 is a sentinel of term 0, so that nobody has to ask whether the log is empty. */
class Log {
  private readonly slots: LogEntry[] = [{ term: 0, command: null }];
  private onDisk = 0;

  constructor(private readonly env: Env<RaftMessage>) {}

  load(): void {
    for (let i = 1; ; i++) {
      const entry = this.env.disk.read(`entry-${i}`) as LogEntry | undefined;
      if (entry === undefined) break;
      this.slots.push(entry);
    }
    this.onDisk = this.lastIndex;
  }

  get lastIndex(): LogIndex {
    return this.slots.length - 1;
  }

  get lastTerm(): Term {
    return this.slots[this.lastIndex].term;
  }

  has(index: LogIndex, term: Term): boolean {
    return index <= this.lastIndex && this.slots[index].term === term;
  }

  at(index: LogIndex): LogEntry {
    return this.slots[index];
  }

  from(index: LogIndex): LogEntry[] {
    return this.slots.slice(index);
  }

  append(entry: LogEntry): void {
    this.slots.push(entry);
    this.save(this.lastIndex);
  }

  /** Puts entries after prev. Only a real conflict cuts anything off (Figure 2: steps 3 and 4). */
  merge(prev: LogIndex, entries: readonly LogEntry[]): void {
    for (const [offset, entry] of entries.entries()) {
      const index = prev + 1 + offset;
      if (this.has(index, entry.term)) continue;
      this.slots.splice(index, Number.POSITIVE_INFINITY, ...entries.slice(offset));
      this.save(index);
      return;
    }
  }

  /** The last index below `index` that belongs to another term. */
  beforeTermOf(index: LogIndex): LogIndex {
    const { term } = this.slots[index];
    let i = index;
    while (i > 0 && this.slots[i].term === term) i--;
    return i;
  }

  /** One write for the whole tail: new entries in, old ones beyond the end out. */
  private save(from: LogIndex): void {
    const changes: Record<string, Json | undefined> = {};
    for (let i = from; i <= this.lastIndex; i++) changes[`entry-${i}`] = this.slots[i];
    for (let i = this.lastIndex + 1; i <= this.onDisk; i++) changes[`entry-${i}`] = undefined;
    this.env.disk.write(changes);
    this.onDisk = this.lastIndex;
  }
}

/** What the roles share. */
class Core {
  term: Term = 0;
  vote: NodeId | null = null;
  leader: NodeId | undefined;
  readonly log: Log;
  commitIndex: LogIndex = 0;
  private applied: LogIndex = 0;

  constructor(
    readonly env: Env<RaftMessage>,
    private readonly machine: StateMachine,
    readonly become: (role: Behaviour) => void,
  ) {
    this.log = new Log(env);
  }

  load(): void {
    const { disk } = this.env;
    this.term = (disk.read("term") as Term | undefined) ?? 0;
    this.vote = (disk.read("vote") as NodeId | null | undefined) ?? null;
    this.log.load();
  }

  enterTerm(term: Term, vote: NodeId | null): void {
    this.term = term;
    this.vote = vote;
    this.leader = undefined;
    this.saveVote();
  }

  waitForLeader(): void {
    this.env.setTimer(ELECTION, pickTimeout(this.env));
  }

  /** True if the candidate gets this server's vote, now or once more. */
  grants(request: RequestVote): boolean {
    if (request.term < this.term) return false;
    if (this.vote !== null && this.vote !== request.candidateId) return false;
    if (!this.isUpToDate(request)) return false;
    this.vote = request.candidateId;
    this.saveVote();
    this.waitForLeader();
    return true;
  }

  private isUpToDate({ lastLogIndex, lastLogTerm }: RequestVote): boolean {
    const { log } = this;
    return lastLogTerm > log.lastTerm || (lastLogTerm === log.lastTerm && lastLogIndex >= log.lastIndex);
  }

  commit(index: LogIndex): void {
    if (index > this.commitIndex) this.commitIndex = index;
    while (this.applied < this.commitIndex) {
      this.applied++;
      this.machine.apply({ index: this.applied, ...this.log.at(this.applied) });
    }
  }

  private saveVote(): void {
    this.env.disk.write({ term: this.term, vote: this.vote });
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
    const answer = (success: boolean, matchIndex: LogIndex) =>
      core.env.send(from, { type: "AppendEntriesReply", term: core.term, success, matchIndex });
    if (request.term < core.term) return answer(false, 0);
    if (this.role !== "follower") core.become(new Follower(core));
    core.leader = request.leaderId;
    core.waitForLeader();

    const { prevLogIndex, prevLogTerm, entries, leaderCommit } = request;
    if (prevLogIndex > core.log.lastIndex) return answer(false, core.log.lastIndex);
    if (!core.log.has(prevLogIndex, prevLogTerm)) {
      return answer(false, Math.max(core.commitIndex, core.log.beforeTermOf(prevLogIndex)));
    }
    core.log.merge(prevLogIndex, entries);
    const agreed = prevLogIndex + entries.length;
    core.commit(Math.min(leaderCommit, agreed));
    answer(true, agreed);
  }

  /** Only a candidate cares. */
  onRequestVoteReply(_from: NodeId, _reply: RequestVoteReply): void {}

  /** Only a leader cares. */
  onAppendEntriesReply(_from: NodeId, _reply: AppendEntriesReply): void {}

  propose(_command: Json): Proposed | null {
    return null;
  }
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
    const log = { lastLogIndex: core.log.lastIndex, lastLogTerm: core.log.lastTerm };
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

/** What the leader knows about one peer. match < next, always. */
class Peer {
  match: LogIndex = 0;

  constructor(public next: LogIndex) {}

  agrees(index: LogIndex): void {
    this.match = Math.max(this.match, index);
    this.next = Math.max(this.next, this.match + 1);
  }

  /** True if this brought next back: an old refusal does not. */
  refuses(mightMatch: LogIndex): boolean {
    const next = Math.max(this.match, mightMatch) + 1;
    if (next >= this.next) return false;
    this.next = next;
    return true;
  }
}

class Leader extends Behaviour {
  override readonly role = "leader";
  private readonly peers = new Map<NodeId, Peer>();

  override enter(): void {
    const { core } = this;
    core.leader = core.env.self;
    core.env.cancelTimer(ELECTION);
    for (const id of core.env.peers) this.peers.set(id, new Peer(core.log.lastIndex + 1));
    this.beat();
  }

  override leave(): void {
    this.core.env.cancelTimer(HEARTBEAT);
    this.core.waitForLeader();
  }

  override onTimer(name: string): void {
    if (name === HEARTBEAT) this.beat();
  }

  override propose(command: Json): Proposed {
    const { core } = this;
    core.log.append({ term: core.term, command });
    const proposed = { index: core.log.lastIndex, term: core.term };
    this.commitWhatIsStored();
    this.replicate();
    return proposed;
  }

  override onAppendEntriesReply(from: NodeId, reply: AppendEntriesReply): void {
    const peer = this.peers.get(from);
    if (peer === undefined || reply.term !== this.core.term) return;
    if (reply.success) {
      peer.agrees(reply.matchIndex);
      this.commitWhatIsStored();
    } else if (peer.refuses(reply.matchIndex)) {
      this.sendTo(from, peer);
    }
  }

  private beat(): void {
    this.replicate();
    this.core.env.setTimer(HEARTBEAT, HEARTBEAT_EVERY);
  }

  private replicate(): void {
    for (const [id, peer] of this.peers) this.sendTo(id, peer);
  }

  private sendTo(id: NodeId, { next }: Peer): void {
    const { env, term, log, commitIndex } = this.core;
    env.send(id, {
      type: "AppendEntries",
      term,
      leaderId: env.self,
      prevLogIndex: next - 1,
      prevLogTerm: log.at(next - 1).term,
      entries: log.from(next),
      leaderCommit: commitIndex,
    });
  }

  /** Counts from the top: the first index of this term that a majority has. Older terms come along (Figure 8!). */
  private commitWhatIsStored(): void {
    const { core } = this;
    const needed = Math.floor((this.peers.size + 1) / 2) + 1;
    for (let i = core.log.lastIndex; i > core.commitIndex && core.log.at(i).term === core.term; i--) {
      let holders = 1;
      for (const peer of this.peers.values()) if (peer.match >= i) holders++;
      if (holders >= needed) return core.commit(i);
    }
  }
}

export class Raft implements Server<RaftMessage> {
  private readonly core: Core;
  private state: Behaviour;

  constructor(env: Env<RaftMessage>, machine: StateMachine) {
    this.core = new Core(env, machine, (next) => this.switchTo(next));
    this.state = new Follower(this.core);
  }

  start(): void {
    this.core.load();
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
    if (message.type === "AppendEntriesReply") this.state.onAppendEntriesReply(from, message);
  }

  propose(command: Json): Proposed | null {
    return this.state.propose(command);
  }

  status(): Status {
    const { term, leader, commitIndex } = this.core;
    return { role: this.state.role, currentTerm: term, leader, commitIndex };
  }

  private switchTo(next: Behaviour): void {
    this.state.leave();
    this.state = next;
    next.enter();
  }
}
