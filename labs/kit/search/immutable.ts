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
  const isOne = isPlain(object) && Reflect.ownKeys(object).every((key) => isFixed(object, key));
  known.set(object, isOne);
  return isOne;
}

function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === Object.prototype || prototype === null || prototype === Array.prototype;
}

/** A getter may say something else each time. */
function isFixed(object: object, key: string | symbol): boolean {
  const field = Object.getOwnPropertyDescriptor(object, key);
  if (field === undefined || !("value" in field)) return false;
  const value: unknown = field.value;
  return typeof value === "object" && value !== null ? isImmutable(value) : typeof value !== "function";
}
