import { INTERNED_LENGTH_MAX, INTERNED_MAX, SHAPES_MAX, TAG } from "./format";

/** Thrown where bytes do not say what they should. From a cell it means: this is not our own code any more. */
export class WireFault extends Error {
  override readonly name = "WireFault";
}

/** Deeper than anything that the contract lets a server hand over. */
const DEPTH_MAX = 70;
/** Bytes of a string that are read at a time, and up to which length it is quicker one by one. */
const CHUNK = 1_024;
const SHORT = 32;
const EMPTY: readonly unknown[] = Object.freeze([]);

export interface ReaderOptions {
  /** True: what is read is frozen, all the way down. */
  readonly freezes: boolean;
}

/**
 * Reads what a {@link Writer} wrote, and trusts none of it: lengths are checked against what is there, numbers are
 * finite, names harmless. It counts the size of the data as HandOver does.
 */
export class Reader {
  /** Size of the value read last, by the measure of HandOver. */
  size = 0;

  private bytes: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  private at = 0;
  private end = 0;
  /** Size that the value being read may have. */
  private sizeMax = Number.POSITIVE_INFINITY;
  private readonly strings: string[] = [];
  private readonly shapes: (readonly string[])[] = [];

  constructor(private readonly options: ReaderOptions = { freezes: false }) {}

  /** Begins with a new frame. What was remembered of earlier ones stays. */
  open(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.at = 0;
    this.end = bytes.length;
  }

  get isAtEnd(): boolean {
    return this.at === this.end;
  }

  byte(): number {
    if (this.at >= this.end) throw new WireFault("The frame ends too early.");
    return this.bytes[this.at++];
  }

  count(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
      if (scale > Number.MAX_SAFE_INTEGER / 0x80) throw new WireFault("A count has too many digits.");
    }
    if (value > Number.MAX_SAFE_INTEGER) throw new WireFault("A count is too large.");
    return value;
  }

  float(): number {
    if (this.at + 8 > this.end) throw new WireFault("The frame ends in a number.");
    const value = this.view.getFloat64(this.at, true);
    this.at += 8;
    return value;
  }

  /** @returns a finite number */
  number(): number {
    return this.numberOf(this.byte());
  }

  string(): string {
    const code = this.count();
    if (code >= 2) {
      const known = this.strings[code - 2];
      if (known === undefined) throw new WireFault("A string was never told.");
      return known;
    }
    const text = this.characters();
    if (code === 1) {
      if (text.length > INTERNED_LENGTH_MAX || this.strings.length >= INTERNED_MAX)
        throw new WireFault("This string is not to be remembered.");
      this.strings.push(text);
    }
    return text;
  }

  /**
   * @param sizeMax size from which on a value is refused, before it takes many times as much memory
   * @returns plain data
   */
  value(sizeMax = Number.POSITIVE_INFINITY): unknown {
    this.size = 0;
    this.sizeMax = sizeMax;
    return this.inner(0);
  }

  private numberOf(tag: number): number {
    if (tag >= TAG.small) return tag - TAG.small;
    if (tag === TAG.count) return this.count();
    if (tag !== TAG.float) throw new WireFault("There should be a number.");
    const value = this.float();
    if (!Number.isFinite(value)) throw new WireFault("A number is not finite.");
    return value + 0;
  }

  private inner(depth: number): unknown {
    const tag = this.byte();
    if (tag >= TAG.small || tag === TAG.count || tag === TAG.float) {
      this.size += 8;
      return this.numberOf(tag);
    }
    switch (tag) {
      case TAG.string: {
        const text = this.string();
        this.size += text.length === 0 ? 1 : text.length;
        return text;
      }
      case TAG.null:
        this.size += 1;
        return null;
      case TAG.true:
      case TAG.false:
        this.size += 1;
        return tag === TAG.true;
      case TAG.array:
        return this.array(depth);
      case TAG.object:
        return this.object(this.shape(), depth);
      case TAG.unshaped:
        return this.unshaped(depth);
      default:
        throw new WireFault(`There is no kind ${tag} of values.`);
    }
  }

  private array(depth: number): readonly unknown[] {
    const length = this.enter(depth);
    if (length === 0) return EMPTY;
    const array: unknown[] = [];
    for (let i = 0; i < length; i++) array.push(this.inner(depth + 1));
    return this.options.freezes ? Object.freeze(array) : array;
  }

  private shape(): readonly string[] {
    const id = this.count();
    if (id > 0) {
      const known = this.shapes[id - 1];
      if (known === undefined) throw new WireFault("A shape was never told.");
      return known;
    }
    if (this.shapes.length >= SHAPES_MAX) throw new WireFault("There are too many shapes.");
    const keys: string[] = [];
    const length = this.fits(this.count());
    if (length > SHAPES_MAX) throw new WireFault("A shape has too many fields.");
    for (let i = 0; i < length; i++) keys.push(this.key());
    this.shapes.push(keys);
    return keys;
  }

  private object(keys: readonly string[], depth: number): object {
    this.contain(depth, keys.length);
    const object: Record<string, unknown> = {};
    for (const key of keys) {
      this.size += key.length;
      object[key] = this.inner(depth + 1);
    }
    return this.options.freezes ? Object.freeze(object) : object;
  }

  private unshaped(depth: number): object {
    const length = this.enter(depth);
    const object: Record<string, unknown> = {};
    for (let i = 0; i < length; i++) {
      const key = this.key();
      this.size += key.length;
      object[key] = this.inner(depth + 1);
    }
    return this.options.freezes ? Object.freeze(object) : object;
  }

  /** Begins an array or an object of its own names. @returns how many items it has */
  private enter(depth: number): number {
    const length = this.fits(this.count());
    this.contain(depth, length);
    return length;
  }

  /** Counts an array or an object. Each of its items will count for one at least. */
  private contain(depth: number, length: number): void {
    if (depth > DEPTH_MAX) throw new WireFault("A value is nested too deeply.");
    this.size += 8;
    if (this.size + length > this.sizeMax) throw new WireFault("A value is too large.");
  }

  /** Each item takes a byte at least: nobody can announce more than there is. */
  private fits(length: number): number {
    if (length > this.end - this.at) throw new WireFault("There are fewer items than announced.");
    return length;
  }

  private key(): string {
    const key = this.string();
    if (key === "__proto__") throw new WireFault("A field has the name __proto__.");
    return key;
  }

  private characters(): string {
    const code = this.count();
    const isWide = code % 2 === 1;
    const size = isWide ? code - 1 : code / 2;
    if (size > this.end - this.at) throw new WireFault("The frame ends in a string.");
    const { bytes } = this;
    const end = this.at + size;
    let text = "";
    if (size <= SHORT && !isWide) {
      for (let i = this.at; i < end; i++) text += String.fromCharCode(bytes[i]);
      this.at = end;
      return text;
    }
    while (this.at < end) {
      const chunk = Math.min(end, this.at + CHUNK);
      text += isWide ? this.wide(chunk) : String.fromCharCode(...bytes.subarray(this.at, chunk));
      this.at = chunk;
    }
    return text;
  }

  private wide(end: number): string {
    const { bytes } = this;
    const codes: number[] = [];
    for (let i = this.at; i < end; i += 2) codes.push(bytes[i] | (bytes[i + 1] << 8));
    return String.fromCharCode(...codes);
  }
}
