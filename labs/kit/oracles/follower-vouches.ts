import type { LogIndex, NodeId, Term } from "../contract";
import { Received } from "./knowledge/received";
import type { Finding, Oracle, Passage, Scene } from "./oracle";

/**
 * A follower vouches only for what it has seen: the matchIndex of a success is covered by AppendEntries of that term
 * that have reached it, each of which starts after an entry that it can have (Raft §5.3, the consistency check).
 */
export class FollowerVouches implements Oracle {
  readonly reads = ["AppendEntries", "AppendEntriesReply"];
  private readonly ids: readonly NodeId[];
  private readonly received: Received;

  constructor(private readonly scene: Scene) {
    this.ids = scene.ids;
    this.received = Received.of(scene);
  }

  onDeliver(passage: Passage): undefined {
    if (passage.message.type === "AppendEntries") this.received.hear(passage);
  }

  onSend(passage: Passage): Finding | undefined {
    const { from, message, record } = passage;
    if (message.type === "AppendEntries") this.received.hearSend(passage);
    if (message.type !== "AppendEntriesReply" || message.success !== true) return undefined;
    const matchIndex = message.matchIndex as LogIndex;
    if (matchIndex === 0 || this.scene.isScripted(from)) return undefined;
    const inbox = this.received.by(from);
    const leader = inbox?.from(message.term as Term);
    if (inbox !== undefined && leader !== undefined && matchIndex <= inbox.matchedTo(leader))
      return undefined;
    const term = message.term as Term;
    const says = `${this.ids[from]} answers that its log matches that of term ${term}'s leader up to ${matchIndex}`;
    if (leader === undefined || matchIndex > leader.reach)
      return this.beyond(says, from, leader?.reach, leader?.record, record);
    const gap = [...leader.pending.values()].find(({ end }) => matchIndex <= end);
    return this.withoutCheck(says, from, gap?.prevLogIndex ?? 0, gap?.prevLogTerm ?? 0, gap?.record, record);
  }

  private beyond(
    says: string,
    node: number,
    reach: LogIndex | undefined,
    request: number | undefined,
    record: number,
  ): Finding {
    const shown =
      reach === undefined
        ? "it never heard from that leader"
        : reach === 0
          ? "the leader has shown it no entry"
          : `the leader has shown it nothing beyond ${reach}`;
    return {
      property: "A follower vouches only for what it has seen",
      section: "Raft §5.3",
      sentence: `${says}; ${shown}.`,
      evidence: request === undefined ? [record] : [request, record],
      wrong: record,
      rule: "§5.3: AppendEntries returning successfully tells the leader that the follower's log is identical to its own up through the new entries, and no further.",
      next: `How does ${this.ids[node]} compute matchIndex: from the request that it answers, or from the length of its own log, whose end the leader may not have?`,
    };
  }

  private withoutCheck(
    says: string,
    node: number,
    prevLogIndex: LogIndex,
    prevLogTerm: Term,
    request: number | undefined,
    record: number,
  ): Finding {
    const name = this.ids[node];
    return {
      property: "A follower vouches only for what it has seen",
      section: "Raft §5.3",
      sentence: `${says}; these entries follow entry ${prevLogIndex} of term ${prevLogTerm}, which ${name} has never received.`,
      evidence: request === undefined ? [record] : [request, record],
      wrong: record,
      rule: "Figure 2, AppendEntries receiver, step 2: reply false if log doesn't contain an entry at prevLogIndex whose term matches prevLogTerm.",
      next: `What does ${name}'s log have at index ${prevLogIndex}, and of which term? What does ${name} compare before it accepts?`,
    };
  }
}
