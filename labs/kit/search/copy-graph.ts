import { Opaque, refuseHeir, refuseOpaque } from "./fingerprint";
import { isImmutable } from "./immutable";

/** Copies a graph of objects, with its shared objects and cycles. What cannot change, and atoms, stay what they are. */
export class GraphCopy {
  private readonly copies = new Map<object, object>();

  constructor(private readonly atoms: ReadonlyMap<unknown, string>) {}

  /** @throws Opaque where something cannot be copied: a function, an accessor, #private fields */
  of<T extends object>(root: T): T {
    this.copies.clear();
    return this.object(root) as T;
  }

  private any(value: unknown): unknown {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return value;
    return this.atoms.has(value) ? value : this.object(value);
  }

  private object(object: object): object {
    const known = this.copies.get(object);
    if (known !== undefined) return known;
    if (isImmutable(object)) return object;
    if (Array.isArray(object)) return this.array(object);
    if (object instanceof Map) return this.map(object);
    if (object instanceof Set) return this.set(object);
    const prototype: unknown = Object.getPrototypeOf(object);
    refuseOpaque(object, prototype);
    const copy: object = Object.create(prototype as object | null);
    this.copies.set(object, copy);
    for (const key of Reflect.ownKeys(object)) {
      const field = Object.getOwnPropertyDescriptor(object, key);
      if (field === undefined || !("value" in field)) throw new Opaque();
      const value = this.any(field.value);
      if (field.writable && field.enumerable && field.configurable && key !== "__proto__")
        Reflect.set(copy, key, value);
      else Object.defineProperty(copy, key, { ...field, value });
    }
    return copy;
  }

  private array(array: readonly unknown[]): object {
    if (Reflect.ownKeys(array).length !== array.length + 1) throw new Opaque(); // holes, or fields of its own
    refuseHeir(array);
    const copy: unknown[] = [];
    this.copies.set(array, copy);
    for (let i = 0; i < array.length; i++) copy.push(this.any(array[i]));
    return copy;
  }

  private map(map: ReadonlyMap<unknown, unknown>): object {
    const copy = new Map<unknown, unknown>();
    this.copies.set(map, copy);
    refuseFields(map);
    for (const [key, value] of map) copy.set(this.any(key), this.any(value));
    return copy;
  }

  private set(set: ReadonlySet<unknown>): object {
    const copy = new Set<unknown>();
    this.copies.set(set, copy);
    refuseFields(set);
    for (const value of set) copy.add(this.any(value));
    return copy;
  }
}

/** Maps and sets with fields of their own. */
function refuseFields(object: object): void {
  refuseHeir(object);
  if (Reflect.ownKeys(object).length > 0) throw new Opaque();
}
