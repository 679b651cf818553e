import type { NodeId, Status } from "../contract";
import type { Finding, Oracle, Scene } from "./oracle";

/** commitIndex increases monotonically while a server lives (Figure 2, State). */
export class CommitIndexNeverGoesBack implements Oracle {
  readonly reads = [];
  private readonly ids: readonly NodeId[];

  constructor(scene: Scene) {
    this.ids = scene.ids;
  }

  onStatus(node: number, before: Status, after: Status, record: number): Finding | undefined {
    if (before.commitIndex === undefined || after.commitIndex === undefined) return undefined;
    if (after.commitIndex >= before.commitIndex) return undefined;
    const name = this.ids[node];
    return {
      property: "commitIndex never goes back",
      section: "Raft Figure 2",
      sentence: `${name}'s commitIndex goes back from ${before.commitIndex} to ${after.commitIndex}.`,
      evidence: [record],
      wrong: record,
      rule: "Figure 2, State: commitIndex is the index of the highest log entry known to be committed; it increases monotonically.",
      next: `Which line sets ${name}'s commitIndex here, and does it check first that the new value is greater? A leader may know less than the one before it.`,
    };
  }
}
