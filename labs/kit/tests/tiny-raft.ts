import type { Env, LogEntry, NodeId, Proposed, RaftMessage, Server, StateMachine, Status, Term } from "..";

/** The smallest Raft with everything in it; a test overrides what is to go wrong. */
export class TinyRaft implements Server<RaftMessage> {
  role: Status["role"] = "follower";
  term: Term = 0;
  votedFor: NodeId | null = null;
  votes = new Set<NodeId>();
  log: LogEntry[] = [];
  commitIndex = 0;
  lastApplied = 0;
  next = new Map<NodeId, number>();
  match = new Map<NodeId, number>();

  constructor(
    readonly env: Env<RaftMessage>,
    readonly machine: StateMachine,
  ) {}

  start(): void {
    this.wait();
  }

  status(): Status {
    return { role: this.role, currentTerm: this.term, commitIndex: this.commitIndex };
  }

  /** 300 to 600 ms. */
  timeout(): number {
    return 300 + 300 * this.env.random();
  }

  wait(): void {
    this.env.setTimer("election", this.timeout());
  }

  onTimer(name: string): void {
    if (name === "election") this.stand();
    if (name === "heartbeat") this.sendAll();
  }

  stand(): void {
    this.role = "candidate";
    this.term += 1;
    this.votedFor = this.env.self;
    this.votes = new Set([this.env.self]);
    this.wait();
    this.ask();
  }

  ask(): void {
    const { term } = this;
    const [lastLogIndex, lastLogTerm] = this.last();
    for (const peer of this.env.peers)
      this.env.send(peer, {
        type: "RequestVote",
        term,
        candidateId: this.env.self,
        lastLogIndex,
        lastLogTerm,
      });
  }

  last(): readonly [number, Term] {
    return [this.log.length, this.log.at(-1)?.term ?? 0];
  }

  enter(term: Term): void {
    if (term <= this.term) return;
    this.term = term;
    this.votedFor = null;
    if (this.role === "leader") this.stepDown();
    this.role = "follower";
  }

  stepDown(): void {
    this.env.cancelTimer("heartbeat");
    this.wait();
  }

  isUpToDate(index: number, term: Term): boolean {
    const [ownIndex, ownTerm] = this.last();
    return term > ownTerm || (term === ownTerm && index >= ownIndex);
  }

  onMessage(from: NodeId, message: RaftMessage): void {
    this.enter(message.term);
    switch (message.type) {
      case "RequestVote": {
        const isFree = this.votedFor === null || this.votedFor === from;
        const isGood = this.isUpToDate(message.lastLogIndex, message.lastLogTerm);
        this.answer(from, message.term === this.term && isFree && isGood);
        break;
      }
      case "RequestVoteReply":
        if (this.role !== "candidate" || message.term !== this.term || !message.voteGranted) break;
        this.votes.add(from);
        if (this.votes.size * 2 > this.env.peers.length + 1) this.win();
        break;
      case "AppendEntries":
        this.onAppend(from, message);
        break;
      case "AppendEntriesReply":
        if (this.role === "leader" && message.term === this.term)
          this.onAnswer(from, message.success, message.matchIndex);
    }
  }

  answer(to: NodeId, voteGranted: boolean): void {
    if (voteGranted) {
      this.votedFor = to;
      this.wait();
    }
    this.env.send(to, { type: "RequestVoteReply", term: this.term, voteGranted });
  }

  win(): void {
    this.role = "leader";
    this.env.cancelTimer("election");
    for (const peer of this.env.peers) {
      this.next.set(peer, this.log.length + 1);
      this.match.set(peer, 0);
    }
    this.sendAll();
  }

  sendAll(): void {
    for (const peer of this.env.peers) this.send(peer);
    this.env.setTimer("heartbeat", 50);
  }

  send(peer: NodeId): void {
    const prevLogIndex = (this.next.get(peer) ?? 1) - 1;
    this.env.send(peer, {
      type: "AppendEntries",
      term: this.term,
      leaderId: this.env.self,
      prevLogIndex,
      prevLogTerm: this.log[prevLogIndex - 1]?.term ?? 0,
      entries: this.log.slice(prevLogIndex),
      leaderCommit: this.toldCommit(),
    });
  }

  toldCommit(): number {
    return this.commitIndex;
  }

  onAppend(from: NodeId, message: RaftMessage & { type: "AppendEntries" }): void {
    const { prevLogIndex, prevLogTerm, entries, leaderCommit } = message;
    const isCurrent = message.term === this.term;
    if (isCurrent) {
      this.role = "follower";
      this.hear();
    }
    const success = isCurrent && this.matches(prevLogIndex, prevLogTerm);
    if (success) {
      this.log = [...this.log.slice(0, prevLogIndex), ...entries];
      this.commit(Math.min(leaderCommit, this.log.length));
    }
    const matchIndex = success ? this.log.length : Math.max(0, Math.min(prevLogIndex - 1, this.log.length));
    this.env.send(from, { type: "AppendEntriesReply", term: this.term, success, matchIndex });
  }

  hear(): void {
    this.wait();
  }

  matches(index: number, term: Term): boolean {
    return index === 0 || this.log[index - 1]?.term === term;
  }

  onAnswer(from: NodeId, success: boolean, matchIndex: number): void {
    if (success) {
      this.match.set(from, Math.max(this.match.get(from) ?? 0, matchIndex));
      this.next.set(from, (this.match.get(from) ?? 0) + 1);
      this.count();
    } else this.goBack(from, matchIndex);
  }

  goBack(peer: NodeId, matchIndex: number): void {
    this.next.set(peer, matchIndex + 1);
    this.send(peer);
  }

  count(): void {
    const stored = [this.log.length, ...this.match.values()].sort((a, b) => b - a);
    const index = stored[Math.floor(stored.length / 2)];
    if (this.log[index - 1]?.term === this.term) this.commit(index);
  }

  commit(index: number): void {
    this.commitIndex = Math.max(this.commitIndex, index);
    this.apply();
  }

  apply(): void {
    while (this.lastApplied < this.commitIndex) {
      this.lastApplied += 1;
      this.machine.apply({ index: this.lastApplied, ...this.log[this.lastApplied - 1] });
    }
  }

  propose(command: string): Proposed | null {
    if (this.role !== "leader") return null;
    this.log.push({ term: this.term, command });
    for (const peer of this.env.peers) this.send(peer);
    return { index: this.log.length, term: this.term };
  }
}
