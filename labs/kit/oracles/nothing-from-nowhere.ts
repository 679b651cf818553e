import type { AppliedEntry, Json, NodeId } from "../contract";
import { commandWords } from "../story/words";
import { EntryBook, type KnownEntry } from "./knowledge/entry-book";
import { LeaderLogs } from "./knowledge/leader-logs";
import { commandKey } from "./knowledge/same-command";
import type { Finding, Oracle, Passage, Scene } from "./oracle";

/**
 * Nothing comes from nowhere: the command of an entry was given to a server before, or is null, a leader's own entry;
 * and an entry of a term comes from the leader of that term (Raft §5.3). In worlds with clients the commands are the
 * store's own business.
 */
export class NothingFromNowhere implements Oracle {
  readonly reads = ["AppendEntries"];
  private readonly ids: readonly NodeId[];
  private readonly book: EntryBook;
  private readonly logs: LeaderLogs;
  private readonly hasClients: boolean;
  /** Commands that servers were given. */
  private readonly given = new Set<string>();

  constructor(private readonly scene: Scene) {
    this.ids = scene.names;
    this.book = EntryBook.of(scene);
    this.logs = LeaderLogs.of(scene);
    this.hasClients = scene.names.length > scene.ids.length;
  }

  onPropose(_node: number, command: Json): undefined {
    this.given.add(commandKey(command));
  }

  onSend(passage: Passage): Finding | undefined {
    const { from, record } = passage;
    this.book.hear(passage);
    this.logs.hear(passage);
    const { fresh } = this.book;
    if (fresh.length === 0 || this.scene.isScripted(from)) return undefined;
    return this.judge(from, fresh, "sends", record);
  }

  onApply(node: number, entry: AppliedEntry, record: number): Finding | undefined {
    this.book.hearApply(node, entry, record);
    return this.judge(node, this.book.fresh, "applies", record);
  }

  private judge(
    node: number,
    fresh: readonly KnownEntry[],
    does: string,
    record: number,
  ): Finding | undefined {
    for (let i = 0; i < fresh.length; i++) {
      const leader = this.logs.of(fresh[i].term)?.leader;
      if (leader !== undefined && leader !== node) return this.notFrom(leader, node, fresh[i], does, record);
      if (this.hasClients || fresh[i].command === null) continue;
      if (!this.given.has(commandKey(fresh[i].command))) return this.neverGiven(node, fresh[i], does, record);
    }
    return undefined;
  }

  private neverGiven(
    node: number,
    { index, term, command }: KnownEntry,
    does: string,
    record: number,
  ): Finding {
    const name = this.ids[node];
    return {
      property: "Nothing comes from nowhere",
      section: "Raft §5.3",
      sentence: `${name} ${does} ${commandWords(command)} as entry ${index} of term ${term}; nobody has ever proposed that.`,
      evidence: [record],
      wrong: record,
      rule: "§5.3: each client request contains a command; the leader appends the command to its log as a new entry.",
      next: `What does ${name} put into an entry's command: what propose() was given, and nothing around it? An entry of a leader's own has the command null.`,
    };
  }

  private notFrom(
    leader: number,
    node: number,
    { index, term, command }: KnownEntry,
    does: string,
    record: number,
  ): Finding {
    const [name, other] = [this.ids[node], this.ids[leader]];
    return {
      property: "Nothing comes from nowhere",
      section: "Raft §5.3",
      sentence: `${name} ${does} ${commandWords(command)} as entry ${index} of term ${term}; ${other} led term ${term} and never sent such an entry.`,
      evidence: [record],
      wrong: record,
      rule: "§5.3: a leader creates at most one entry with a given log index in a given term, and log entries never change their position in the log.",
      next: `How did this entry come to stand at index ${index} of ${name}'s log? Is an entry that comes twice appended twice?`,
    };
  }
}
