const FIRST_WORDS = 4_096;
/** Words before the numbers of states and letters: visited number, depth, used. */
const HEAD = 3;

/** A state of the cluster that is to be gone on from. */
export interface Waiting {
  /** Its number among the visited. */
  readonly visited: number;
  readonly depth: number;
  /** What was used of the search's budget so far, packed. */
  readonly used: number;
  /** The numbers of the nodes' states, node by node. */
  readonly locals: readonly number[];
  /** The numbers of the letters on their way, in ascending order. */
  readonly letters: readonly number[];
}

/** States to go on from, packed into words: some 15 of them a state. Taken from the front or from the back. */
export class Frontier {
  length = 0;
  private words = new Int32Array(FIRST_WORDS);
  private first = 0;
  private end = 0;

  constructor(private readonly nodes: number) {}

  push(
    visited: number,
    depth: number,
    used: number,
    locals: ArrayLike<number>,
    letters: ArrayLike<number>,
  ): void {
    const size = HEAD + this.nodes + letters.length + 2;
    if (this.end + size > this.words.length) this.makeRoom(size);
    const { words } = this;
    let at = this.end;
    words[at++] = size;
    words[at++] = visited;
    words[at++] = depth;
    words[at++] = used;
    for (let i = 0; i < this.nodes; i++) words[at++] = locals[i];
    for (let i = 0; i < letters.length; i++) words[at++] = letters[i];
    words[at++] = size;
    this.end = at;
    this.length += 1;
  }

  shift(): Waiting {
    const at = this.first;
    this.first += this.words[at];
    this.length -= 1;
    return this.read(at);
  }

  pop(): Waiting {
    this.end -= this.words[this.end - 1];
    this.length -= 1;
    return this.read(this.end);
  }

  /** Bytes that it takes up. */
  get bytes(): number {
    return 4 * this.words.length;
  }

  private read(at: number): Waiting {
    const { words, nodes } = this;
    const size = words[at];
    const from = at + 1 + HEAD;
    return {
      visited: words[at + 1],
      depth: words[at + 2],
      used: words[at + 3],
      locals: Array.from(words.subarray(from, from + nodes)),
      letters: Array.from(words.subarray(from + nodes, at + size - 1)),
    };
  }

  private makeRoom(size: number): void {
    const live = this.words.subarray(this.first, this.end);
    const isHalfEmpty = this.first > this.words.length / 2;
    const larger = new Int32Array(isHalfEmpty ? this.words.length : 2 * (this.words.length + size));
    larger.set(live);
    this.words = larger;
    this.end -= this.first;
    this.first = 0;
  }
}
