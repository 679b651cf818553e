import type { NodeId, Status, Term } from "../contract";
import type { Finding, Oracle, Passage, Scene } from "./oracle";

interface Promised {
  readonly term: Term;
  readonly record: number;
}

const NOTHING: Promised = { term: 0, record: -1 };

/**
 * A restart does not take a server's term back (Figure 2, State): the term of every request and reply that it has sent
 * was durable before. Pre-votes promise nothing.
 */
export class DurableTerm implements Oracle {
  readonly reads = ["RequestVote", "RequestVoteReply", "AppendEntries", "AppendEntriesReply"];
  private readonly ids: readonly NodeId[];
  /** For each server, the highest term that it has sent in any life. */
  private readonly promised: Promised[];
  private readonly lives: number[];
  /** For each server, the record of a restart after which nobody has looked at its term yet. */
  private readonly restarts: (number | undefined)[];

  constructor(private readonly scene: Scene) {
    this.ids = scene.ids;
    this.promised = scene.ids.map(() => NOTHING);
    this.lives = scene.ids.map(() => 0);
    this.restarts = scene.ids.map(() => undefined);
  }

  onStart(node: number, record: number): undefined {
    this.lives[node] += 1;
    if (this.lives[node] > 1) this.restarts[node] = record;
  }

  onSend({ from, message, record }: Passage): undefined {
    const term = message.term as Term;
    if (from < this.promised.length && term > this.promised[from].term)
      this.promised[from] = { term, record };
  }

  /** Its start is over: what it said about itself then is what it has taken up again. */
  onDeliver({ to, record }: Passage): Finding | undefined {
    return this.restarts[to] === undefined
      ? undefined
      : this.judge(to, this.scene.statusOf(to).currentTerm, record);
  }

  onStatus(node: number, _before: Status, { currentTerm }: Status, record: number): Finding | undefined {
    return this.restarts[node] === undefined ? undefined : this.judge(node, currentTerm, record);
  }

  private judge(node: number, term: Term, record: number): Finding | undefined {
    const restart = this.restarts[node] ?? record;
    this.restarts[node] = undefined;
    const promised = this.promised[node];
    if (term >= promised.term) return undefined;
    const name = this.ids[node];
    return {
      property: "Promises outlive a restart",
      section: "Raft Figure 2",
      sentence: `${name} is back in term ${term} after its restart, although it has sent messages of term ${promised.term}.`,
      evidence: [promised.record, restart, record],
      wrong: restart,
      rule: "Figure 2, State: currentTerm and votedFor are updated on stable storage before responding to RPCs.",
      next: `Is currentTerm on ${name}'s disk before each message that names it, and is it read when ${name} starts?`,
    };
  }
}
