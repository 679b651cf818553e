/**
 * Keyed randomness: every draw is a pure function of a key and a number, never of how many draws were made elsewhere.
 * So removing one fault, or editing one line of a server, leaves all other decisions of a run as they were.
 */

const GOLDEN = 0x9e3779b9;
const TWO_32 = 4_294_967_296;

/** Scrambles 32 bits (the finalizer of MurmurHash3): nearby inputs give unrelated outputs. */
export function mix(bits: number): number {
  let h = bits | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Derives a key from a seed (any whole number) and what the key is for: `keyOf(seed, "link", 0, 2)`. */
export function keyOf(seed: number, ...parts: readonly (number | string)[]): number {
  let key = mix(seed ^ mix(Math.floor(seed / TWO_32)) ^ GOLDEN);
  for (const part of parts) {
    if (typeof part === "number") key = mix(key ^ mix(part + GOLDEN));
    else for (let i = 0; i < part.length; i++) key = mix(key ^ mix(part.charCodeAt(i) + i * GOLDEN));
  }
  return key;
}

/** The n-th draw of a key, in [0, 1) with 32 bits. */
export function drawAt(key: number, n: number): number {
  return mix(key ^ mix(Math.imul(n, GOLDEN) + 1)) / TWO_32;
}

/** The draws of one key, one after the other. */
export class Draws {
  private made = 0;

  constructor(private readonly key: number) {}

  /** The next number in [0, 1). */
  next(): number {
    return drawAt(this.key, this.made++);
  }

  /** The next whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** True with probability `p`. */
  chance(p: number): boolean {
    return this.next() < p;
  }

  /** One of `items`, each as likely as the others. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError("Draws.pick needs at least one item to pick from.");
    return items[this.int(0, items.length - 1)] as T;
  }

  /** The items in a random order. The argument is left as it is. */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T];
    }
    return shuffled;
  }
}
