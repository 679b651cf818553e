import type { Meter } from "../bounds";
import { type Interval, type Machine, NEVER, type Primitive } from "../model";
import { Configurations } from "./configurations";
import { clearBit, hasBit, owedBit, setBit, spentBit } from "./debts";
import { type Open, OpenActions } from "./open-actions";
import { NONE, type Plan, planOf } from "./plan";
import { CANNOT, States } from "./states";

/** What a search finds: whether some order of the actions explains the history. */
export type Finding = "ok" | "illegal" | "unknown";

/** Looks for an order, whatever the machine. @returns "unknown" if the meter is exhausted */
export function search<State extends Primitive, Action>(
  intervals: readonly Interval<Action>[],
  machine: Machine<State, Action>,
  meter: Meter,
): Finding {
  return new Search(intervals, machine, meter).run();
}

/**
 * Goes through invocations and returns in order, and holds all that may be the case at that point: configurations.
 * A configuration is a state and its debts. For each open action that will return, two bits:
 *
 *   owed    it must still happen, before it returns
 *   spent   it has happened at a point where it made a difference, and cannot happen again
 *
 * and for each kind of actions that never return, how many of them are spent. Actions happen as late as they can: when
 * one returns, each configuration that still owes it tries all orders of open actions that end with it. Returned
 * actions are forgotten, so that memory holds configurations of open actions only.
 *
 * What keeps them few:
 * - An action that would leave the state as it is, a read above all, happens as soon as it can: nothing is lost by it.
 * - When an action overwrites the state, the open actions that are possible everywhere may have happened just before,
 *   unseen: they are no longer owed. They are not spent either: instead, each may still happen later.
 * - Of open actions of one kind, the one that returns first goes first: the others can take its place later.
 * - States that nobody will tell apart are one, the blank state.
 * - A configuration that another dominates (see {@link Configurations}) is dropped.
 */
class Search<State extends Primitive, Action> {
  private readonly plan: Plan<Action>;
  private readonly states: States<State, Action>;
  private readonly open = new OpenActions();
  /** For each supply, how many were invoked. */
  private readonly supplied: Int32Array;
  /** Before the events of a return, the action that returns. */
  private returning: Open = { kind: NONE, slot: NONE, returned: NEVER };
  private current: Configurations;
  private ahead: Configurations;
  private readonly waiting: Configurations;
  private readonly debts: Int32Array;
  private readonly nextDebts: Int32Array;

  constructor(
    private readonly intervals: readonly Interval<Action>[],
    machine: Machine<State, Action>,
    private readonly meter: Meter,
  ) {
    this.plan = planOf(intervals, machine);
    const { kinds, supplies, words } = this.plan;
    this.states = new States(machine, kinds, machine.outlook?.(intervals));
    this.supplied = new Int32Array(supplies.length);
    this.current = new Configurations(words, meter);
    this.ahead = new Configurations(words, meter);
    this.waiting = new Configurations(words, meter);
    this.debts = new Int32Array(words);
    this.nextDebts = new Int32Array(words);
    this.current.add(this.states.seenFrom(0, this.states.numberOf(machine.initial)), this.debts);
  }

  run(): Finding {
    for (const event of this.plan.events) {
      const index = event >> 1;
      if ((event & 1) === 0) this.onInvocation(index);
      else this.onReturn();
      if (this.meter.exhausted !== undefined) return "unknown";
      if (this.current.size === 0) return "illegal";
    }
    return "ok";
  }

  private onInvocation(index: number): void {
    const { kindOf, slotOf, supplyOf } = this.plan;
    const { returned } = this.intervals[index];
    if (returned === NEVER) {
      this.supplied[supplyOf[index]] += 1;
      return;
    }
    const [kind, slot] = [kindOf[index], slotOf[index]];
    this.open.add({ kind, slot, returned });
    for (let row = 0; row < this.current.rows; row++) {
      const state = this.current.stateOf(row);
      if (state !== NONE && this.states.after(state, kind) !== state) this.current.set(row, owedBit(slot));
    }
  }

