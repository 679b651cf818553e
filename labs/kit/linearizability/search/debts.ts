/**
 * What a configuration owes and has used up, as a set of bits over words of 32: for each slot of an open action one
 * that says that it must still happen before it returns …
 */
export const owedBit = (slot: number): number => 2 * slot;

/** … and one that says that it cannot happen again. The bits of supplies follow after those of all slots. */
export const spentBit = (slot: number): number => 2 * slot + 1;

export function hasBit(debts: Int32Array, bit: number): boolean {
  return (debts[bit >> 5] & (1 << (bit & 31))) !== 0;
}

export function setBit(debts: Int32Array, bit: number): void {
  debts[bit >> 5] |= 1 << (bit & 31);
}

export function clearBit(debts: Int32Array, bit: number): void {
  debts[bit >> 5] &= ~(1 << (bit & 31));
}
