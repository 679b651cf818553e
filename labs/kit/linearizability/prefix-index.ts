/** Finds, among texts with positions, the greatest position of those that begin with a given text, in O(log n). */
export class PrefixIndex {
  private readonly texts: readonly string[];
  /** A tree in an array: the leaves are the positions of the texts in order, each node above the maximum of two. */
  private readonly tree: readonly number[];

  /** @param positions of texts; null is no text */
  constructor(positions: ReadonlyMap<string | null, number>) {
    const entries = [...positions].flatMap(([text, at]) => (text === null ? [] : [{ text, at }]));
    entries.sort((a, b) => (a.text < b.text ? -1 : 1));
    this.texts = entries.map(({ text }) => text);
    const tree = [...entries.map(() => -1), ...entries.map(({ at }) => at)];
    for (let node = entries.length - 1; node > 0; node--)
      tree[node] = Math.max(tree[2 * node], tree[2 * node + 1]);
    this.tree = tree;
  }

  /** @returns -1 if no text begins with `prefix` */
  lastWithPrefix(prefix: string): number {
    const { tree, texts } = this;
    let low = texts.length + this.countWhile((text) => text < prefix);
    let high = texts.length + this.countWhile((text) => text < prefix || text.startsWith(prefix));
    let last = -1;
    for (; low < high; low >>= 1, high >>= 1) {
      if ((low & 1) === 1) last = Math.max(last, tree[low++]);
      if ((high & 1) === 1) last = Math.max(last, tree[--high]);
    }
    return last;
  }

  /** How many texts there are before the first for which `isBefore` is false. */
  private countWhile(isBefore: (text: string) => boolean): number {
    let [low, high] = [0, this.texts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(this.texts[middle])) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