  /** Every configuration must have let the action happen: those that still owe it go ahead until it has. */
  private onReturn(): void {
    this.returning = this.open.inOrder[0];
    for (let row = 0; row < this.current.rows; row++) {
      const state = this.current.stateOf(row);
      if (state === NONE) continue;
      this.current.readDebts(row, this.nextDebts);
      this.letHappenWhatChangesNothing(state, this.returning.returned);
      this.keep(state, true);
    }
    for (let row = 0; row < this.waiting.rows && this.meter.exhausted === undefined; row++) {
      const state = this.waiting.stateOf(row);
      if (state === NONE) continue;
      this.waiting.readDebts(row, this.debts);
      // A read uses nothing up: those that are ahead can do what those that wait for it can.
      if (this.plan.isRead[this.returning.kind] && this.ahead.dominates(state, this.debts)) continue;
      this.goAhead(state);
    }
    this.open.removeFirst();
    this.waiting.clear();
    this.current.clear();
    [this.current, this.ahead] = [this.ahead, this.current];
  }

  /**
   * Puts (`state`, `nextDebts`) where it belongs: ahead if the returning action has happened, with the waiting if it
   * still can. Both, if it is not owed but can happen: now is the last chance.
   */
  private keep(state: number, mayBeAhead: boolean): void {
    const { kind, slot, returned } = this.returning;
    const debts = this.nextDebts;
    const isOwed = hasBit(debts, owedBit(slot));
    const isSpent = hasBit(debts, spentBit(slot));
    if (isOwed || (!isSpent && this.isWorthwhile(state, kind, returned))) this.waiting.add(state, debts);
    if (isOwed || !mayBeAhead) return;
    clearBit(debts, spentBit(slot));
    this.ahead.add(this.states.seenFrom(returned + 1, state), debts);
  }

  /** True if an action that need not happen could serve those that return after it. */
  private isWorthwhile(state: number, kind: number, returned: number): boolean {
    if (this.plan.isRead[kind]) return false;
    if (!this.plan.overwrites[kind]) return true;
    const next = this.states.seenFrom(returned + 1, this.states.after(state, kind));
    return !this.states.isWorst(returned + 1, next);
  }

  /** From (`state`, `debts`), tries each action that may be next. */
  private goAhead(state: number): void {
    const { slot: returning, returned } = this.returning;
    const wasOwed = hasBit(this.debts, owedBit(returning));
    for (let i = 0; i < this.open.inOrder.length; i++) {
      const { kind, slot } = this.open.inOrder[i];
      if (
        this.plan.isRead[kind] ||
        hasBit(this.debts, spentBit(slot)) ||
        this.open.hasTwinBefore(i, this.debts)
      )
        continue;
      if (!this.takeStep(state, kind, slot, returned)) continue;
      setBit(this.nextDebts, spentBit(slot));
      this.keep(this.reached, wasOwed || slot === returning);
    }
    for (let supply = 0; supply < this.supplied.length; supply++) {
      const { kind, firstBit } = this.plan.supplies[supply];
      let used = 0;
      while (used < this.supplied[supply] && hasBit(this.debts, firstBit + used)) used += 1;
      if (used === this.supplied[supply] || this.open.hasTwin(kind, this.debts)) continue;
      if (!this.takeStep(state, kind, NONE, returned)) continue;
      setBit(this.nextDebts, firstBit + used);
      this.keep(this.reached, wasOwed);
    }
  }

  /** The state to which {@link takeStep} came. */
  private reached = NONE;

  /** Lets an action of `kind` happen in `state`. @returns false if it cannot or need not; else see `reached`, `nextDebts` */
  private takeStep(state: number, kind: number, own: number, position: number): boolean {
    this.meter.steps += 1;
    const after = this.states.after(state, kind);
    if (after === CANNOT) return false;
    const next = this.states.seenFrom(position, after);
    if (next === state) return false;
    const isOwed = own !== NONE && hasBit(this.debts, owedBit(own));
    if (!isOwed && this.states.isWorst(position, next)) return false;
    this.nextDebts.set(this.debts);
    if (isOwed) clearBit(this.nextDebts, owedBit(own));
    if (this.plan.overwrites[kind])
      for (const other of this.open.inOrder)
        if (this.plan.isBlind[other.kind]) clearBit(this.nextDebts, owedBit(other.slot));
    this.letHappenWhatChangesNothing(next, position);
    this.reached = next;
    return true;
  }

  private letHappenWhatChangesNothing(state: number, position: number): void {
    for (const { kind, slot } of this.open.inOrder) {
      if (!hasBit(this.nextDebts, owedBit(slot))) continue;
      const after = this.states.after(state, kind);
      if (after !== CANNOT && this.states.seenFrom(position, after) === state)
        clearBit(this.nextDebts, owedBit(slot));
    }
  }
}
