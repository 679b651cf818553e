import type { Json } from "../contract";

/** Bytes that one message or one disk write may have. */
export const HANDED_OVER_BYTES_MAX = 1_000_000;
const DEPTH_MAX = 64;

/** What an array or an object counts for, besides what is in it: else a million empty ones would cost nothing. */
const CONTAINER_BYTES = 8;

/** The copy of every empty array: heartbeats are full of them. */
const EMPTY: readonly unknown[] = Object.freeze([]);

/** An object that was taken over, and how large and deep it is. */
export interface Remembered {
  readonly copy: object;
  readonly bytes: number;
  /** Levels of nesting below it. */
  readonly levels: number;
}

/** What is wrong with a value that should have been plain data. */
export interface PlainDataFault {
  /** Where it is: "entries[2].command". Empty for the value itself. */
  readonly path: string;
  /** What was found there, as a sentence part: "a function". */
  readonly found: string;
}

/**
 * Takes over data from a server, in one pass: checks that it is plain, counts its bytes, makes the world's own copy,
 * and freezes the original, so that a server that changes it later is stopped at the very line that does so.
 */
export class HandOver {
  /**
   * @param memory copies of objects taken before, by their originals, which are frozen since: they are not copied again.
   *   Worth its price for disks, where a server writes the entries of its log again and again; not for messages.
   */
  constructor(private readonly memory?: WeakMap<object, Remembered>) {}

  /**
   * Size of the value taken last: 8 a number, an array or an object, 1 a boolean or null, and the characters of strings
   * (an empty one: 1) and of the names of fields that are not dropped.
   */
  bytes = 0;

  /** The deepest level of the value, or of the object in it that is being copied. */
  private deepest = 0;

  /** True if the copy taken last says the same as the original in other words: 0 for -0, no field for one of undefined. */
  isReworded = false;

  /** @returns the world's copy, or undefined if the value is not plain data: then ask {@link findFault} */
  take<T extends Json | object>(value: T): T | undefined {
    this.bytes = 0;
    this.isReworded = false;
    this.deepest = 0;
    const copy = this.copy(value, 0);
    return copy === undefined || this.bytes > HANDED_OVER_BYTES_MAX ? undefined : (copy as T);
  }

  private copy(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case "number":
        this.bytes += 8;
        if (isMinusZero(value)) this.isReworded = true;
        return Number.isFinite(value) ? value + 0 : undefined;
      case "string":
        this.bytes += sizeOfText(value);
        return value;
      case "boolean":
        this.bytes += 1;
        return value;
      case "object":
        if (value === null) {
          this.bytes += 1;
          return null;
        }
        if (depth > DEPTH_MAX || this.bytes > HANDED_OVER_BYTES_MAX) return undefined;
        return Array.isArray(value) ? this.copyArray(value, depth) : this.copyObject(value, depth);
      default:
        return undefined;
    }
  }

  private copyArray(array: readonly unknown[], depth: number): readonly unknown[] | undefined {
    if (!isPlainArray(array)) return undefined;
    this.bytes += CONTAINER_BYTES;
    if (depth > this.deepest) this.deepest = depth;
    // Each item counts for one at least: what is too long is refused before it is copied.
    if (this.bytes + array.length > HANDED_OVER_BYTES_MAX) return undefined;
    if (array.length === 0) {
      Object.freeze(array);
      return EMPTY;
    }
    const copy: unknown[] = [];
    for (let i = 0; i < array.length; i++) {
      const item = this.copy(array[i], depth + 1);
      if (item === undefined) return undefined;
      copy.push(item);
    }
    Object.freeze(array);
    return copy;
  }

  private copyObject(object: object, depth: number): object | undefined {
    const known = this.memory?.get(object);
    if (known !== undefined) {
      this.bytes += known.bytes;
      this.deepest = Math.max(this.deepest, depth + known.levels);
      return this.deepest > DEPTH_MAX ? undefined : known.copy;
    }
    if (!isPlain(object)) return undefined;
    const before = this.bytes;
    const deepestBefore = this.deepest;
    this.deepest = depth;
    this.bytes += CONTAINER_BYTES;
    const copy: Record<string, unknown> = { ...object };
    for (const field in copy) {
      const value = copy[field];
      this.bytes += field.length;
      // The common cases first, and without a call: most fields of most messages are numbers and strings.
      if (typeof value === "number") {
        if (!Number.isFinite(value)) return undefined;
        this.bytes += 8;
        if (isMinusZero(value)) {
          copy[field] = 0;
          this.isReworded = true;
        }
      } else if (typeof value === "string") {
        this.bytes += sizeOfText(value);
      } else if (value === undefined) {
        this.bytes -= field.length;
        delete copy[field];
        this.isReworded = true;
      } else {
        const inner = this.copy(value, depth + 1);
        if (inner === undefined) return undefined;
        if (inner !== value) copy[field] = inner;
      }
    }
    Object.freeze(object);
    this.memory?.set(object, { copy, bytes: this.bytes - before, levels: this.deepest - depth });
    if (deepestBefore > this.deepest) this.deepest = deepestBefore;
    return copy;
  }
}

