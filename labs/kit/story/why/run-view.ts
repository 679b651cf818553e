import type { NodeId, Status, Term } from "../../contract";
import { KIND, MICROS_PER_MILLI, type Micros, type StatusChange, type Trace } from "../../trace/trace";
import type { Node } from "../../world/node";
import { type Letter, lettersOf } from "./letters";

/** A run that is over, as the engine left it. */
export interface Run {
  readonly trace: Trace;
  readonly nodes: readonly Node[];
  readonly names: readonly NodeId[];
  readonly now: Micros;
}

/** What a server said about itself from a record on. */
interface Saying {
  readonly record: number;
  readonly status: Status;
}

const AT_BOOT: Status = { role: "follower", currentTerm: 0 };

/** A run that is over, with the questions that every search for a reason has. Nothing is worked out before it is asked for. */
export class RunView {
  readonly trace: Trace;
  readonly nodes: readonly Node[];
  readonly names: readonly NodeId[];
  readonly now: Micros;
  /** How many servers there are, and how many of them are more than half. */
  readonly servers: number;
  readonly majority: number;

  private readonly sayings = new Map<number, readonly Saying[]>();
  private allLetters: readonly Letter[] | undefined;
  private allStartsAndFaults: readonly number[] | undefined;
  private readonly lettersByType = new Map<string, readonly Letter[]>();
  private readonly groups = new Map<string, Map<unknown, Letter[]>>();

  constructor({ trace, nodes, names, now }: Run) {
    this.trace = trace;
    this.nodes = nodes;
    this.names = names;
    this.now = now;
    this.servers = nodes.filter(({ isClient }) => !isClient).length;
    this.majority = Math.floor(this.servers / 2) + 1;
  }

  /** Every message that was sent, in order. */
  get letters(): readonly Letter[] {
    this.allLetters ??= lettersOf(this.trace);
    return this.allLetters;
  }

  /** Those of one type of message. */
  lettersOf(type: string): readonly Letter[] {
    let letters = this.lettersByType.get(type);
    if (letters === undefined) {
      letters = this.letters.filter(({ message }) => message.type === type);
      this.lettersByType.set(type, letters);
    }
    return letters;
  }

  /** Those of one type from one node to another. */
  lettersBetween(type: string, from: number, to: number): readonly Letter[] {
    const link = (letter: Pick<Letter, "from" | "to">): string => `${letter.from} → ${letter.to}`;
    return this.grouped("link", type, link).get(link({ from, to })) ?? [];
  }

  /** Those of one type and term. */
  lettersOfTerm(type: string, term: Term): readonly Letter[] {
    return this.grouped("term", type, ({ message }) => message.term).get(term) ?? [];
  }

  /** The real servers among some names that can work now. */
  running(among: readonly NodeId[]): Node[] {
    return this.nodes.filter(
      ({ id, isUp, isPaused, isScripted, isClient }) =>
        isUp && !isPaused && !isScripted && !isClient && among.includes(id),
    );
  }

  numbersOf(among: readonly NodeId[]): number[] {
    return among.map((id) => this.names.indexOf(id));
  }

  /** What a server said of itself before a record. */
  statusBefore(node: number, record: number): Status {
    return this.lastSaying(node, (saying) => saying.record < record);
  }

  /** What it said once it had handled a record. */
  statusAfter(node: number, handler: number): Status {
    const { trace } = this;
    return this.lastSaying(
      node,
      ({ record }) => record <= handler || (!trace.isHandler(record) && trace.causeOf(record) === handler),
    );
  }

  /** What it said at a time. */
  statusAt(node: number, at: Micros): Status {
    return this.lastSaying(node, ({ record }) => this.trace.microsOf(record) <= at);
  }

  /** The records at which a server's status changed, or at which it was started. */
  turnsOf(node: number): readonly Saying[] {
    let sayings = this.sayings.get(node);
    if (sayings === undefined) {
      sayings = this.listen(node);
      this.sayings.set(node, sayings);
    }
    return sayings;
  }

  /** True if a server ran without a stop from one record to another. */
  livesThrough(node: number, from: number, to = this.trace.length): boolean {
    return !this.startsAndFaults.some((i) => i > from && i < to && this.trace.nodeOf(i) === node);
  }

  /** True if a server was frozen at some moment of a span: what it did not do then, or did late, is no fault of its. */
  wasFrozen(node: number, from: Micros, to: Micros): boolean {
    const { trace, names } = this;
    const words = new RegExp(`\\b${names[node]}\\b.* (freezes?|goe?s? on)$`);
    let isFrozen = false;
    for (const i of this.startsAndFaults) {
      if (trace.microsOf(i) > to) break;
      if (trace.kindOf(i) !== KIND.fault) continue;
      const [, what] = words.exec(String(trace.dataOf(i))) ?? [];
      if (what === undefined) continue;
      if (isFrozen && trace.microsOf(i) >= from) return true;
      isFrozen = what.startsWith("freeze");
    }
    return isFrozen;
  }

  /** Records of one kind at one node, in order, from a record on. */
  *recordsOf(node: number, kind: number, from = 0, to = this.trace.length): Generator<number> {
    const { trace } = this;
    for (let i = Math.max(0, from); i < to; i++)
      if (trace.kindOf(i) === kind && trace.nodeOf(i) === node) yield i;
  }

  /** The records that a handler's effects left. */
  *effectsOf(handler: number): Generator<number> {
    const { trace } = this;
    for (let i = handler + 1; i < trace.length && !trace.isHandler(i); i++)
      if (trace.causeOf(i) === handler) yield i;
  }

  millisBetween(from: number, to: number): number {
    return (this.trace.microsOf(to) - this.trace.microsOf(from)) / MICROS_PER_MILLI;
  }

  /** The records of all starts and faults: few, in a run of any length. */
  private get startsAndFaults(): readonly number[] {
    if (this.allStartsAndFaults !== undefined) return this.allStartsAndFaults;
    const { trace } = this;
    const found: number[] = [];
    for (let i = 0; i < trace.length; i++)
      if (trace.kindOf(i) === KIND.start || trace.kindOf(i) === KIND.fault) found.push(i);
    this.allStartsAndFaults = found;
    return found;
  }

  /** Letters of one type by what they have in common, sorted out once: a run may have tens of thousands. */
  private grouped(
    by: string,
    type: string,
    keyOf: (letter: Letter) => unknown,
  ): ReadonlyMap<unknown, readonly Letter[]> {
    const name = `${type} by ${by}`;
    let groups = this.groups.get(name);
    if (groups !== undefined) return groups;
    groups = new Map<unknown, Letter[]>();
    for (const letter of this.lettersOf(type)) {
      const key = keyOf(letter);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [letter]);
      else group.push(letter);
    }
    this.groups.set(name, groups);
    return groups;
  }

  private lastSaying(node: number, isHeard: (saying: Saying) => boolean): Status {
    const sayings = this.turnsOf(node);
    for (let i = sayings.length - 1; i >= 0; i--) if (isHeard(sayings[i])) return sayings[i].status;
    return AT_BOOT;
  }

  private listen(node: number): readonly Saying[] {
    const { trace } = this;
    const found: Saying[] = [];
    for (let record = 0; record < trace.length; record++) {
      if (trace.nodeOf(record) !== node) continue;
      const kind = trace.kindOf(record);
      if (kind === KIND.start) found.push({ record, status: AT_BOOT });
      if (kind === KIND.status) found.push({ record, status: (trace.dataOf(record) as StatusChange).after });
    }
    return found;
  }
}
