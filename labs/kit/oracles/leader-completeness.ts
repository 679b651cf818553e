import type { AppliedEntry, LogEntry, LogIndex, NodeId, Status, Term } from "../contract";
import type { Proposal } from "../trace/requests";
import { Acknowledged, type Commitment } from "./knowledge/acknowledged";
import { CommittedEntries, type CommittedEntry } from "./knowledge/committed-entries";
import { Elections } from "./knowledge/elections";
import { EntryBook } from "./knowledge/entry-book";
import { LeaderLogs } from "./knowledge/leader-logs";
import type { Finding, Oracle, Passage, Scene } from "./oracle";

/** How a leader was seen to lack a committed entry. */
interface Lack {
  readonly leader: number;
  readonly term: Term;
  readonly entry: CommittedEntry;
  /** Where it shows. */
  readonly record: number;
  /** "its last entry is 3 of term 2" */
  readonly because: string;
}

/**
 * Leader Completeness (Raft Figure 3): if a log entry is committed in a given term, then that entry is present in the
 * logs of the leaders of all later terms. A finding needs a witness among the real servers: one that stored the entry
 * when it was committed and voted for the leader all the same, or is the leader.
 */
export class LeaderCompleteness implements Oracle {
  readonly reads = ["AppendEntries", "AppendEntriesReply", "RequestVote", "RequestVoteReply"];
  private readonly ids: readonly NodeId[];
  private readonly logs: LeaderLogs;
  private readonly book: EntryBook;
  private readonly acknowledged: Acknowledged;
  private readonly elections: Elections;
  private readonly committed: CommittedEntries;
  /** For each server, the highest term in which it is known to have led. */
  private readonly led: Term[];
  /**
   * For each server, the highest term in which it had led when it was started last. What it hears of such terms commits
   * nothing: it may have stopped after it had sent entries, and before it wrote them itself.
   */
  private readonly ledBefore: Term[];
  /** For each server, the highest term of an AppendEntries that it got or sent. */
  private readonly terms: Term[];
  private highestLed: Term = 0;

  constructor(private readonly scene: Scene) {
    this.ids = scene.ids;
    this.logs = LeaderLogs.of(scene);
    this.book = EntryBook.of(scene);
    this.acknowledged = Acknowledged.of(scene);
    this.elections = new Elections();
    this.committed = new CommittedEntries(this.book);
    this.led = scene.ids.map(() => 0);
    this.ledBefore = scene.ids.map(() => 0);
    this.terms = scene.ids.map(() => 0);
  }

  onStart(node: number): undefined {
    this.ledBefore[node] = this.led[node];
  }

  onSend(passage: Passage): Finding | undefined {
    const { from, message } = passage;
    if (from >= this.ids.length) return undefined;
    if (message.type === "AppendEntries") return this.onAppendEntries(passage);
    this.elections.hear(passage);
    return undefined;
  }

  onDeliver(passage: Passage): Finding | undefined {
    const { to, message } = passage;
    if (to >= this.ids.length) return undefined;
    const term = message.term as Term;
    if (message.type === "AppendEntries" && term > this.terms[to]) this.terms[to] = term;
    if (message.type !== "AppendEntriesReply") return undefined;
    this.acknowledged.hear(passage);
    const { commitment } = this.acknowledged;
    if (commitment === undefined || commitment.acknowledgements.term <= this.ledBefore[to]) return undefined;
    return this.onCommitment(commitment);
  }

  onStatus(
    node: number,
    _before: Status,
    { role, currentTerm }: Status,
    record: number,
  ): Finding | undefined {
    return role === "leader" ? this.leads(node, currentTerm, record) : undefined;
  }

  onApply(node: number, entry: AppliedEntry, record: number): undefined {
    this.book.hearApply(node, entry, record);
    // Committed in the term of this server at the latest; mostly it is known already, and more exactly.
    if (entry.index > this.committed.length)
      this.committed.add(entry.index, entry.term, {
        term: Math.max(this.terms[node], entry.term),
        holders: [node],
        record,
      });
  }

  onProposal(node: number, { answer }: Proposal, record: number): Finding | undefined {
    if (answer === null || answer === undefined) return undefined;
    return this.lacksAt(node, answer.term, answer.index, answer.term, record);
  }

  private onAppendEntries(passage: Passage): Finding | undefined {
    const { from, message, record } = passage;
    this.logs.hear(passage);
    this.book.hear(passage);
    const term = message.term as Term;
    if (term > this.terms[from]) this.terms[from] = term;
    if (this.scene.isScripted(from)) {
      if (this.contradicts(passage)) this.committed.giveUp();
      return undefined;
    }
    const finding = this.leads(from, term, record);
    if (finding !== undefined) return finding;
    let index = message.prevLogIndex as LogIndex;
    if (index === 0 && message.entries?.length === 0) return undefined;
    const ofPrevious = this.lacksAt(from, term, index, message.prevLogTerm as Term, record);
    if (ofPrevious !== undefined) return ofPrevious;
    const entries = message.entries as readonly LogEntry[];
    for (let i = 0; i < entries.length; i++) {
      const lack = this.lacksAt(from, term, ++index, entries[i].term, record);
      if (lack !== undefined) return lack;
    }
    return undefined;
  }

