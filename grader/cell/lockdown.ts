/** What RegExp keeps of the last match, for everybody to see: two servers could talk through it. */
const REGEXP_MEMORY = [
  ...["$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$_", "$&", "$+", "$`", "$'"],
  ...["input", "lastMatch", "lastParen", "leftContext", "rightContext"],
];

/**
 * Freezes the realm's own objects, so that no server can change what `map` or `JSON` means, for itself, for the others
 * or for the host, and none can leave something there for another one to find.
 * @param roots what code in the realm can name
 */
export function freezeIntrinsics(roots: Iterable<unknown>): void {
  for (const name of REGEXP_MEMORY) Reflect.deleteProperty(RegExp, name);
  const found = reachableFrom([...roots, ...unnamedIntrinsics()]);
  for (const object of found) if (isOverridden(object)) letInstancesOverride(object);
  // Looked at once more: overriding has made accessors, and hides values.
  for (const object of [...found, ...reachableFrom([...found])]) Object.freeze(object);
}

/** Everything that can be reached over properties, accessors and prototypes. */
function reachableFrom(roots: readonly unknown[]): Set<object> {
  const found = new Set<object>();
  const open = [...roots];
  while (open.length > 0) {
    const value = open.pop();
    if ((typeof value !== "object" && typeof value !== "function") || value === null || found.has(value))
      continue;
    found.add(value);
    open.push(Object.getPrototypeOf(value));
    for (const key of Reflect.ownKeys(value)) {
      const property = Object.getOwnPropertyDescriptor(value, key);
      open.push(property?.value, property?.get, property?.set);
    }
  }
  return found;
}

function isFunction(value: unknown): value is (...args: never[]) => unknown {
  return typeof value === "function";
}

const next = () => ({ done: true as const, value: undefined });

/** What the language has, but no name for. */
function unnamedIntrinsics(): unknown[] {
  const of = Object.getPrototypeOf;
  const generator = function* () {};
  const asyncGenerator = async function* () {};
  // Newer engines have helpers of iterators; the compiler's library does not know them yet.
  const iterator: unknown = Reflect.get(globalThis, "Iterator");
  const from: unknown = isFunction(iterator) ? Reflect.get(iterator, "from") : undefined;
  const wrapped: unknown = isFunction(from) ? Reflect.apply(from, iterator, [{ next }]) : undefined;
  const map: unknown = wrapped === undefined ? undefined : Reflect.get(wrapped as object, "map");
  const helpers = isFunction(map) ? [of(wrapped), of(Reflect.apply(map, wrapped, [Number]))] : [];
  return [
    ...helpers,
    of(generator),
    of(asyncGenerator),
    of(async () => {}),
    of(generator()),
    of(asyncGenerator()),
    of(Uint8Array),
    of([][Symbol.iterator]()),
    of(""[Symbol.iterator]()),
    of("".matchAll(/./g)),
    of(new Map()[Symbol.iterator]()),
    of(new Set()[Symbol.iterator]()),
  ];
}

/** Prototypes of which programs override a property by a plain assignment: `this.name = "MyError"`. */
function isOverridden(object: object): boolean {
  return object === Object.prototype || object === Error.prototype || object instanceof Error;
}

/**
 * A frozen property of a prototype cannot be overridden by assignment, which surprises honest code. So each becomes an
 * accessor that says the same, and that gives the object assigned to a property of its own.
 */
function letInstancesOverride(prototype: object): void {
  for (const key of Reflect.ownKeys(prototype)) {
    const property = Object.getOwnPropertyDescriptor(prototype, key);
    if (property === undefined || !("value" in property) || !property.configurable) continue;
    const { value, enumerable } = property;
    Object.defineProperty(prototype, key, {
      get: () => value,
      set(this: object, own: unknown) {
        if (this === prototype) throw new TypeError(`Cannot assign to read only property '${String(key)}'`);
        Object.defineProperty(this, key, {
          value: own,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      },
      enumerable,
      configurable: false,
    });
  }
}
