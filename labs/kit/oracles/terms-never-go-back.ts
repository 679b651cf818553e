import type { NodeId, Status } from "../contract";
import type { Finding, Oracle, Scene } from "./oracle";

/** currentTerm increases monotonically (Raft §5.1; Figure 2, State). */
export class TermsNeverGoBack implements Oracle {
  readonly reads = [];
  private readonly ids: readonly NodeId[];

  constructor(scene: Scene) {
    this.ids = scene.ids;
  }

  onStatus(node: number, before: Status, after: Status, record: number): Finding | undefined {
    if (after.currentTerm >= before.currentTerm) return undefined;
    const name = this.ids[node];
    return {
      property: "Terms never go back",
      section: "Raft §5.1",
      sentence: `${name} goes back from term ${before.currentTerm} to term ${after.currentTerm}.`,
      evidence: [record],
      wrong: record,
      rule: "Figure 2, State: currentTerm is the latest term the server has seen; it increases monotonically.",
      next: `Which message or line sets ${name}'s currentTerm here, and does it check first that the new term is greater?`,
    };
  }
}
