import { mix } from "../random/keyed";
import { isImmutable } from "./immutable";
import type { Rename } from "./renaming";

/** Objects within objects, and objects in all, that are looked at: a state beyond that counts as no other. */
const DEPTH_MAX = 200;
const OBJECTS_MAX = 50_000;

/** Tags of what is no number and no text. */
const TAG: Readonly<
  Record<"array" | "object" | "map" | "set" | "atom" | "above" | "pair" | "other", number>
> = {
  array: 11,
  object: 12,
  map: 13,
  set: 14,
  atom: 15,
  above: 16,
  pair: 17,
  other: 18,
};
const SECOND_LANE = 0x27d4eb2f;

/** Where the sums over the fields of an object begin. */
const PLAIN = [TAG.object, 0] as const;
const classes = new WeakMap<object, readonly [number, number]>();

const bits = new DataView(new ArrayBuffer(8));

/** Thrown where a graph of objects is too large, or holds what cannot be looked at. */
export class Opaque extends Error {}

/**
 * Fingerprints of object graphs, 64 bits in two lanes: equal graphs have equal ones, in each run and on each machine.
 * Private fields of TypeScript, maps, sets, class instances, shared objects and cycles are all walked through. The
 * order of a map, a set or an object's fields does not count, since what a server does should not hang on it.
 */
export class Fingerprint {
  /** The lanes of what was walked last. */
  low = 0;
  high = 0;
  private objects = 0;
  private readonly above: object[] = [];
  /** What cannot change is walked once: what was sent or received, for instance. */
  private readonly frozen = new WeakMap<object, readonly [number, number]>();

  /**
   * @param rename called for each text: equal up to the names of servers is equal then
   * @param atoms objects that are not walked into; each has a name
   */
  constructor(
    private readonly rename: Rename,
    private readonly atoms: ReadonlyMap<unknown, string> = new Map(),
  ) {}

  /** @throws Opaque where a graph is too large, or holds an accessor or a function that is no atom */
  of(value: unknown): this {
    this.objects = 0;
    this.above.length = 0;
    this.any(value);
    return this;
  }

  private any(value: unknown): void {
    switch (typeof value) {
      case "number":
        this.number(value);
        break;
      case "string":
        this.text(this.rename(value));
        break;
      case "object":
      case "function":
        this.object(value);
        break;
      default:
        this.text(String(value));
        this.wrap(TAG.other);
    }
  }

  private number(value: number): void {
    if ((value | 0) === value) {
      this.low = mix(value ^ 0x51ed270b);
      this.high = mix(value + SECOND_LANE);
      return;
    }
    bits.setFloat64(0, value);
    this.low = mix(bits.getInt32(0) ^ mix(bits.getInt32(4)));
    this.high = mix(bits.getInt32(4) ^ mix(bits.getInt32(0) + SECOND_LANE));
  }

