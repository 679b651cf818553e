/** A text that one action writes: a whole value, or what it adds to one. */
export interface Piece {
  readonly text: string;
  /** Which interval writes it. */
  readonly writer: number;
}

/**
 * The texts that a history writes to a key, if each value that the key can ever have tells by which actions, and in
 * which order, it was made: no two pieces are equal, and, where pieces are put one after the other, none begins with
 * another one and none is empty.
 */
export class Pieces {
  private readonly writers = new Map<string, number>();
  private readonly lengths: readonly number[];

  private constructor(
    pieces: readonly Piece[],
    private readonly hasAppends: boolean,
  ) {
    for (const { text, writer } of pieces) this.writers.set(text, writer);
    this.lengths = [...new Set(pieces.map(({ text }) => text.length))].sort((a, b) => a - b);
  }

  /** @returns undefined if some value could be made in two ways */
  static of(pieces: readonly Piece[], hasAppends: boolean): Pieces | undefined {
    const texts = pieces.map(({ text }) => text).sort(byCodeUnits);
    for (let i = 0; i + 1 < texts.length; i++)
      if (hasAppends ? texts[i + 1].startsWith(texts[i]) : texts[i + 1] === texts[i]) return undefined;
    return hasAppends && texts[0] === "" ? undefined : new Pieces(pieces, hasAppends);
  }

  /** The writer of the piece that stands in `value` at `offset`, if there is one. */
  writerAt(value: string, offset: number): number | undefined {
    if (!this.hasAppends) return offset === 0 ? this.writers.get(value) : undefined;
    for (const length of this.lengths) {
      if (offset + length > value.length) return undefined;
      const writer = this.writers.get(value.slice(offset, offset + length));
      if (writer !== undefined) return writer;
    }
    return undefined;
  }

  /**
   * @param lengthOf the length of a writer's piece
   * @returns the writers of the pieces of `value` in order; undefined if it is not made of pieces
   */
  writersOf(value: string, lengthOf: (writer: number) => number): number[] | undefined {
    const writers: number[] = [];
    let offset = 0;
    do {
      const writer = this.writerAt(value, offset);
      if (writer === undefined) return undefined;
      writers.push(writer);
      offset += lengthOf(writer);
    } while (offset < value.length);
    return writers;
  }
}

/** The order of a sort without a locale: a text stands right before those that begin with it. */
function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
