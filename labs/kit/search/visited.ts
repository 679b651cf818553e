import { NOWHERE } from "./branches";

const FIRST_CAPACITY = 1_024;

/**
 * The states of a search that were met, by their 64-bit fingerprints, and how each was come to: 24 to 40 bytes a state.
 * Two states with one fingerprint are taken for the same: of a million states, that happens once in 37 million searches.
 */
export class Visited {
  /** States so far. */
  size = 0;
  private low = new Int32Array(FIRST_CAPACITY);
  private high = new Int32Array(FIRST_CAPACITY);
  private parent = new Int32Array(FIRST_CAPACITY);
  private code = new Int32Array(FIRST_CAPACITY);
  /** Open addressing: the number of a state plus 1, or 0. */
  private slots = new Int32Array(2 * FIRST_CAPACITY);

  /** @returns the number of the state, or {@link NOWHERE} if it was met before */
  add(low: number, high: number, parent: number, code: number): number {
    if (this.size === this.low.length) this.grow();
    const mask = this.slots.length - 1;
    let slot = low & mask;
    for (let found = this.slots[slot]; found !== 0; found = this.slots[slot]) {
      if (this.low[found - 1] === low && this.high[found - 1] === high) return NOWHERE;
      slot = (slot + 1) & mask;
    }
    const state = this.size++;
    this.slots[slot] = state + 1;
    this.low[state] = low;
    this.high[state] = high;
    this.parent[state] = parent;
    this.code[state] = code;
    return state;
  }

  /** What led to a state from where the search began; and which of the beginnings that was. */
  pathTo(state: number): { readonly root: number; readonly codes: number[] } {
    const codes: number[] = [];
    let at = state;
    for (; this.parent[at] !== NOWHERE; at = this.parent[at]) codes.push(this.code[at]);
    return { root: this.code[at], codes: codes.reverse() };
  }

  /** Bytes that it takes up. */
  get bytes(): number {
    return 4 * (4 * this.low.length + this.slots.length);
  }

  private grow(): void {
    const { low, high, parent, code, slots } = this;
    const capacity = 2 * low.length;
    this.low = grown(low, capacity);
    this.high = grown(high, capacity);
    this.parent = grown(parent, capacity);
    this.code = grown(code, capacity);
    this.slots = new Int32Array(2 * slots.length);
    const mask = this.slots.length - 1;
    for (let state = 0; state < this.size; state++) {
      let slot = this.low[state] & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = state + 1;
    }
  }
}

function grown(array: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity);
  larger.set(array);
  return larger;
}
