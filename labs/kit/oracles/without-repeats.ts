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
  /** Who reads a type of message; looked up when the first one comes. */
  private readonly readers = new Map<string, Readers>();
  private readonly sent: Links;
  private readonly delivered: Links;

  constructor(scene: Scene, makers: readonly OracleMaker[]) {
    this.oracles = makers.map((make) => make(scene));
    this.reads = [...new Set(this.oracles.flatMap(({ reads }) => reads))];
    this.sent = new Links(scene.names.length);
    this.delivered = new Links(scene.names.length);
  }

  onSend(passage: Passage): Finding | undefined {
    if (this.sent.isRepeat(passage)) return undefined;
    return first(this.readersOf(passage).atSend, (oracle) => oracle.onSend?.(passage));
  }

  onDeliver(passage: Passage): Finding | undefined {
    if (this.delivered.isRepeat(passage)) return undefined;
    return first(this.readersOf(passage).atDelivery, (oracle) => oracle.onDeliver?.(passage));
  }

  private readersOf({ message: { type } }: Passage): Readers {
    const known = this.readers.get(type);
    if (known !== undefined) return known;
    const oracles = this.oracles.filter(({ reads }) => reads.includes(type));
    const readers = {
      atSend: oracles.filter(({ onSend }) => onSend !== undefined),
      atDelivery: oracles.filter(({ onDeliver }) => onDeliver !== undefined),
    };
    this.readers.set(type, readers);
    return readers;
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

interface Readers {
  readonly atSend: readonly Oracle[];
  readonly atDelivery: readonly Oracle[];
}

/** Numbers that are remembered of a heartbeat, and then of a success, on each link. */
const FIELDS = 6;

/** What was said last on each link. */
class Links {
  /** Made with the first such message: many short runs of a search have none. */
  private latest: Float64Array | undefined;

  constructor(private readonly nodes: number) {}

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
    this.latest?.fill(-1);
  }

  private get said(): Float64Array {
    this.latest ??= new Float64Array(this.nodes * this.nodes * FIELDS).fill(-1);
    return this.latest;
  }

  private isSameHeartbeat(at: number, message: AnyMessage): boolean {
    const latest = this.said;
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
    const latest = this.said;
    if (latest[at] === term && latest[at + 1] === matchIndex) return true;
    latest[at] = term;
    latest[at + 1] = matchIndex;
    return false;
  }
}

function first(
  oracles: readonly Oracle[],
  ask: (oracle: Oracle) => Finding | undefined,
): Finding | undefined {
  for (const oracle of oracles) {
    const finding = ask(oracle);
    if (finding !== undefined) return finding;
  }
  return undefined;
}
