import type { LogEntry, LogIndex, Term } from "../../contract";
import type { Passage, Scene } from "../oracle";
import { EntryBook } from "./entry-book";
import { LeaderLogs } from "./leader-logs";
import { sharedIn } from "./shared";

/** An AppendEntries that starts after an entry which its receiver was not known to have. */
interface Pending {
  readonly prevLogIndex: LogIndex;
  readonly prevLogTerm: Term;
  readonly end: LogIndex;
  readonly record: number;
}

/** What the AppendEntries of one term have told one server. `end` of one is the index of the last entry it is about. */
export class FromLeader {
  /** The log can be known to equal the leader's up to here. */
  matched: LogIndex = 0;
  matchedRecord: number | undefined;
  /** The highest leaderCommit. */
  commit: LogIndex = 0;
  commitRecord: number | undefined;
  /** The highest end of any, also of those that could not be accepted. */
  reach: LogIndex = 0;
  /** The highest prevLogIndex of any. */
  prevMax: LogIndex = 0;
  /** The record of the latest. */
  record = 0;
  /** By prevLogIndex: those that the server could not accept when they came. */
  readonly pending = new Map<LogIndex, Pending>();

  constructor(readonly term: Term) {}
}

/** What one server was sent, in all its lives. */
export class Inbox {
  /** For each leader's term, what it told. */
  readonly leaders = new Map<Term, FromLeader>();
  /** The leader of the highest term that was heard from. */
  latest: FromLeader | undefined;

  /** The entries that came, by term. */
  private readonly entries = new Map<Term, Set<LogIndex>>();

  constructor(
    private readonly node: number,
    private readonly logs: LeaderLogs,
    private readonly book: EntryBook,
  ) {}

  from(term: Term): FromLeader | undefined {
    return this.latest?.term === term ? this.latest : this.leaders.get(term);
  }

  /** True if the server can have this entry: it came, or the server has made it as the leader of that term. */
  canHave(index: LogIndex, term: Term): boolean {
    return (
      index === 0 ||
      this.entries.get(term)?.has(index) === true ||
      this.logs.of(term)?.leader === this.node ||
      this.book.get(index, term)?.node === this.node
    );
  }

  take({ message, record }: Passage): void {
    const leader = this.leaderOf(message.term as Term);
    const prevLogIndex = message.prevLogIndex as LogIndex;
    const prevLogTerm = message.prevLogTerm as Term;
    const leaderCommit = message.leaderCommit as LogIndex;
    const entries = message.entries as readonly LogEntry[];
    const end = prevLogIndex + entries.length;
    leader.record = record;
    if (leaderCommit > leader.commit) {
      leader.commit = leaderCommit;
      leader.commitRecord = record;
    }
    if (end > leader.reach) leader.reach = end;
    if (prevLogIndex > leader.prevMax) leader.prevMax = prevLogIndex;
    for (let i = 0; i < entries.length; i++) this.add(prevLogIndex + 1 + i, entries[i].term);
    if (end <= leader.matched) return;
    if (prevLogIndex <= leader.matched || this.canHave(prevLogIndex, prevLogTerm)) {
      leader.matched = end;
      leader.matchedRecord = record;
    } else if (end > (leader.pending.get(prevLogIndex)?.end ?? 0)) {
      leader.pending.set(prevLogIndex, { prevLogIndex, prevLogTerm, end, record });
    }
  }

  /** Up to where the server can know that its log equals that of a leader, with all that has come since. */
  matchedTo(leader: FromLeader): LogIndex {
    let settled = -1;
    while (leader.pending.size > 0 && settled !== leader.matched) {
      settled = leader.matched;
      for (const waiting of leader.pending.values()) this.settle(leader, waiting);
    }
    return leader.matched;
  }

  private settle(leader: FromLeader, { prevLogIndex, prevLogTerm, end, record }: Pending): void {
    if (prevLogIndex > leader.matched && !this.canHave(prevLogIndex, prevLogTerm)) return;
    leader.pending.delete(prevLogIndex);
    if (end <= leader.matched) return;
    leader.matched = end;
    leader.matchedRecord = record;
  }

  private leaderOf(term: Term): FromLeader {
    const known = this.from(term);
    if (known !== undefined) return known;
    const leader = new FromLeader(term);
    this.leaders.set(term, leader);
    if (this.latest === undefined || term > this.latest.term) this.latest = leader;
    return leader;
  }

  private add(index: LogIndex, term: Term): void {
    let ofTerm = this.entries.get(term);
    if (ofTerm === undefined) {
      ofTerm = new Set();
      this.entries.set(term, ofTerm);
    }
    ofTerm.add(index);
  }
}

/** What each server was sent in AppendEntries. A message counts from its delivery on, whatever the server makes of it. */
export class Received {
  static readonly of = sharedIn((scene) => new Received(scene));

  private readonly inboxes: readonly Inbox[];
  private readonly logs: LeaderLogs;
  private readonly book: EntryBook;
  private heard = -1;

  private constructor(scene: Scene) {
    this.logs = LeaderLogs.of(scene);
    this.book = EntryBook.of(scene);
    this.inboxes = scene.ids.map((_, node) => new Inbox(node, this.logs, this.book));
  }

  /** Undefined for a client. */
  by(node: number): Inbox | undefined {
    return this.inboxes[node];
  }

  /** Takes in an AppendEntries that is being sent: what a server sends it has. */
  hearSend(passage: Passage): void {
    this.logs.hear(passage);
    this.book.hear(passage);
  }

  /** Takes in an AppendEntries that is being delivered. */
  hear(passage: Passage): void {
    if (passage.record === this.heard) return;
    this.heard = passage.record;
    this.inboxes[passage.to]?.take(passage);
  }
}
