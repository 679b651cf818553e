const known = new WeakMap<object, boolean>();

/**
 * True for frozen arrays and objects that hold nothing that could change either: what was sent or received, for instance. A
 * frozen map still takes entries, and a frozen object may hold an array that grows.
 */
export function isImmutable(object: object): boolean {
  if (!Object.isFrozen(object)) return false;
  const before = known.get(object);
  if (before !== undefined) return before;
  known.set(object, false); // what comes back to itself is looked at no further
  const isOne = isPlain(object) && Object.values(object).every(isFixed);
  known.set(object, isOne);
  return isOne;
}

function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === Object.prototype || prototype === null || Array.isArray(object);
}

function isFixed(value: unknown): boolean {
  return typeof value === "object" && value !== null ? isImmutable(value) : typeof value !== "function";
}
