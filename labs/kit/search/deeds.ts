import type { Deed } from "./local-state";

/** The deeds of a search, each with its number: equal ones have the same. */
export class Deeds {
  readonly all: Deed[] = [];
  private readonly numbers = new Map<string, number>();

  /** @param key says what it is, and that it is nothing else */
  number(key: string, deed: Deed): number {
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    this.numbers.set(key, this.all.length);
    return this.all.push(deed) - 1;
  }

  /** A node's stop in the middle of a deed. */
  cut(of: number, effects: number): number {
    const { node } = this.all[of];
    return this.number(`cut ${of} ${effects}`, { kind: "cut", node, of, effects });
  }
}
