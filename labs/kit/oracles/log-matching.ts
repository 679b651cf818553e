import type { AppliedEntry, NodeId } from "../contract";
import { commandWords } from "../story/words";
import { type Clash, EntryBook } from "./knowledge/entry-book";
import type { Finding, Oracle, Passage, Scene } from "./oracle";

/**
 * Log Matching (Raft Figure 3): if two logs contain an entry with the same index and term, then the logs are identical
 * in all entries up through the given index. Seen on the wire: an index and a term always come with the same command,
 * and after an entry of the same term.
 */
export class LogMatching implements Oracle {
  readonly reads = ["AppendEntries"];
  private readonly ids: readonly NodeId[];
  private readonly book: EntryBook;

  constructor(scene: Scene) {
    this.ids = scene.names;
    this.book = EntryBook.of(scene);
  }

  onSend(passage: Passage): Finding | undefined {
    const { book } = this;
    book.hear(passage);
    return book.clash === undefined
      ? undefined
      : this.finding(book.clash, passage.from, "sends", passage.record);
  }

  onApply(node: number, entry: AppliedEntry, record: number): Finding | undefined {
    const { book } = this;
    book.hearApply(node, entry, record);
    return book.clash === undefined ? undefined : this.finding(book.clash, node, "applies", record);
  }

  private finding({ known, command, before }: Clash, node: number, does: string, record: number): Finding {
    const [name, first] = [this.ids[node], this.ids[known.node]];
    const isMoved = before !== undefined && before !== known.before;
    const did = known.isApplied ? "applied" : "sent";
    const entry = `entry ${known.index} of term ${known.term}`;
    return {
      property: "Log Matching",
      section: "Raft Figure 3",
      sentence: isMoved
        ? `${name} ${does} ${entry} after one of term ${before}; when ${first} ${did} it, it came after one of term ${known.before}.`
        : `${name} ${does} ${entry} as ${commandWords(command)}; ${first} ${did} it as ${commandWords(known.command)}.`,
      evidence: [known.record, record],
      wrong: record,
      rule: "Figure 3: if two logs contain an entry with the same index and term, then the logs are identical in all entries up through the given index.",
      next: isMoved
        ? `When ${name} took this entry into its log, what did it have just before it, and did it compare that with prevLogTerm?`
        : `Where did ${name} get the entry at index ${known.index} from, and is the place of an entry in its log always index - 1?`,
    };
  }
}
