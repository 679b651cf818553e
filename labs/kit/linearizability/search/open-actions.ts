import { hasBit, owedBit, spentBit } from "./debts";

/** An action that returns, between its two events. */
export interface Open {
  readonly kind: number;
  readonly slot: number;
  readonly returned: number;
}

/** The actions that are open at one point and will return, the first to return first. */
export class OpenActions {
  readonly inOrder: Open[] = [];

  add(action: Open): void {
    const later = this.inOrder.findIndex(({ returned }) => returned > action.returned);
    this.inOrder.splice(later === -1 ? this.inOrder.length : later, 0, action);
  }

  removeFirst(): void {
    this.inOrder.shift();
  }

  /**
   * True if another open action of the same kind, which returns before the i-th, should go first. In any order in which
   * the i-th goes first, the two can change places: either the other one would have gone later, or was owed by neither.
   */
  hasTwinBefore(i: number, debts: Int32Array): boolean {
    const { kind, slot } = this.inOrder[i];
    for (let j = 0; j < i; j++) {
      const twin = this.inOrder[j];
      if (twin.kind !== kind || hasBit(debts, spentBit(twin.slot))) continue;
      if (hasBit(debts, owedBit(twin.slot)) || !hasBit(debts, owedBit(slot))) return true;
    }
    return false;
  }

  /** True if an open action of the kind can still happen: it should go before one that never returns. */
  hasTwin(kind: number, debts: Int32Array): boolean {
    for (const twin of this.inOrder)
      if (twin.kind === kind && !hasBit(debts, spentBit(twin.slot))) return true;
    return false;
  }
}
