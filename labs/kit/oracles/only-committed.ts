import type { AppliedEntry, LogIndex, NodeId, Status, Term } from "../contract";
import { listWords, plural } from "../story/words";
import { Acknowledged } from "./knowledge/acknowledged";
import { type LeaderLog, LeaderLogs } from "./knowledge/leader-logs";
import { type FromLeader, Received } from "./knowledge/received";
import type { Finding, Oracle, Passage, Scene } from "./oracle";

/** A server takes an index for committed: by applying it, announcing it, or saying so. */
interface Claim {
  readonly node: number;
  readonly index: LogIndex;
  readonly record: number;
  /** "applies entry 5 of term 2" */
  readonly deed: string;
}

const PROPERTY = "Only what is committed is applied";

/**
 * Entries are applied and announced only once the server can know that they are committed (Raft §5.3, §5.4.2). It knows
 * that as a leader, when successful replies of its term show that a majority stores them and one of its own term; or
 * as a follower, up to what its log was shown to share with a leader and that leader called committed. What a server
 * knew once it may have on its disk: its lives are not told apart.
 */
export class OnlyCommitted implements Oracle {
  readonly reads = ["AppendEntries", "AppendEntriesReply"];
  /** For each server, up to where it is known to know. */
  private readonly known: LogIndex[];
  private readonly lives: number[];
  private readonly ids: readonly NodeId[];
  private readonly received: Received;
  private readonly acknowledged: Acknowledged;
  private readonly logs: LeaderLogs;

  constructor(private readonly scene: Scene) {
    this.ids = scene.ids;
    // A cluster of one is its own majority.
    this.known = scene.ids.map(() => (scene.ids.length === 1 ? Number.POSITIVE_INFINITY : 0));
    this.lives = scene.ids.map(() => 0);
    this.received = Received.of(scene);
    this.acknowledged = Acknowledged.of(scene);
    this.logs = LeaderLogs.of(scene);
  }

  onStart(node: number): undefined {
    this.lives[node] += 1;
  }

  onDeliver(passage: Passage): undefined {
    const { to, message } = passage;
    if (message.type === "AppendEntriesReply") {
      this.acknowledged.hear(passage);
      const { commitment } = this.acknowledged;
      if (commitment !== undefined && commitment.index > this.known[to]) this.known[to] = commitment.index;
      return;
    }
    this.received.hear(passage);
    const leader = this.received.by(to)?.from(message.term as Term);
    if (leader === undefined) return;
    const known = Math.min(leader.matched, leader.commit);
    if (known > this.known[to]) this.known[to] = known;
  }

  onSend(passage: Passage): Finding | undefined {
    const { from, message, record } = passage;
    if (message.type !== "AppendEntries") return undefined;
    this.received.hearSend(passage);
    const index = message.leaderCommit as LogIndex;
    if (!(index > this.known[from]) || this.scene.isScripted(from)) return undefined;
    return this.judge({ node: from, index, record, deed: `announces leaderCommit ${index}` });
  }

  onApply(node: number, { index, term }: AppliedEntry, record: number): Finding | undefined {
    if (index <= this.known[node]) return undefined;
    return this.judge({ node, index, record, deed: `applies entry ${index} of term ${term}` });
  }

  onStatus(node: number, _before: Status, { commitIndex }: Status, record: number): Finding | undefined {
    if (commitIndex === undefined || commitIndex <= this.known[node]) return undefined;
    return this.judge({ node, index: commitIndex, record, deed: `says commitIndex ${commitIndex}` });
  }

  private judge(claim: Claim): Finding | undefined {
    const { node, index } = claim;
    this.known[node] = Math.max(this.known[node], this.learned(node));
    if (index <= this.known[node]) return undefined;
    const followed = this.received.by(node)?.latest;
    const led = this.ledLast(node);
    return led !== undefined && led.term > (followed?.term ?? 0)
      ? this.ofLeader(claim, led)
      : this.ofFollower(claim);
  }

  /** Up to where a server can know, all in all. */
  private learned(node: number): LogIndex {
    const inbox = this.received.by(node);
    let learned = 0;
    for (const leader of inbox?.leaders.values() ?? [])
      learned = Math.max(learned, Math.min(inbox?.matchedTo(leader) ?? 0, leader.commit));
    for (const acknowledgements of this.acknowledged.to(node).values())
      learned = Math.max(learned, this.acknowledged.committed(acknowledgements));
    return learned;
  }

