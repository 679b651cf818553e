/** The part of structuredClone that a server has a use for: plain data, Map and Set, with shared parts and cycles. */
export function structuredClone(value: unknown): unknown {
  return clone(value, new Map());
}

function clone(value: unknown, done: Map<object, unknown>): unknown {
  if (typeof value === "function" || typeof value === "symbol")
    throw new TypeError(`${String(value)} could not be cloned.`);
  if (typeof value !== "object" || value === null) return value;
  const known = done.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) {
    const copy: unknown[] = new Array(value.length);
    done.set(value, copy);
    for (const key of Object.keys(value)) Reflect.set(copy, key, clone(Reflect.get(value, key), done));
    return copy;
  }
  if (value instanceof Map) {
    const copy = new Map<unknown, unknown>();
    done.set(value, copy);
    for (const [key, item] of value) copy.set(clone(key, done), clone(item, done));
    return copy;
  }
  if (value instanceof Set) {
    const copy = new Set<unknown>();
    done.set(value, copy);
    for (const item of value) copy.add(clone(item, done));
    return copy;
  }
  if (
    ArrayBuffer.isView(value) ||
    value instanceof ArrayBuffer ||
    value instanceof Error ||
    value instanceof RegExp
  )
    throw new TypeError("structuredClone copies plain data, arrays, Map and Set here, and nothing else.");
  const copy: Record<string, unknown> = {};
  done.set(value, copy);
  for (const key of Object.keys(value)) copy[key] = clone(Reflect.get(value, key), done);
  return copy;
}
