import { type Interval, type Machine, NEVER, type Primitive } from "../model";

/** What has no number. */
export const NONE = -1;

/**
 * What the search needs to know of a history before it begins, as numbers. Actions of one name are one kind. Each
 * action that returns has a slot while it is open; the others become supplies, one for each kind: so many at hand.
 */
export interface Plan<Action> {
  /** One action of each kind, and what the machine says of it. */
  readonly kinds: readonly Action[];
  readonly isRead: readonly boolean[];
  readonly isBlind: readonly boolean[];
  readonly overwrites: readonly boolean[];
  /** For each interval, its kind. */
  readonly kindOf: Int32Array;
  /** Invocations and returns in order: twice the interval's index, plus 1 for a return. */
  readonly events: readonly number[];
  /** For each interval that returns, its slot. */
  readonly slotOf: Int32Array;
  readonly slots: number;
  readonly supplies: readonly Supply[];
  /** For each interval that never returns, the index of its supply. */
  readonly supplyOf: Int32Array;
  /** Words of 32 bits for the debts of a configuration. */
  readonly words: number;
}

/** Open actions of one kind that never return. Which of them is used does not matter, only how many. */
export interface Supply {
  readonly kind: number;
  /** The bit that says that the first of them is used; those of the others follow. */
  readonly firstBit: number;
}

export function planOf<State extends Primitive, Action>(
  intervals: readonly Interval<Action>[],
  machine: Machine<State, Action>,
): Plan<Action> {
  const { kinds, kindOf } = kindsOf(intervals, machine);
  const events = eventsOf(intervals);
  const { slots, slotOf } = slotsOf(intervals, events);
  const { supplies, supplyOf, bits } = suppliesOf(intervals, kindOf, 2 * slots);
  return {
    kinds,
    isRead: kinds.map((action) => machine.isRead(action)),
    isBlind: kinds.map((action) => machine.isBlind(action)),
    overwrites: kinds.map((action) => machine.overwrites(action)),
    kindOf,
    events,
    slotOf,
    slots,
    supplies,
    supplyOf,
    words: Math.max(1, Math.ceil(bits / 32)),
  };
}

function kindsOf<State extends Primitive, Action>(
  intervals: readonly Interval<Action>[],
  machine: Machine<State, Action>,
) {
  const kinds: Action[] = [];
  const numbers = new Map<string, number>();
  const kindOf = new Int32Array(intervals.length);
  for (let i = 0; i < intervals.length; i++) {
    const { action } = intervals[i];
    const name = machine.nameOf(action);
    let kind = numbers.get(name);
    if (kind === undefined) {
      kind = kinds.push(action) - 1;
      numbers.set(name, kind);
    }
    kindOf[i] = kind;
  }
  return { kinds, kindOf };
}

function eventsOf(intervals: readonly Interval<unknown>[]): number[] {
  const events: number[] = [];
  for (let i = 0; i < intervals.length; i++) {
    events.push(2 * i);
    if (intervals[i].returned !== NEVER) events.push(2 * i + 1);
  }
  const positionOf = (event: number) => {
    const { invoked, returned } = intervals[event >> 1];
    return (event & 1) === 0 ? invoked : returned;
  };
  return events.sort((a, b) => positionOf(a) - positionOf(b) || a - b);
}

/** A slot is free again when the action in it has returned. */
function slotsOf(intervals: readonly Interval<unknown>[], events: readonly number[]) {
  const slotOf = new Int32Array(intervals.length).fill(NONE);
  const free: number[] = [];
  let slots = 0;
  for (const event of events) {
    const index = event >> 1;
    if ((event & 1) === 1) free.push(slotOf[index]);
    else if (intervals[index].returned !== NEVER) slotOf[index] = free.pop() ?? slots++;
  }
  return { slots, slotOf };
}

function suppliesOf(intervals: readonly Interval<unknown>[], kindOf: Int32Array, bitsBefore: number) {
  const amounts = new Map<number, number>();
  for (let i = 0; i < intervals.length; i++)
    if (intervals[i].returned === NEVER) amounts.set(kindOf[i], (amounts.get(kindOf[i]) ?? 0) + 1);
  const supplies: Supply[] = [];
  const supplyOfKind = new Map<number, number>();
  let bits = bitsBefore;
  for (const [kind, amount] of amounts) {
    supplyOfKind.set(kind, supplies.push({ kind, firstBit: bits }) - 1);
    bits += amount;
  }
  const supplyOf = Int32Array.from(intervals, ({ returned }, i) =>
    returned === NEVER ? (supplyOfKind.get(kindOf[i]) ?? NONE) : NONE,
  );
  return { supplies, supplyOf, bits };
}