/** An empty text counts too: else a million of them in an array would cost nothing. */
function sizeOfText(text: string): number {
  return text.length === 0 ? 1 : text.length;
}

/** -0 would not survive a wire. */
function isMinusZero(value: number): boolean {
  return value === 0 && 1 / value < 0;
}

/** Freezes a copy for good, where a server is to see it. What is frozen already is so all the way down. */
export function freezeDeep<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) freezeDeep(inner);
  return Object.freeze(value);
}

/** True for {}, of any realm: inside jest, structuredClone makes objects of the realm outside. */
function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  const isBare =
    prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
  return isBare && !Object.hasOwn(object, "__proto__");
}

/** True for [], of any realm: Array.prototype is an array itself, the prototype of a class of the server's own is none. */
function isPlainArray(array: readonly unknown[]): boolean {
  return Array.isArray(Object.getPrototypeOf(array));
}

/** Finds what {@link HandOver.take} objected to. Slow: it runs only once a fault is known. */
export function findFault(value: unknown): PlainDataFault {
  return (
    search(value, "", [], new Map()) ?? {
      path: "",
      found: `more than ${HANDED_OVER_BYTES_MAX.toLocaleString("en")} bytes`,
    }
  );
}

/** @param clean objects without a fault, with the depth down to which that is known: some are there many times */
function search(
  value: unknown,
  path: string,
  above: readonly object[],
  clean: Map<object, number>,
): PlainDataFault | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : { path, found: String(value) };
  if (typeof value === "string" || typeof value === "boolean" || value === null) return undefined;
  if (typeof value !== "object")
    return { path, found: value === undefined ? "undefined" : `a ${typeof value}` };
  if (above.includes(value)) return { path, found: "a cycle: an object that contains itself" };
  if (above.length > DEPTH_MAX) return { path, found: `more than ${DEPTH_MAX} levels of nesting` };
  if ((clean.get(value) ?? -1) >= above.length) return undefined;
  const inside = [...above, value];
  const fault = Array.isArray(value)
    ? searchArray(value, path, inside, clean)
    : searchObject(value, path, inside, clean);
  if (fault === undefined) clean.set(value, above.length);
  return fault;
}

function searchArray(
  array: readonly unknown[],
  path: string,
  inside: readonly object[],
  clean: Map<object, number>,
): PlainDataFault | undefined {
  if (!isPlainArray(array)) return { path, found: `an instance of class ${className(array)}` };
  const length = Math.min(array.length, HANDED_OVER_BYTES_MAX); // a longer one is refused for its length
  for (let i = 0; i < length; i++) {
    const at = `${path}[${i}]`;
    const fault =
      i in array ? search(array[i], at, inside, clean) : { path: at, found: "a hole in an array" };
    if (fault) return fault;
  }
  return undefined;
}

function searchObject(
  object: object,
  path: string,
  inside: readonly object[],
  clean: Map<object, number>,
): PlainDataFault | undefined {
  if (Object.hasOwn(object, "__proto__")) return { path, found: "a field named __proto__" };
  if (!isPlain(object)) return { path, found: `an instance of class ${className(object)}` };
  for (const [field, inner] of Object.entries(object)) {
    if (inner === undefined) continue;
    const fault = search(inner, path === "" ? field : `${path}.${field}`, inside, clean);
    if (fault) return fault;
  }
  return undefined;
}

function className(object: object): string {
  const maker: unknown = Reflect.get(object, "constructor");
  return typeof maker === "function" && maker.name !== "" ? maker.name : "(unnamed)";
}
