import { type Interval, NEVER } from "../model";
import type { RegisterAction, Value } from "../register";
import { type Piece, Pieces } from "./pieces";

/** Thrown where two answers contradict each other whatever the order: no history with them is linearizable. */
class Contradiction extends Error {}

/**
 * Which action directly follows which, as far as the answers show it. A value that was seen names the actions that
 * made it: first a write, a swap or, if the key was missing, an append; then appends, one directly after the other. A
 * swap directly follows the action that made the value which it expected. Each action has at most one predecessor and
 * one successor, for it happened once and its value was there once; so the actions fall into chains.
 */
export class Chains {
  /** Stands for the beginning, before any action. */
  readonly origin: number;
  /** For each action and the origin, those that follow or saw exactly its value. */
  readonly readersOf: number[][];
  private readonly before: (number | undefined)[];
  private readonly after: (number | undefined)[];
  private readonly isSeen: boolean[];

  private constructor(
    private readonly intervals: readonly Interval<RegisterAction>[],
    private readonly pieces: Pieces,
  ) {
    this.origin = intervals.length;
    this.before = new Array(intervals.length + 1).fill(undefined);
    this.after = new Array(intervals.length + 1).fill(undefined);
    this.isSeen = new Array(intervals.length + 1).fill(false);
    this.readersOf = Array.from(this.before, () => []);
  }

  /** @returns undefined if some value of the history can have been made in two ways */
  static of(intervals: readonly Interval<RegisterAction>[]): Chains | undefined {
    const written: Piece[] = [];
    let hasAppends = false;
    intervals.forEach(({ action }, writer) => {
      if (action.kind === "append") hasAppends = true;
      if (isWriting(action)) written.push({ text: action.value, writer });
    });
    const pieces = Pieces.of(written, hasAppends);
    return pieces === undefined ? undefined : new Chains(intervals, pieces);
  }

  /**
   * The chains, each from its first action on. Actions that never returned and whose value nobody saw are left out:
   * they need not have happened. The chain of the origin comes first.
   * @returns undefined if answers contradict each other
   */
  link(): number[][] | undefined {
    try {
      this.linkSeenValues();
      return this.follow();
    } catch (error) {
      if (error instanceof Contradiction) return undefined;
      throw error;
    }
  }

  /** The last action that it takes to make `value`; undefined if it cannot be made. */
  lastWriterOf(value: Value): number | undefined {
    if (value === null) return this.origin;
    return this.pieces.writersOf(value, (writer) => this.textOf(writer).length)?.at(-1);
  }

  private linkSeenValues(): void {
    const lookers = new Groups<Value, number>();
    this.intervals.forEach(({ action, returned }, i) => {
      if (action.kind === "read") lookers.add(action.value, i);
      if (action.kind === "swap" && returned !== NEVER) lookers.add(action.expected, i);
    });
    const values = new Groups<number, Value>();
    // The lookers grow on the way: an open swap whose value was seen did happen, so it too saw what it expected.
    for (const [value] of lookers.all) {
      const base = this.baseOf(value);
      const maker = this.intervals[base];
      if (!values.all.has(base) && maker?.action.kind === "swap" && maker.returned === NEVER)
        lookers.add(maker.action.expected, base);
      values.add(base, value);
    }
    for (const [base, seen] of values.all) this.linkValues(base, seen, lookers.all);
  }

  /** Values of one base are stages on one way: the longest shows them all. */
  private linkValues(base: number, values: readonly Value[], lookers: ReadonlyMap<Value, number[]>): void {
    const longest = values.reduce((a, b) => ((b ?? "").length > (a ?? "").length ? b : a)) ?? "";
    const makerOf = new Map<number, number>();
    let [maker, offset] = base === this.origin ? [base, 0] : [base, this.textOf(base).length];
    makerOf.set(offset, maker);
    this.isSeen[base] = true;
    while (offset < longest.length) {
      const next = this.pieces.writerAt(longest, offset);
      if (next === undefined || this.intervals[next].action.kind !== "append") throw new Contradiction();
      this.linkTwo(maker, next);
      maker = next;
      offset += this.textOf(next).length;
      makerOf.set(offset, maker);
    }
    for (const value of values) {
      const last = value === null ? this.origin : makerOf.get(value.length);
      if (last === undefined || !longest.startsWith(value ?? "")) throw new Contradiction();
      for (const looker of lookers.get(value) ?? [])
        if (this.intervals[looker].action.kind === "swap") this.linkTwo(last, looker);
        else this.readersOf[last].push(looker);
    }
  }

  private linkTwo(first: number, second: number): void {
    if ((this.after[first] ?? second) !== second || (this.before[second] ?? first) !== first)
      throw new Contradiction();
    this.after[first] = second;
    this.before[second] = first;
    this.isSeen[second] = true;
  }

  /** What began the way to `value`: its first piece, or the origin if that one was appended to a missing key. */
  private baseOf(value: Value): number {
    if (value === null) return this.origin;
    const first = this.pieces.writerAt(value, 0);
    if (first === undefined) throw new Contradiction();
    return this.intervals[first].action.kind === "append" ? this.origin : first;
  }

  private follow(): number[][] {
    const happened = this.intervals.flatMap(({ action, returned }, i) =>
      isWriting(action) && (returned !== NEVER || this.isSeen[i]) ? [i] : [],
    );
    const chains: number[][] = [];
    let followed = 0;
    for (const first of [this.origin, ...happened.filter((i) => this.before[i] === undefined)]) {
      const chain: number[] = [];
      for (let next: number | undefined = first; next !== undefined; next = this.after[next])
        chain.push(next);
      followed += chain.length;
      chains.push(chain);
    }
    if (followed !== happened.length + 1) throw new Contradiction(); // the others follow each other in a circle
    return chains;
  }

  private textOf(writer: number): string {
    const { action } = this.intervals[writer];
    return isWriting(action) ? action.value : "";
  }
}

class Groups<Key, Member> {
  readonly all = new Map<Key, Member[]>();

  add(key: Key, member: Member): void {
    const group = this.all.get(key);
    if (group === undefined) this.all.set(key, [member]);
    else group.push(member);
  }
}

function isWriting(action: RegisterAction): action is RegisterAction & { kind: "write" | "append" | "swap" } {
  return action.kind === "write" || action.kind === "append" || action.kind === "swap";
}
