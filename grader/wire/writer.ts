import { INTERNED_LENGTH_MAX, INTERNED_MAX, SHAPES_MAX, TAG } from "./format";

/** The fields of an object, in their order, as a path through a tree: all objects of one shape end at one node. */
interface Shape {
  /** The number by which the reader knows the shape; 0 until it was told. */
  id: number;
  readonly next: Map<string, Shape>;
}

/**
 * Writes numbers, strings and plain data as bytes, for a {@link Reader} that reads all that this writer has ever
 * written: strings and field names that came before are then a small number. It knows no Node and no browser.
 */
export class Writer {
  bytes = new Uint8Array(1 << 16);
  length = 0;

  private view = new DataView(this.bytes.buffer);
  private readonly strings = new Map<string, number>();
  private readonly shapes: Shape = { id: 0, next: new Map() };
  /** Nodes of that tree, its root for {} included, and how many of them are whole objects. */
  private shapeCount = 1;
  private shapeIds = 0;

  /** Forgets what was written, but not the names: the reader has them. */
  clear(): void {
    this.length = 0;
  }

  byte(value: number): void {
    if (this.length === this.bytes.length) this.grow(1);
    this.bytes[this.length++] = value;
  }

  /** A whole number, 0 or more: one byte if it is below 128. */
  count(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  float(value: number): void {
    if (this.length + 8 > this.bytes.length) this.grow(8);
    this.view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  /** A number of any kind: small whole ones in one byte. */
  number(value: number): void {
    if (Number.isInteger(value) && value >= 0 && value <= Number.MAX_SAFE_INTEGER) {
      if (value < TAG.small) {
        this.byte(TAG.small + value);
      } else {
        this.byte(TAG.count);
        this.count(value);
      }
    } else {
      this.byte(TAG.float);
      this.float(value);
    }
  }

  /** 0: new and to be forgotten, 1: new and to be remembered, else the number of a string that is known, and 2. */
  string(value: string): void {
    const known = this.strings.get(value);
    if (known !== undefined) {
      this.count(known + 2);
      return;
    }
    const isToRemember = value.length <= INTERNED_LENGTH_MAX && this.strings.size < INTERNED_MAX;
    if (isToRemember) this.strings.set(value, this.strings.size);
    this.byte(isToRemember ? 1 : 0);
    this.characters(value);
  }

  /** Plain data; undefined is no part of it. */
  value(value: unknown): void {
    switch (typeof value) {
      case "number":
        this.number(value);
        break;
      case "string":
        this.byte(TAG.string);
        this.string(value);
        break;
      case "boolean":
        this.byte(value ? TAG.true : TAG.false);
        break;
      default:
        if (value === null) this.byte(TAG.null);
        else if (Array.isArray(value)) this.array(value);
        else this.object(value as object);
    }
  }

  private array(array: readonly unknown[]): void {
    this.byte(TAG.array);
    this.count(array.length);
    for (const item of array) this.value(item);
  }

  private object(object: object): void {
    const keys = Object.keys(object);
    let shape: Shape = this.shapes;
    for (const key of keys) {
      let next = shape.next.get(key);
      if (next === undefined) {
        if (this.shapeCount >= SHAPES_MAX) {
          this.unshaped(object, keys);
          return;
        }
        next = { id: 0, next: new Map() };
        shape.next.set(key, next);
        this.shapeCount += 1;
      }
      shape = next;
    }
    this.byte(TAG.object);
    if (shape.id === 0) {
      this.shapeIds += 1;
      shape.id = this.shapeIds;
      this.count(0);
      this.count(keys.length);
      for (const key of keys) this.string(key);
    } else {
      this.count(shape.id);
    }
    for (const key of keys) this.value(Reflect.get(object, key));
  }

  /** There are too many shapes already: this object carries its own names. */
  private unshaped(object: object, keys: readonly string[]): void {
    this.byte(TAG.unshaped);
    this.count(keys.length);
    for (const key of keys) {
      this.string(key);
      this.value(Reflect.get(object, key));
    }
  }

  /** Its length, doubled, and 1 if it has characters beyond Latin 1; then one or two bytes each. */
  private characters(text: string): void {
    const isWide = /[^\0-\xff]/.test(text);
    this.count(text.length * 2 + (isWide ? 1 : 0));
    const size = isWide ? text.length * 2 : text.length;
    if (this.length + size > this.bytes.length) this.grow(size);
    const { bytes } = this;
    let at = this.length;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      bytes[at++] = code & 0xff;
      if (isWide) bytes[at++] = code >> 8;
    }
    this.length = at;
  }

  private grow(size: number): void {
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + size));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}
