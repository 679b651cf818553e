import type { AppliedEntry, Json, LogEntry, LogIndex, Term } from "../../contract";
import type { Passage, Scene } from "../oracle";
import { isSameCommand } from "./same-command";
import { sharedIn } from "./shared";

/** An entry as it was first seen. By Log Matching, index and term say all about it. */
export interface KnownEntry {
  readonly index: LogIndex;
  readonly term: Term;
  readonly command: Json;
  /** The term of the entry just before it, 0 before the first; undefined while nobody has sent it. */
  before: Term | undefined;
  /** Who was first, in which record. */
  readonly node: number;
  readonly record: number;
  readonly isApplied: boolean;
  /** True if a test's own server contradicts the others: then nobody can be blamed for it. */
  isDisputed: boolean;
}

/** An entry that is not what it was when it was first seen. */
export interface Clash {
  readonly known: KnownEntry;
  readonly command: Json;
  readonly before: Term | undefined;
}

/** All entries that were ever sent in AppendEntries or applied, by term and index. */
export class EntryBook {
  static readonly of = sharedIn((scene) => new EntryBook(scene));

  /** Of the latest message or apply: the first entry that contradicts an earlier one. */
  clash: Clash | undefined;
  /** Of the latest message or apply: entries that were never seen before. */
  readonly fresh: KnownEntry[] = [];

  private readonly terms = new Map<Term, Map<LogIndex, KnownEntry>>();
  private heard = -1;

  private constructor(private readonly scene: Scene) {}

  get(index: LogIndex, term: Term): KnownEntry | undefined {
    return this.terms.get(term)?.get(index);
  }

  /** Takes in an AppendEntries that is being sent. */
  hear({ from, message, record }: Passage): void {
    if (record === this.heard) return;
    this.begin(record);
    const entries = message.entries as readonly LogEntry[];
    let before = message.prevLogTerm as Term;
    let index = message.prevLogIndex as LogIndex;
    for (let i = 0; i < entries.length; i++) {
      const { term, command } = entries[i];
      index += 1;
      this.note(index, term, command, before, from, record, false);
      before = term;
    }
  }

  /** Takes in an entry that is being applied. */
  hearApply(node: number, { index, term, command }: AppliedEntry, record: number): void {
    if (record === this.heard) return;
    this.begin(record);
    this.note(index, term, command, undefined, node, record, true);
  }

  private begin(record: number): void {
    this.heard = record;
    this.clash = undefined;
    if (this.fresh.length > 0) this.fresh.length = 0;
  }

  private note(
    index: LogIndex,
    term: Term,
    command: Json,
    before: Term | undefined,
    node: number,
    record: number,
    isApplied: boolean,
  ): void {
    let ofTerm = this.terms.get(term);
    if (ofTerm === undefined) {
      ofTerm = new Map();
      this.terms.set(term, ofTerm);
    }
    const known = ofTerm.get(index);
    if (known === undefined) {
      const entry = { index, term, command, before, node, record, isApplied, isDisputed: false };
      ofTerm.set(index, entry);
      this.fresh.push(entry);
      return;
    }
    if (known.before === undefined) known.before = before;
    const isSamePlace = before === undefined || known.before === before;
    if (isSamePlace && isSameCommand(known.command, command)) return;
    if (this.scene.isScripted(node)) known.isDisputed = true;
    else if (!known.isDisputed) this.clash ??= { known, command, before };
  }
}
