import type { LogIndex, NodeId, Term } from "../contract";
import { LeaderLogs } from "./knowledge/leader-logs";
import { type FromLeader, Received } from "./knowledge/received";
import type { Finding, Oracle, Passage, Scene } from "./oracle";

/** A follower has told the leader of a term up to where it stores that leader's log. */
interface Promised {
  readonly leader: Term;
  readonly index: LogIndex;
  /** The term of the entry there; undefined if nobody has shown it. */
  readonly term: Term | undefined;
  readonly record: number;
}

/**
 * What a follower has acknowledged it keeps (Raft §5.3; Figure 2, State), through restarts too: until a later leader
 * has spoken to it, its log is at least as up to date as what it has acknowledged, and it accepts what follows that.
 */
export class DurableLog implements Oracle {
  readonly reads = ["AppendEntries", "AppendEntriesReply", "RequestVote"];
  private readonly ids: readonly NodeId[];
  private readonly logs: LeaderLogs;
  private readonly received: Received;
  private readonly promises: (Promised | undefined)[];
  /** For each server, the lowest term of an AppendEntries in this life: one of a term that is over it may refuse. */
  private readonly lowest: Term[];
  /** For each server, the record of its latest restart. */
  private readonly restarts: (number | undefined)[];
  private readonly lives: number[];

  constructor(private readonly scene: Scene) {
    this.ids = scene.ids;
    this.logs = LeaderLogs.of(scene);
    this.received = Received.of(scene);
    this.promises = scene.ids.map(() => undefined);
    this.lowest = scene.ids.map(() => Number.POSITIVE_INFINITY);
    this.restarts = scene.ids.map(() => undefined);
    this.lives = scene.ids.map(() => 0);
  }

  onStart(node: number, record: number): undefined {
    this.lives[node] += 1;
    this.lowest[node] = Number.POSITIVE_INFINITY;
    if (this.lives[node] > 1) this.restarts[node] = record;
  }

  onDeliver(passage: Passage): undefined {
    const { to, message } = passage;
    if (message.type !== "AppendEntries" || to >= this.promises.length) return;
    this.received.hear(passage);
    const term = message.term as Term;
    const promised = this.promises[to];
    if (promised !== undefined && term > promised.leader) this.promises[to] = undefined;
    if (term < this.lowest[to]) this.lowest[to] = term;
  }

  onSend(passage: Passage): Finding | undefined {
    const { from, message, record } = passage;
    if (message.type === "AppendEntries") this.received.hearSend(passage);
    if (message.type === "AppendEntries" || from >= this.promises.length) return undefined;
    if (message.type === "RequestVote") return this.onRequestVote(passage);
    const { success, matchIndex = 0 } = message;
    const term = message.term as Term;
    if (success !== true) return this.onRefusal(from, term, record);
    if (matchIndex > 0) this.acknowledge(from, term, matchIndex, record);
    return undefined;
  }

  private acknowledge(node: number, leader: Term, index: LogIndex, record: number): void {
    const known = this.promises[node];
    if (known !== undefined && (known.leader > leader || (known.leader === leader && known.index >= index)))
      return;
    // A reply that comes after a later leader has spoken: that one may have changed the log meanwhile.
    if ((this.received.by(node)?.latest?.term ?? 0) > leader) return;
    this.promises[node] = { leader, index, term: this.logs.of(leader)?.termAt(index), record };
  }

  private onRequestVote({ from, message, record }: Passage): Finding | undefined {
    const promised = this.promises[from];
    if (promised?.term === undefined || this.scene.isScripted(from)) return undefined;
    const { lastLogIndex = 0, lastLogTerm = 0 } = message;
    if (lastLogTerm > promised.term) return undefined;
    if (lastLogTerm === promised.term && lastLogIndex >= promised.index) return undefined;
    const log =
      lastLogIndex === 0
        ? "has an empty log"
        : `has a log that ends with entry ${lastLogIndex} of term ${lastLogTerm}`;
    return this.lost(from, promised, `asks for votes and ${log}`, [record]);
  }

  /** In the term of its promise a server has a reason to refuse only what starts beyond it, or comes from an old leader. */
  private onRefusal(node: number, term: Term, record: number): Finding | undefined {
    const promised = this.promises[node];
    if (promised === undefined || promised.leader !== term || this.scene.isScripted(node)) return undefined;
    const leader = this.received.by(node)?.from(term);
    if (leader === undefined || leader.prevMax > promised.index || this.lowest[node] < term) return undefined;
    const what = `refuses an AppendEntries of term ${term}, although no leader has sent it one that starts after that`;
    return this.lost(node, promised, what, requestOf(leader, record));
  }

  private lost(
    node: number,
    { leader, index, term, record }: Promised,
    shows: string,
    later: readonly number[],
  ): Finding {
    const name = this.ids[node];
    const restart = this.restarts[node];
    const hasRestarted = restart !== undefined && restart > record;
    const entry = term === undefined ? `entry ${index}` : `entry ${index} of term ${term}`;
    return {
      property: hasRestarted
        ? "Promises outlive a restart"
        : "What is acknowledged stays until a later leader overwrites it",
      section: hasRestarted ? "Raft Figure 2" : "Raft §5.3",
      sentence: `${name} ${shows}; to the leader of term ${leader} it had acknowledged ${entry}${hasRestarted ? " before its restart" : ""}.`,
      evidence: hasRestarted ? [record, restart, ...later] : [record, ...later],
      wrong: hasRestarted ? restart : later.at(-1),
      rule: hasRestarted
        ? "Figure 2, State: log[] is updated on stable storage before responding to RPCs."
        : "Figure 2, AppendEntries receiver, step 3: only an existing entry that conflicts with a new one (same index but different terms) is deleted, with all that follow it.",
      next: hasRestarted
        ? `Is entry ${index} on ${name}'s disk before the reply that acknowledges it goes out, and does a restart read it?`
        : `Which line of ${name}'s program makes the log shorter, and which entry was in conflict when it did?`,
    };
  }
}

function requestOf(leader: FromLeader, record: number): number[] {
  return [leader.record, record];
}
