import type { NodeId } from "../contract";
import type { Effect, SendEffect } from "../host/reaction";
import type { Deeds } from "./deeds";
import { Fingerprint } from "./fingerprint";
import type { Letter } from "./local-state";

/** The messages that were ever sent in a search: equal ones are one letter. */
export class Letters {
  private readonly known = new Map<string, Letter>();
  private readonly exact = new Fingerprint((text) => text);

  constructor(
    private readonly names: readonly NodeId[],
    private readonly walks: readonly Fingerprint[],
    private readonly deeds: Deeds,
  ) {}

  get size(): number {
    return this.known.size;
  }

  /** The letters among the effects of a node, in order. */
  of(from: number, effects: readonly Effect[]): Letter[] {
    const letters: Letter[] = [];
    for (const effect of effects) if (effect.kind === "send") letters.push(this.letter(from, effect));
    return letters;
  }

  private letter(from: number, { to, original }: SendEffect): Letter {
    const content = [this.names[from], this.names[to], original];
    const key = textOf(this.exact, content);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const id = this.known.size;
    const deed = this.deeds.all.length;
    const letter = { id, from, to, message: original, keys: keysOf(this.walks, content), deed };
    this.deeds.all.push({ kind: "deliver", node: to, letter });
    this.known.set(key, letter);
    return letter;
  }
}

/** The key of a value for each renaming, in two lanes. */
export function keysOf(walks: readonly Fingerprint[], value: unknown): Int32Array {
  const keys = new Int32Array(2 * walks.length);
  for (const [i, walk] of walks.entries()) {
    walk.of(value);
    keys[2 * i] = walk.low;
    keys[2 * i + 1] = walk.high;
  }
  return keys;
}

/** The key of a value as text, for maps. */
export function textOf(walk: Fingerprint, value: unknown): string {
  const { low, high } = walk.of(value);
  return `${low} ${high}`;
}
