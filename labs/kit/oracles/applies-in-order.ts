import type { AppliedEntry, LogIndex, NodeId } from "../contract";
import type { Finding, Oracle, Scene } from "./oracle";

interface Last {
  readonly index: LogIndex;
  readonly record: number | undefined;
}

const NOTHING: Last = { index: 0, record: undefined };

/** In each of its lives a server applies the entries of its log in order from the first one on, each once (Figure 2). */
export class AppliesInOrder implements Oracle {
  readonly reads = [];
  private readonly names: readonly NodeId[];
  /** For each server, what it applied last in this life. */
  private readonly last: Last[];

  constructor(scene: Scene) {
    this.names = scene.names;
    this.last = scene.ids.map(() => NOTHING);
  }

  onStart(node: number): undefined {
    if (node < this.last.length) this.last[node] = NOTHING;
  }

  onApply(node: number, { index }: AppliedEntry, record: number): Finding | undefined {
    const before = this.last[node] ?? NOTHING;
    this.last[node] = { index, record };
    if (index === before.index + 1) return undefined;
    const name = this.names[node];
    const isAgain = index <= before.index;
    return {
      property: "Entries are applied in order, each once",
      section: "Raft Figure 2",
      sentence: isAgain
        ? `${name} applies entry ${index}${index === before.index ? "" : `, after entry ${before.index},`} for the second time.`
        : `${name} applies entry ${index} ${before.index === 0 ? "first; expected entry 1" : `after entry ${before.index}; expected entry ${before.index + 1}`}.`,
      evidence: before.record === undefined ? [record] : [before.record, record],
      wrong: record,
      rule: "Figure 2, All Servers: if commitIndex > lastApplied: increment lastApplied, apply log[lastApplied] to state machine.",
      next: isAgain
        ? `What keeps ${name} from handing over again what it has handed over: does lastApplied count each apply, and does anything set it or commitIndex back?`
        : `Where does ${name} begin to apply: at lastApplied + 1, and is the first entry's index 1?`,
    };
  }
}