  private text(text: string): void {
    let low = text.length;
    let high = ~text.length;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      low = Math.imul(low ^ code, 0x01000193);
      high = Math.imul(high + code, 0x85ebca6b) ^ (high >>> 15);
    }
    this.low = mix(low);
    this.high = mix(high ^ SECOND_LANE);
  }

  private object(value: object | null): void {
    const atom = value === null ? "null" : this.atoms.get(value);
    if (atom !== undefined) {
      this.text(atom);
      this.wrap(TAG.atom);
      return;
    }
    const object = value as object;
    const known = this.frozen.get(object);
    if (known !== undefined) {
      [this.low, this.high] = known;
      return;
    }
    const distance = this.above.lastIndexOf(object);
    if (distance !== -1) {
      this.number(this.above.length - distance);
      this.wrap(TAG.above);
      return;
    }
    if (++this.objects > OBJECTS_MAX || this.above.length > DEPTH_MAX) throw new Opaque();
    this.above.push(object);
    if (Array.isArray(object)) this.array(object);
    else if (object instanceof Map) this.map(object);
    else if (object instanceof Set) this.set(object);
    else this.fields(object);
    this.above.pop();
    if (isImmutable(object)) this.frozen.set(object, [this.low, this.high]);
  }

  private array(array: readonly unknown[]): void {
    refuseHeir(array);
    let low = TAG.array + array.length;
    let high = ~low;
    for (let i = 0; i < array.length; i++) {
      this.any(array[i]);
      low = mix(low ^ this.low);
      high = mix(high + this.high);
    }
    this.low = low;
    this.high = high;
  }

  private map(map: ReadonlyMap<unknown, unknown>): void {
    refuseHeir(map);
    let low = TAG.map;
    let high = map.size;
    for (const [key, value] of map) {
      this.pair(key, value);
      low = (low + this.low) | 0;
      high = (high + this.high) | 0;
    }
    this.low = mix(low);
    this.high = mix(high);
  }

  private set(set: ReadonlySet<unknown>): void {
    refuseHeir(set);
    let low = TAG.set;
    let high = set.size;
    for (const value of set) {
      this.any(value);
      low = (low + mix(this.low)) | 0;
      high = (high + mix(this.high)) | 0;
    }
    this.low = mix(low);
    this.high = mix(high);
  }

  private fields(object: object): void {
    const prototype: unknown = Object.getPrototypeOf(object);
    refuseOpaque(object, prototype);
    let [low, high] = this.classOf(prototype);
    for (const key of Reflect.ownKeys(object)) {
      const field = Object.getOwnPropertyDescriptor(object, key);
      if (field === undefined || !("value" in field)) throw new Opaque();
      if (field.value === undefined) continue; // a field that is not there yet
      this.pair(String(key), field.value);
      low = (low + this.low) | 0;
      high = (high + this.high) | 0;
    }
    this.low = mix(low);
    this.high = mix(high);
  }

  /** Objects with the same fields may be of classes that do different things; a class is as good as its source. */
  private classOf(prototype: unknown): readonly [number, number] {
    if (prototype === null || prototype === Object.prototype) return PLAIN;
    const known = classes.get(prototype as object);
    if (known !== undefined) return known;
    this.text(sourceOf(prototype as object));
    const lanes = [this.low, this.high] as const;
    classes.set(prototype as object, lanes);
    return lanes;
  }

  private pair(key: unknown, value: unknown): void {
    this.any(key);
    const { low, high } = this;
    this.any(value);
    this.low = mix(mix(low + TAG.pair) ^ this.low);
    this.high = mix(mix(high ^ TAG.pair) + this.high);
  }

  private wrap(tag: number): void {
    this.low = mix(this.low + tag);
    this.high = mix(this.high ^ tag);
  }
}

/** A use of a #private name: where it is only spoken of, a server is made again from its history, which costs time alone. */
const PRIVATE = /[.]\s*#[\w$]|#[\w$]+\s+in\s/;

const known = new WeakMap<object, boolean>();

/**
 * Objects whose state is out of reach: functions, which may keep anything, and instances of classes with #private
 * fields, or of the language's own classes beyond arrays, maps and sets.
 * @throws Opaque
 */
export function refuseOpaque(object: object, prototype: unknown): void {
  if (typeof object === "function") throw new Opaque();
  if (prototype === null || prototype === Object.prototype) return;
  if (typeof prototype !== "object") throw new Opaque();
  let isClear = known.get(prototype);
  if (isClear === undefined) {
    isClear = isClearClass(prototype);
    known.set(prototype, isClear);
  }
  if (!isClear) throw new Opaque();
}

/**
 * Arrays, maps and sets of a student's class over the language's own: those may keep anything besides what they hold.
 * @throws Opaque
 */
export function refuseHeir(object: object): void {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Array.prototype && prototype !== Map.prototype && prototype !== Set.prototype)
    throw new Opaque();
}

/** True for a class that is written in the language and has no #private name in its source, and so for those above it. */
function isClearClass(prototype: object): boolean {
  for (let at: unknown = prototype; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    if (Object.getPrototypeOf(at) === null) return true; // Object.prototype of another realm
    const { value: made } = Object.getOwnPropertyDescriptor(at, "constructor") ?? {};
    if (typeof made !== "function") return false;
    const source = Function.prototype.toString.call(made);
    if (source.includes("[native code]") || PRIVATE.test(source)) return false;
  }
  return true;
}

/** The text of the class that a prototype belongs to. */
function sourceOf(prototype: object): string {
  const { value: made } = Object.getOwnPropertyDescriptor(prototype, "constructor") ?? {};
  return typeof made === "function" ? Function.prototype.toString.call(made) : "";
}
