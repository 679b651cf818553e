import type { NodeId, Status, Term } from "../contract";
import type { Finding, Oracle, Passage, Scene } from "./oracle";

interface Leadership {
  readonly node: number;
  readonly record: number;
}

/**
 * Election Safety (Raft Figure 3): at most one leader can be elected in a given term. A leader is a server that says
 * so, or that sends AppendEntries: both count.
 */
export class ElectionSafety implements Oracle {
  readonly reads = ["AppendEntries"];
  private readonly leaders = new Map<Term, Leadership>();
  private readonly ids: readonly NodeId[];

  constructor(private readonly scene: Scene) {
    this.ids = scene.names;
  }

  onSend({ from, message, record }: Passage): Finding | undefined {
    return this.leads(from, message.term as Term, record);
  }

  onStatus(node: number, _before: Status, after: Status, record: number): Finding | undefined {
    return after.role === "leader" ? this.leads(node, after.currentTerm, record) : undefined;
  }

  private leads(node: number, term: Term, record: number): Finding | undefined {
    const known = this.leaders.get(term);
    if (known === undefined) this.leaders.set(term, { node, record });
    if (known === undefined || known.node === node || this.scene.isScripted(node)) return undefined;
    const [first, second] = [this.ids[known.node], this.ids[node]];
    return {
      property: "Election Safety",
      section: "Raft Figure 3",
      sentence: `${first} and ${second} both lead term ${term}.`,
      evidence: [known.record, record],
      wrong: record,
      rule: "§5.2: a candidate wins with votes from a majority of the full cluster for the same term, and each server votes for at most one candidate a term.",
      next: `Whose votes of term ${term} made ${second} the leader? Were they a majority, and had any of them gone to ${first}?`,
    };
  }
}
