import type { Status } from "../contract";
import type { Finding, Oracle, OracleMaker, Passage, Scene } from "../oracles";

/** Thrown when an oracle finds that a property is broken. */
export class OracleFinding extends Error {
  constructor(readonly finding: Finding) {
    super(finding.sentence);
  }
}

/** The oracles of one run, each asked only about what it reads. */
export class Watchers {
  private readonly onSendOf = new Map<string, Oracle[]>();
  private readonly onDeliverOf = new Map<string, Oracle[]>();
  private readonly onStatusOf: Oracle[] = [];

  constructor(makers: readonly OracleMaker[], scene: Scene) {
    for (const make of makers) this.hire(make(scene));
  }

  onSend(passage: Passage): void {
    const oracles = this.onSendOf.get(passage.message.type);
    if (oracles === undefined) return;
    for (const oracle of oracles) report(oracle.onSend?.(passage));
  }

  onDeliver(passage: Passage): void {
    const oracles = this.onDeliverOf.get(passage.message.type);
    if (oracles === undefined) return;
    for (const oracle of oracles) report(oracle.onDeliver?.(passage));
  }

  onStatus(node: number, before: Status, after: Status, record: number): void {
    for (const oracle of this.onStatusOf) report(oracle.onStatus?.(node, before, after, record));
  }

  private hire(oracle: Oracle): void {
    for (const type of oracle.reads) {
      if (oracle.onSend) listFor(this.onSendOf, type).push(oracle);
      if (oracle.onDeliver) listFor(this.onDeliverOf, type).push(oracle);
    }
    if (oracle.onStatus) this.onStatusOf.push(oracle);
  }
}

function listFor(lists: Map<string, Oracle[]>, type: string): Oracle[] {
  const list = lists.get(type) ?? [];
  lists.set(type, list);
  return list;
}

function report(finding: Finding | undefined): void {
  if (finding !== undefined) throw new OracleFinding(finding);
}