  /** A server is seen to lead a term. */
  private leads(node: number, term: Term, record: number): Finding | undefined {
    if (term <= this.led[node]) return undefined;
    this.led[node] = term;
    if (term > this.highestLed) this.highestLed = term;
    const entry = this.committed.lastBefore(term);
    return entry === undefined ? undefined : this.lackedAtElection(node, term, entry, record);
  }

  /** A leader's log ended too early when it asked for votes. */
  private lackedAtElection(
    leader: number,
    term: Term,
    entry: CommittedEntry,
    record: number,
  ): Finding | undefined {
    const campaign = this.elections.campaign(leader, term);
    if (campaign === undefined) return undefined;
    const { lastLogIndex, lastLogTerm } = campaign;
    if (lastLogTerm > entry.term || (lastLogTerm === entry.term && lastLogIndex >= entry.index))
      return undefined;
    const because =
      lastLogIndex === 0
        ? "its log was empty when it asked for votes"
        : `when it asked for votes its log ended with entry ${lastLogIndex} of term ${lastLogTerm}`;
    return this.witnessed({ leader, term, entry, record, because });
  }

  /** A leader has something else where a committed entry should be. */
  private lacksAt(
    leader: number,
    term: Term,
    index: LogIndex,
    entryTerm: Term,
    record: number,
  ): Finding | undefined {
    const entry = this.committed.at(index);
    if (entry === undefined || entry.term === entryTerm || entry.committedIn >= term) return undefined;
    const because = `it has an entry of term ${entryTerm} at index ${index}`;
    return this.witnessed({ leader, term, entry, record, because });
  }

  private onCommitment({ acknowledgements, index, record }: Commitment): Finding | undefined {
    const { term } = acknowledgements;
    const entryTerm = this.logs.of(term)?.termAt(index);
    if (index <= this.committed.length || entryTerm === undefined) return undefined;
    const from = this.committed.length + 1;
    const holders = acknowledgements.holders(index);
    if (!this.committed.add(index, entryTerm, { term, holders, record }) || term >= this.highestLed)
      return undefined;
    // A later leader is there already: it should have the entries too.
    for (const log of this.logs.all()) {
      if (log.term <= term) continue;
      const finding = this.lackingIn(log.leader, log.term, from, index);
      if (finding !== undefined) return finding;
    }
    return undefined;
  }

  /** Looks at entries that have turned out to be committed. */
  private lackingIn(leader: number, term: Term, from: LogIndex, to: LogIndex): Finding | undefined {
    const log = this.logs.of(term);
    for (let index = from; index <= to; index++) {
      const shown = log?.entries.get(index);
      if (shown === undefined || shown.term === this.committed.at(index)?.term) continue;
      if (this.scene.isScripted(leader)) this.committed.giveUp();
      else return this.lacksAt(leader, term, index, shown.term, shown.record);
    }
    const last = this.committed.at(to);
    if (last === undefined || log === undefined || this.scene.isScripted(leader)) return undefined;
    return this.lackedAtElection(leader, term, last, log.record);
  }

  /** True if a message has something else where a committed entry should be. */
  private contradicts({ message }: Passage): boolean {
    const first = message.prevLogIndex as LogIndex;
    const terms = [message.prevLogTerm, ...(message.entries as readonly LogEntry[]).map(({ term }) => term)];
    return terms.some((term, i) => (this.committed.at(first + i)?.term ?? term) !== term);
  }

  private witnessed({ leader, term, entry, record, because }: Lack): Finding | undefined {
    const name = this.ids[leader];
    const { index, holders, committedIn } = entry;
    const wasHolder = holders.includes(leader);
    const grants = this.elections.grants(leader, term);
    const grant = grants.find(({ voter }) => holders.includes(voter) && !this.scene.isScripted(voter));
    if (!wasHolder && grant === undefined) return undefined;
    const voter = grant === undefined ? name : this.ids[grant.voter];
    const campaign = this.elections.campaign(leader, term)?.record;
    return {
      property: "Leader Completeness",
      section: "Raft Figure 3",
      sentence: `${name} leads term ${term} without entry ${index} of term ${entry.term}, which was committed in term ${committedIn}: ${because}. ${wasHolder ? `It had stored that entry itself` : `${voter} had stored that entry, and voted for ${name}`}.`,
      evidence: [entry.record, campaign, grant?.record, record].filter((step) => step !== undefined),
      wrong: wasHolder ? (campaign ?? record) : grant?.record,
      rule: wasHolder
        ? "Figure 2, AppendEntries receiver, step 3: only an existing entry that conflicts with a new one (same index but different terms) is deleted, with all that follow it."
        : "§5.4.1: the voter denies its vote if its own log is more up-to-date than that of the candidate.",
      next: wasHolder
        ? `What has removed entry ${index} from ${name}'s log after it had acknowledged it?`
        : `Did ${voter} still have entry ${index} when it was asked, and with what did it compare lastLogTerm and lastLogIndex?`,
    };
  }
}
