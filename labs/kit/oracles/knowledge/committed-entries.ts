import type { LogIndex, Term } from "../../contract";
import type { EntryBook } from "./entry-book";

/** How it came that entries are committed. */
interface Cause {
  /** The term of the leader that committed them, or a later one. */
  readonly term: Term;
  /** Servers that store the entries: those that make them committed. */
  readonly holders: readonly number[];
  readonly record: number;
}

/** An entry that is committed: no later leader may be without it. */
export interface CommittedEntry {
  readonly index: LogIndex;
  readonly term: Term;
  readonly committedIn: Term;
  readonly holders: readonly number[];
  readonly record: number;
}

/** All entries that are known to be committed, from the first one on without a gap. */
export class CommittedEntries {
  private readonly entries: CommittedEntry[] = [];
  /** True once a test's own server has broken a rule: what is committed then means nothing any more. */
  private isGivenUp = false;

  constructor(private readonly book: EntryBook) {}

  get length(): number {
    return this.entries.length;
  }

  at(index: LogIndex): CommittedEntry | undefined {
    return this.entries[index - 1];
  }

  /** The last entry that was committed in an earlier term. */
  lastBefore(term: Term): CommittedEntry | undefined {
    for (let i = this.entries.length - 1; i >= 0; i--)
      if (this.entries[i].committedIn < term) return this.entries[i];
    return undefined;
  }

  /**
   * An entry is committed, and with it all before it: each entry tells of which term its predecessor is.
   * @returns false if it is not known what is before it
   */
  add(index: LogIndex, term: Term, { term: committedIn, holders, record }: Cause): boolean {
    if (this.isGivenUp || index <= this.entries.length) return false;
    const chain: CommittedEntry[] = [];
    let at = index;
    let entryTerm: Term | undefined = term;
    while (at > this.entries.length) {
      if (entryTerm === undefined || entryTerm === 0) return false;
      chain.push({ index: at, term: entryTerm, committedIn, holders, record });
      entryTerm = this.before(at, entryTerm);
      at -= 1;
    }
    this.entries.push(...chain.reverse());
    return true;
  }

  /** Forgets everything, for good: a test's own server has overwritten what is committed. */
  giveUp(): void {
    this.isGivenUp = true;
    this.entries.length = 0;
  }

  private before(index: LogIndex, term: Term): Term | undefined {
    const known = this.book.get(index, term);
    return known?.isDisputed ? undefined : known?.before;
  }
}