  private ledLast(node: number): LeaderLog | undefined {
    let last: LeaderLog | undefined;
    for (const log of this.logs.all()) if (log.leader === node && log.term > (last?.term ?? 0)) last = log;
    return last;
  }

  private ofLeader({ node, index, record, deed }: Claim, { term }: LeaderLog): Finding {
    const name = this.ids[node];
    const heard = this.acknowledged.to(node).get(term);
    const replies = (heard?.records ?? []).filter((reply) => reply !== undefined);
    if (heard !== undefined && index <= heard.majority) {
      return {
        property: PROPERTY,
        section: "Raft §5.4.2, Figure 8",
        sentence: `${name}, leader of term ${term}, ${deed} because a majority stores it; but of term ${term} itself a majority stores nothing yet.`,
        evidence: [...replies, record],
        wrong: record,
        rule: "Figure 2, Leaders: if there exists an N such that N > commitIndex, a majority of matchIndex[i] ≥ N, and log[N].term == currentTerm: set commitIndex = N (§5.3, §5.4).",
        next: `Of which term is the entry that ${name} counts? Which server could still be elected and overwrite it, as in Figure 8?`,
      };
    }
    const holders = heard?.holders(index) ?? [node];
    return {
      property: PROPERTY,
      section: "Raft §5.3",
      sentence: `${name}, leader of term ${term}, ${deed}; of ${plural(this.ids.length, "server")} only ${listWords(holders.map((holder) => this.ids[holder]))} ${holders.length === 1 ? "is" : "are"} known to store that.`,
      evidence: [...replies, record],
      wrong: record,
      rule: "§5.3: a log entry is committed once the leader that created the entry has replicated it on a majority of the servers.",
      next: `What does ${name} count for each of its peers in term ${term}: the matchIndex of a successful reply of this term, or something else? What does it begin with when it is elected?`,
    };
  }

  private ofFollower({ node, index, record, deed }: Claim): Finding {
    const name = this.ids[node];
    const told = this.toldMost(node);
    const evidence = [told?.matchedRecord, told?.commitRecord, record].filter((step) => step !== undefined);
    if (told !== undefined && told.commit >= index)
      return this.beyondChecked(told, name, deed, evidence, record);
    return {
      property: PROPERTY,
      section: "Raft §5.3",
      sentence: `${name} ${deed}; no leader has told it that ${told === undefined || told.commit === 0 ? "anything is" : `more than ${told.commit} is`} committed.`,
      evidence,
      wrong: record,
      rule: "§5.3: once a follower learns that a log entry is committed, it applies the entry to its local state machine.",
      next:
        this.lives[node] > 1
          ? `What does ${name} take for committed after its restart? An entry on its disk may still be overwritten.`
          : `Where does ${name} get its commitIndex from here, if not from leaderCommit?`,
    };
  }

  /** A leader has committed that much, but what the server has there need not be the same. */
  private beyondChecked(
    told: FromLeader,
    name: NodeId,
    deed: string,
    evidence: readonly number[],
    record: number,
  ): Finding {
    const { term, commit, matched } = told;
    const head = { property: PROPERTY, section: "Raft Figure 2", evidence, wrong: record } as const;
    const leader = `the leader of term ${term} has committed up to ${commit}`;
    const gap = [...told.pending.values()].at(-1);
    if (gap !== undefined)
      return {
        ...head,
        sentence: `${name} ${deed}; ${leader}, but its AppendEntries follow entry ${gap.prevLogIndex} of term ${gap.prevLogTerm}, which ${name} has never received.`,
        rule: "Figure 2, AppendEntries receiver, step 2: reply false if log doesn't contain an entry at prevLogIndex whose term matches prevLogTerm.",
        next: `What does ${name}'s log have at index ${gap.prevLogIndex}, and of which term? Does a request that is refused change anything?`,
      };
    return {
      ...head,
      sentence: `${name} ${deed}; ${leader}, but has shown ${name} ${matched === 0 ? "none of its entries" : `its entries up to ${matched} only`}.`,
      rule: "Figure 2, AppendEntries receiver, step 5: if leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new entry).",
      next: `What may ${name}'s log have after the last entry that this AppendEntries is about, and what does ${name} take the minimum with?`,
    };
  }

  /** Whoever told a server of the most committed entries. */
  private toldMost(node: number): FromLeader | undefined {
    let most: FromLeader | undefined;
    for (const leader of this.received.by(node)?.leaders.values() ?? [])
      if (most === undefined || leader.commit > most.commit) most = leader;
    return most;
  }
}
