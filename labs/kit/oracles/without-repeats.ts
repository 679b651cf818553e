import type { AppliedEntry, Json, Status } from "../contract";
import type { AnyMessage } from "../host/reaction";
import type { Proposal } from "../trace/requests";
import type { Finding, Oracle, OracleMaker, Passage, Scene } from "./oracle";

/**
 * Oracles for which a message tells nothing that says just what the one before it on its link said: most messages of a
 * run are heartbeats and their answers. They are told of everything else. A restart makes everything news again.
 */
export class WithoutRepeats implements Oracle {
  readonly reads: readonly string[];
  private readonly oracles: readonly Oracle[];
  private readonly atSend = new Map<string, readonly Oracle[]>();
  private readonly atDelivery = new Map<string, readonly Oracle[]>();
  private readonly sent: Links;
  private readonly delivered: Links;

  constructor(scene: Scene, makers: readonly OracleMaker[]) {
    this.oracles = makers.map((make) => make(scene));
    this.reads = [...new Set(this.oracles.flatMap(({ reads }) => reads))];
    for (const type of this.reads) {
      const readers = this.oracles.filter(({ reads }) => reads.includes(type));
      this.atSend.set(
        type,
        readers.filter(({ onSend }) => onSend !== undefined),
      );
      this.atDelivery.set(
        type,
        readers.filter(({ onDeliver }) => onDeliver !== undefined),
      );
    }
    this.sent = new Links(scene.names.length);
    this.delivered = new Links(scene.names.length);
  }

  onSend(passage: Passage): Finding | undefined {
    if (this.sent.isRepeat(passage)) return undefined;
    return first(this.atSend.get(passage.message.type), (oracle) => oracle.onSend?.(passage));
  }

  onDeliver(passage: Passage): Finding | undefined {
    if (this.delivered.isRepeat(passage)) return undefined;
    return first(this.atDelivery.get(passage.message.type), (oracle) => oracle.onDeliver?.(passage));
  }

  onStatus(node: number, before: Status, after: Status, record: number): Finding | undefined {
    return first(this.oracles, (oracle) => oracle.onStatus?.(node, before, after, record));
  }

  onApply(node: number, entry: AppliedEntry, record: number): Finding | undefined {
    return first(this.oracles, (oracle) => oracle.onApply?.(node, entry, record));
  }

  onPropose(node: number, command: Json, record: number): Finding | undefined {
    return first(this.oracles, (oracle) => oracle.onPropose?.(node, command, record));
  }

  onProposal(node: number, proposal: Proposal, record: number): Finding | undefined {
    return first(this.oracles, (oracle) => oracle.onProposal?.(node, proposal, record));
  }

  onStart(node: number, record: number): Finding | undefined {
    this.sent.forget();
    this.delivered.forget();
    return first(this.oracles, (oracle) => oracle.onStart?.(node, record));
  }
}

/** Numbers that are remembered of a heartbeat, and then of a success, on each link. */
const FIELDS = 6;

/** What was said last on each link. */
class Links {
  private readonly latest: Float64Array;

  constructor(private readonly nodes: number) {
    this.latest = new Float64Array(nodes * nodes * FIELDS).fill(-1);
  }

  /** True for an AppendEntries without entries, or a success, that says what the last such message said. */
  isRepeat({ from, to, message }: Passage): boolean {
    const at = (from * this.nodes + to) * FIELDS;
    if (message.type === "AppendEntries")
      return message.entries?.length === 0 && this.isSameHeartbeat(at, message);
    if (message.type === "AppendEntriesReply")
      return message.success === true && this.isSameSuccess(at + 4, message);
    return false;
  }

  forget(): void {
    this.latest.fill(-1);
  }

  private isSameHeartbeat(at: number, message: AnyMessage): boolean {
    const { latest } = this;
    const { term = 0, prevLogIndex = 0, prevLogTerm = 0, leaderCommit = 0 } = message;
    if (
      latest[at] === term &&
      latest[at + 1] === prevLogIndex &&
      latest[at + 2] === prevLogTerm &&
      latest[at + 3] === leaderCommit
    )
      return true;
    latest[at] = term;
    latest[at + 1] = prevLogIndex;
    latest[at + 2] = prevLogTerm;
    latest[at + 3] = leaderCommit;
    return false;
  }

  private isSameSuccess(at: number, { term = 0, matchIndex = 0 }: AnyMessage): boolean {
    const { latest } = this;
    if (latest[at] === term && latest[at + 1] === matchIndex) return true;
    latest[at] = term;
    latest[at + 1] = matchIndex;
    return false;
  }
}

function first(
  oracles: readonly Oracle[] | undefined,
  ask: (oracle: Oracle) => Finding | undefined,
): Finding | undefined {
  if (oracles === undefined) return undefined;
  for (const oracle of oracles) {
    const finding = ask(oracle);
    if (finding !== undefined) return finding;
  }
  return undefined;
}
