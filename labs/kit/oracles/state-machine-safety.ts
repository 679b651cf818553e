import type { AppliedEntry, NodeId } from "../contract";
import { commandWords } from "../story/words";
import { isSameCommand } from "./knowledge/same-command";
import type { Finding, Oracle, Scene } from "./oracle";

interface Applied {
  readonly entry: AppliedEntry;
  readonly node: number;
  readonly record: number;
}

/**
 * State Machine Safety (Raft Figure 3): if a server has applied a log entry at a given index to its state machine, no
 * other server will ever apply a different log entry for the same index; nor will it itself in another life.
 */
export class StateMachineSafety implements Oracle {
  readonly reads = [];
  private readonly names: readonly NodeId[];
  /** By index. */
  private readonly applied = new Map<number, Applied>();

  constructor(scene: Scene) {
    this.names = scene.names;
  }

  onApply(node: number, entry: AppliedEntry, record: number): Finding | undefined {
    const { index, term, command } = entry;
    const first = this.applied.get(index);
    if (first === undefined) this.applied.set(index, { entry, node, record });
    if (first === undefined) return undefined;
    if (first.entry.term === term && isSameCommand(first.entry.command, command)) return undefined;
    const [name, other] = [this.names[node], this.names[first.node]];
    return {
      property: "State Machine Safety",
      section: "Raft Figure 3",
      sentence: `${name} applies ${entryWords(entry)} at index ${index}, where ${other === name ? `it had applied ${entryWords(first.entry)} before it was restarted` : `${other} applied ${entryWords(first.entry)}`}.`,
      evidence: [first.record, record],
      wrong: record,
      rule: "Figure 3: if a server has applied a log entry at a given index to its state machine, no other server will ever apply a different log entry for the same index.",
      next: `Which of the two entries did a majority store, and how did the other one come to stand at index ${index} of a log as committed?`,
    };
  }
}

function entryWords({ term, command }: AppliedEntry): string {
  return `${commandWords(command)} of term ${term}`;
}
