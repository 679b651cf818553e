import type { AppliedEntry, Json, Status } from "../contract";
import type { Finding, Oracle, OracleMaker, Passage, Scene } from "../oracles";
import type { Proposal } from "../trace/requests";

/** Thrown when an oracle finds that a property is broken. */
export class OracleFinding extends Error {
  constructor(readonly finding: Finding) {
    super(finding.sentence);
  }
}

/** The oracles of one run, each asked only about what it reads. */
export class Watchers {
  private readonly atSend = new Readers();
  private readonly atDelivery = new Readers();
  private readonly oracles: Oracle[] = [];
  private readonly onStatusOf: Oracle[] = [];

  constructor(makers: readonly OracleMaker[], scene: Scene) {
    for (const make of makers) this.hire(make(scene));
  }

  onSend(passage: Passage): void {
    const oracles = this.atSend.of(passage.message.type);
    for (let i = 0; i < oracles.length; i++) report(oracles[i].onSend?.(passage));
  }

  onDeliver(passage: Passage): void {
    const oracles = this.atDelivery.of(passage.message.type);
    for (let i = 0; i < oracles.length; i++) report(oracles[i].onDeliver?.(passage));
  }

  onStatus(node: number, before: Status, after: Status, record: number): void {
    for (const oracle of this.onStatusOf) report(oracle.onStatus?.(node, before, after, record));
  }

  onApply(node: number, entry: AppliedEntry, record: number): void {
    for (const oracle of this.oracles) report(oracle.onApply?.(node, entry, record));
  }

  onPropose(node: number, command: Json, record: number): void {
    for (const oracle of this.oracles) report(oracle.onPropose?.(node, command, record));
  }

  onProposal(node: number, proposal: Proposal, record: number): void {
    for (const oracle of this.oracles) report(oracle.onProposal?.(node, proposal, record));
  }

  onStart(node: number, record: number): void {
    for (const oracle of this.oracles) report(oracle.onStart?.(node, record));
  }

  private hire(oracle: Oracle): void {
    this.oracles.push(oracle);
    for (const type of oracle.reads) {
      if (oracle.onSend) this.atSend.add(type, oracle);
      if (oracle.onDeliver) this.atDelivery.add(type, oracle);
    }
    if (oracle.onStatus) this.onStatusOf.push(oracle);
  }
}

const NOBODY: readonly Oracle[] = [];

/** The oracles by the type of message that they read. */
class Readers {
  private readonly byType = new Map<string, Oracle[]>();
  /** Messages of one type come in rows: the last answer is mostly the next. */
  private lastType = "";
  private last = NOBODY;

  add(type: string, oracle: Oracle): void {
    const oracles = this.byType.get(type) ?? [];
    this.byType.set(type, oracles);
    oracles.push(oracle);
  }

  of(type: string): readonly Oracle[] {
    if (type === this.lastType) return this.last;
    this.lastType = type;
    this.last = this.byType.get(type) ?? NOBODY;
    return this.last;
  }
}

function report(finding: Finding | undefined): void {
  if (finding !== undefined) throw new OracleFinding(finding);
}
