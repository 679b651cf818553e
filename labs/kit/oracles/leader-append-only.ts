import type { Json, LogEntry, LogIndex, NodeId, Proposed, Term } from "../contract";
import { commandWords } from "../story/words";
import type { Proposal } from "../trace/requests";
import { EntryBook } from "./knowledge/entry-book";
import { LeaderLogs, type Rewriting } from "./knowledge/leader-logs";
import { isSameCommand } from "./knowledge/same-command";
import type { Finding, Oracle, Passage, Scene } from "./oracle";

/** A command for which a leader has named a place. */
interface Answer extends Proposed {
  readonly node: number;
  readonly command: Json;
  readonly record: number;
}

const HEAD = { property: "Leader Append-Only", section: "Raft Figure 3" } as const;
const RULE =
  "Figure 3: a leader never overwrites or deletes entries in its log; it only appends new entries.";

/**
 * Leader Append-Only (Raft Figure 3): what a leader has shown at an index in a term stays there for the rest of the
 * term, each command that it takes gets a place of its own after all others, and that command is what stands there.
 */
export class LeaderAppendOnly implements Oracle {
  readonly reads = ["AppendEntries"];
  private readonly ids: readonly NodeId[];
  private readonly logs: LeaderLogs;
  private readonly book: EntryBook;
  /** By term and index. */
  private readonly answers = new Map<Term, Map<LogIndex, Answer>>();
  /** The latest answer of each term. */
  private readonly last = new Map<Term, Answer>();

  constructor(private readonly scene: Scene) {
    this.ids = scene.ids;
    this.logs = LeaderLogs.of(scene);
    this.book = EntryBook.of(scene);
  }

  onSend(passage: Passage): Finding | undefined {
    const { from, message, record } = passage;
    this.logs.hear(passage);
    this.book.hear(passage);
    if (this.scene.isScripted(from)) return undefined;
    const { rewriting } = this.logs;
    if (rewriting !== undefined) return this.rewritten(from, message.term as Term, rewriting, record);
    const { fresh } = this.book;
    for (let i = 0; i < fresh.length; i++) {
      const { index, term, command } = fresh[i];
      const answer = this.answers.get(term)?.get(index);
      if (answer !== undefined && !isSameCommand(answer.command, command))
        return this.broken(answer, from, command, record);
    }
    return undefined;
  }

  onProposal(node: number, { command, answer }: Proposal, record: number): Finding | undefined {
    if (answer === null || answer === undefined || this.scene.isScripted(node)) return undefined;
    const { index, term } = answer;
    const earlier = this.last.get(term);
    const now: Answer = { index, term, node, command, record };
    if (earlier !== undefined && earlier.node === node && index <= earlier.index)
      return this.takenTwice(now, earlier);
    this.last.set(term, now);
    this.answersOf(term).set(index, now);
    this.logs.hearAnswer(node, index, term, record);
    const { rewriting } = this.logs;
    if (rewriting !== undefined) return this.takenBefore(now, rewriting);
    const known = this.book.get(index, term);
    if (known === undefined || known.isDisputed || isSameCommand(known.command, command)) return undefined;
    return known.record > record // sent in this very handler
      ? this.broken(now, node, known.command, known.record)
      : this.takenBefore(now, { index, term, shown: known });
  }

  private answersOf(term: Term): Map<LogIndex, Answer> {
    const known = this.answers.get(term);
    if (known !== undefined) return known;
    const answers = new Map<LogIndex, Answer>();
    this.answers.set(term, answers);
    return answers;
  }

  private rewritten(
    node: number,
    term: Term,
    { index, term: now, shown }: Rewriting,
    record: number,
  ): Finding {
    const name = this.ids[node];
    return {
      ...HEAD,
      sentence: `${name}, leader of term ${term}, sends an entry of term ${now} at index ${index}; earlier in this term it had one of term ${shown.term} there.`,
      evidence: [shown.record, record],
      wrong: record,
      rule: RULE,
      next: `What has changed ${name}'s log at index ${index} while it led? Or does it name a prevLogTerm that is not that of the entry at prevLogIndex?`,
    };
  }

  private takenTwice({ node, index, term, command, record }: Answer, earlier: Answer): Finding {
    const name = this.ids[node];
    return {
      ...HEAD,
      sentence: `${name} gives ${commandWords(command)} index ${index} in term ${term}, after it gave ${commandWords(earlier.command)} index ${earlier.index}.`,
      evidence: [earlier.record, record],
      wrong: record,
      rule: RULE,
      next: `What is the last index of ${name}'s log before and after a command is appended, and which of the two does propose() return?`,
    };
  }

  private takenBefore({ node, index, term, command, record }: Answer, { shown }: Rewriting): Finding {
    const name = this.ids[node];
    return {
      ...HEAD,
      sentence: `${name} gives ${commandWords(command)} index ${index} in term ${term}, where it had already sent another entry, of term ${shown.term}.`,
      evidence: [shown.record, record],
      wrong: record,
      rule: RULE,
      next: `Which index comes after the last entry of ${name}'s log when it takes the command?`,
    };
  }

  private broken(answer: Answer, node: number, command: LogEntry["command"], record: number): Finding {
    const { index, term } = answer;
    const name = this.ids[node];
    return {
      ...HEAD,
      sentence: `${name} sends ${commandWords(command)} as entry ${index} of term ${term}; ${this.ids[answer.node]} had given this place to ${commandWords(answer.command)}.`,
      evidence: [answer.record, record],
      wrong: record,
      rule: "Figure 2, Leaders: if command received from client: append entry to local log.",
      next: `Is the index that propose() returns the one at which the command stands in the log?`,
    };
  }
}
