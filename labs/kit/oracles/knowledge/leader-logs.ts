import type { LogEntry, LogIndex, Term } from "../../contract";
import type { Passage, Scene } from "../oracle";
import { sharedIn } from "./shared";

/** What a leader has shown of an entry of its log. */
export interface ShownEntry {
  readonly term: Term;
  readonly record: number;
}

/** What the leader of a term has shown of its log in that term. It never changes: Leader Append-Only. */
export class LeaderLog {
  readonly entries = new Map<LogIndex, ShownEntry>();
  /** The lowest index known to hold an entry of the leader's own term. */
  firstOwn: LogIndex = Number.POSITIVE_INFINITY;

  constructor(
    readonly term: Term,
    readonly leader: number,
    readonly record: number,
  ) {}

  /** @returns what was shown at this index before, if it was of another term */
  show(index: LogIndex, term: Term, record: number): ShownEntry | undefined {
    const shown = this.entries.get(index);
    if (shown !== undefined) return shown.term === term ? undefined : shown;
    this.entries.set(index, { term, record });
    if (term === this.term && index < this.firstOwn) this.firstOwn = index;
    return undefined;
  }

  termAt(index: LogIndex): Term | undefined {
    return this.entries.get(index)?.term;
  }
}

/** A leader that shows another term at an index than before. */
export interface Rewriting {
  readonly index: LogIndex;
  readonly term: Term;
  readonly shown: ShownEntry;
}

/** The leaders' logs, as AppendEntries and answers to proposals show them. */
export class LeaderLogs {
  static readonly of = sharedIn((scene) => new LeaderLogs(scene));

  /** The first contradiction in the latest message. */
  rewriting: Rewriting | undefined;

  private readonly logs = new Map<Term, LeaderLog>();
  private latest: LeaderLog | undefined;
  private heard = -1;

  private constructor(private readonly scene: Scene) {}

  of(term: Term): LeaderLog | undefined {
    return this.latest?.term === term ? this.latest : this.logs.get(term);
  }

  /** The logs of all leaders, in the order in which they were first heard of. */
  all(): IterableIterator<LeaderLog> {
    return this.logs.values();
  }

  /** Takes in an AppendEntries that is being sent. */
  hear({ from, message, record }: Passage): void {
    if (record === this.heard) return;
    this.heard = record;
    this.rewriting = undefined;
    const log = this.logOf(from, message.term as Term, record);
    if (log === undefined) return;
    const entries = message.entries as readonly LogEntry[];
    let index = message.prevLogIndex as LogIndex;
    if (index > 0) this.show(log, index, message.prevLogTerm as Term, record);
    for (let i = 0; i < entries.length; i++) this.show(log, ++index, entries[i].term, record);
  }

  /** Takes in that a leader says where a command stands in its log. */
  hearAnswer(node: number, index: LogIndex, term: Term, record: number): void {
    this.rewriting = undefined;
    const log = this.logOf(node, term, record);
    if (log !== undefined) this.show(log, index, term, record);
  }

  private show(log: LeaderLog, index: LogIndex, term: Term, record: number): void {
    const shown = log.show(index, term, record);
    if (shown !== undefined) this.rewriting ??= { index, term, shown };
  }

  /** Undefined for a test's own server that speaks in a term of somebody else. */
  private logOf(node: number, term: Term, record: number): LeaderLog | undefined {
    const known = this.of(term);
    if (known !== undefined && (known.leader === node || this.scene.isScripted(node)))
      return known.leader === node ? known : undefined;
    const log = new LeaderLog(term, node, record);
    this.logs.set(term, log);
    this.latest = log;
    return log;
  }
}
