import type { Json } from "../contract";

/** Bytes that one message or one disk write may have. */
export const HANDED_OVER_BYTES_MAX = 1_000_000;
const DEPTH_MAX = 64;

/** The copy of every empty array: heartbeats are full of them. */
const EMPTY: readonly unknown[] = Object.freeze([]);

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
  /** Size of the value taken last: 8 a number, 1 a boolean or null, and the characters of strings and field names. */
  bytes = 0;

  /** @returns the world's copy, or undefined if the value is not plain data: then ask {@link findFault} */
  take<T extends Json | object>(value: T): T | undefined {
    this.bytes = 0;
    const copy = this.copy(value, 0);
    return copy === undefined || this.bytes > HANDED_OVER_BYTES_MAX ? undefined : (copy as T);
  }

  private copy(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case "number":
        this.bytes += 8;
        return Number.isFinite(value) ? value + 0 : undefined;
      case "string":
        this.bytes += value.length;
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
    this.bytes += 2;
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
    if (!isPlain(object)) return undefined;
    const copy: Record<string, unknown> = { ...object };
    for (const field in copy) {
      const value = copy[field];
      this.bytes += field.length;
      // The common cases first, and without a call: most fields of most messages are numbers and strings.
      if (typeof value === "number") {
        if (!Number.isFinite(value)) return undefined;
        this.bytes += 8;
        if (value === 0 && 1 / value < 0) copy[field] = 0; // -0 would not survive a wire
      } else if (typeof value === "string") {
        this.bytes += value.length;
      } else if (value === undefined) {
        delete copy[field];
      } else {
        const inner = this.copy(value, depth + 1);
        if (inner === undefined) return undefined;
        if (inner !== value) copy[field] = inner;
      }
    }
    Object.freeze(object);
    return copy;
  }
}

function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return (prototype === Object.prototype || prototype === null) && !Object.hasOwn(object, "__proto__");
}

/** Finds what {@link HandOver.take} objected to. Slow: it runs only once a fault is known. */
export function findFault(value: unknown): PlainDataFault {
  return (
    search(value, "", []) ?? {
      path: "",
      found: `more than ${HANDED_OVER_BYTES_MAX.toLocaleString("en")} bytes`,
    }
  );
}

function search(value: unknown, path: string, above: readonly object[]): PlainDataFault | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : { path, found: String(value) };
  if (typeof value === "string" || typeof value === "boolean" || value === null) return undefined;
  if (typeof value !== "object")
    return { path, found: value === undefined ? "undefined" : `a ${typeof value}` };
  if (above.includes(value)) return { path, found: "a cycle: an object that contains itself" };
  if (above.length > DEPTH_MAX) return { path, found: `more than ${DEPTH_MAX} levels of nesting` };
  const inside = [...above, value];
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const at = `${path}[${i}]`;
      const fault = i in value ? search(value[i], at, inside) : { path: at, found: "a hole in an array" };
      if (fault) return fault;
    }
    return undefined;
  }
  if (Object.hasOwn(value, "__proto__")) return { path, found: "a field named __proto__" };
  if (!isPlain(value)) return { path, found: `an instance of class ${className(value)}` };
  for (const [field, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    const fault = search(inner, path === "" ? field : `${path}.${field}`, inside);
    if (fault) return fault;
  }
  return undefined;
}

function className(object: object): string {
  const maker: unknown = Reflect.get(object, "constructor");
  return typeof maker === "function" && maker.name !== "" ? maker.name : "(unnamed)";
}
