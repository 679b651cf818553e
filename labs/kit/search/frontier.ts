import type { Letter, LocalState } from "./local-state";

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
  /** Node by node. */
  readonly locals: readonly LocalState[];
  /** The letters on their way, by their numbers. */
  readonly letters: readonly Letter[];
}

/** States to go on from, packed into words: some 15 of them a state. Taken from the front or from the back. */
export class Frontier {
  length = 0;
  private words = new Int32Array(FIRST_WORDS);
  private first = 0;
  private end = 0;
  // What the numbers in the words stand for.
  private readonly locals: LocalState[] = [];
  private readonly letters: Letter[] = [];

  constructor(private readonly nodes: number) {}

  /** @param letters each once */
  push(
    visited: number,
    depth: number,
    used: number,
    locals: readonly LocalState[],
    letters: readonly Letter[],
  ): void {
    const size = HEAD + this.nodes + letters.length + 2;
    if (this.end + size > this.words.length) this.makeRoom(size);
    const { words } = this;
    let at = this.end;
    words[at++] = size;
    words[at++] = visited;
    words[at++] = depth;
    words[at++] = used;
    for (const local of locals) {
      this.locals[local.id] = local;
      words[at++] = local.id;
    }
    const first = at;
    for (const letter of letters) {
      this.letters[letter.id] = letter;
      insert(words, first, at++, letter.id);
    }
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
    const locals: LocalState[] = [];
    const letters: Letter[] = [];
    for (let i = from; i < from + nodes; i++) locals.push(this.locals[words[i]]);
    for (let i = from + nodes; i < at + size - 1; i++) letters.push(this.letters[words[i]]);
    return { visited: words[at + 1], depth: words[at + 2], used: words[at + 3], locals, letters };
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

/** Adds a number to ascending ones, which stand from `first` up to and without `end`: few, and nearly always all smaller. */
function insert(words: Int32Array, first: number, end: number, number: number): void {
  let at = end;
  for (; at > first && words[at - 1] > number; at--) words[at] = words[at - 1];
  words[at] = number;
}
