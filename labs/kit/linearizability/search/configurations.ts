import type { Meter } from "../bounds";

const NONE = -1;

/**
 * A set of configurations. One is a state and its debts, a set of bits: what it still owes and what it has used up.
 * Of two with the same state, one whose debts are among the other's can do whatever the other can. It dominates, and
 * only what nothing dominates is kept.
 */
export class Configurations {
  /** Rows so far, with those that were taken out again. */
  rows = 0;
  private live = 0;
  private states = new Int32Array(16);
  private nextOfState = new Int32Array(16);
  private words: Int32Array;
  private readonly firstOfState: number[] = [];

  /** @param wordsEach how many words of 32 bits the debts take */
  constructor(
    private readonly wordsEach: number,
    private readonly meter: Meter,
  ) {
    this.words = new Int32Array(16 * wordsEach);
  }

  get size(): number {
    return this.live;
  }

  clear(): void {
    for (let row = 0; row < this.rows; row++)
      if (this.states[row] !== NONE) this.firstOfState[this.states[row]] = NONE;
    this.meter.configurationsHeld -= this.live;
    this.rows = 0;
    this.live = 0;
  }

  /** The state of a row, or a negative number if it was taken out: something dominates it. */
  stateOf(row: number): number {
    return this.states[row];
  }

  readDebts(row: number, into: Int32Array): void {
    const start = row * this.wordsEach;
    for (let word = 0; word < this.wordsEach; word++) into[word] = this.words[start + word];
  }

  has(row: number, bit: number): boolean {
    return (this.words[row * this.wordsEach + (bit >> 5)] & (1 << (bit & 31))) !== 0;
  }

  set(row: number, bit: number): void {
    this.words[row * this.wordsEach + (bit >> 5)] |= 1 << (bit & 31);
  }

  /** True if a configuration of the set can do whatever the given one can. */
  dominates(state: number, debts: Int32Array): boolean {
    for (let row = this.firstOfState[state] ?? NONE; row !== NONE; row = this.nextOfState[row]) {
      this.meter.steps += 1;
      if (this.isWithin(row, debts)) return true;
    }
    return false;
  }

  /** Adds a configuration unless one of the set dominates it; takes out those that it dominates. */
  add(state: number, debts: Int32Array): void {
    while (this.firstOfState.length <= state) this.firstOfState.push(NONE);
    let before = NONE;
    for (let row = this.firstOfState[state]; row !== NONE; row = this.nextOfState[row]) {
      this.meter.steps += 1;
      // None was taken out yet if this one dominates: it would have dominated that one too.
      if (this.isWithin(row, debts)) return;
      if (this.contains(row, debts)) this.takeOut(row, before);
      else before = row;
    }
    if (this.rows === this.states.length) this.grow();
    const row = this.rows++;
    this.states[row] = state;
    this.nextOfState[row] = this.firstOfState[state];
    this.firstOfState[state] = row;
    this.words.set(debts, row * this.wordsEach);
    this.live += 1;
    this.meter.configurationsHeld += 1;
  }

  /** @param before the row of the same state that comes before `row` in the chain of that state */
  private takeOut(row: number, before: number): void {
    if (before === NONE) this.firstOfState[this.states[row]] = this.nextOfState[row];
    else this.nextOfState[before] = this.nextOfState[row];
    this.states[row] = NONE;
    this.live -= 1;
    this.meter.configurationsHeld -= 1;
  }

  private isWithin(row: number, debts: Int32Array): boolean {
    const { words, wordsEach } = this;
    for (let word = 0, at = row * wordsEach; word < wordsEach; word++, at++)
      if ((words[at] & ~debts[word]) !== 0) return false;
    return true;
  }

  private contains(row: number, debts: Int32Array): boolean {
    const { words, wordsEach } = this;
    for (let word = 0, at = row * wordsEach; word < wordsEach; word++, at++)
      if ((debts[word] & ~words[at]) !== 0) return false;
    return true;
  }

  private grow(): void {
    const { states, nextOfState, words } = this;
    this.states = new Int32Array(states.length * 2);
    this.nextOfState = new Int32Array(states.length * 2);
    this.words = new Int32Array(words.length * 2);
    this.states.set(states);
    this.nextOfState.set(nextOfState);
    this.words.set(words);
  }
}
