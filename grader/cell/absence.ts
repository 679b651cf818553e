type Refuse = (about: { readonly rule: string; readonly found: string; readonly next: string }) => void;

/**
 * What stands for something that is not there when a server is graded: whoever touches it is told why.
 * @param present what of it may be looked at all the same
 */
export function absence(
  name: string,
  refuse: Refuse,
  present: Readonly<Record<string, unknown>> = {},
): unknown {
  const explain = (): never => {
    refuse({
      rule: "a server that acts only through env",
      found: `a use of ${name}`,
      next: "What a server needs of the outside comes through env; of the language, Map, Set, JSON, Math and the like are there.",
    });
    throw new ReferenceError(`${name} is not there when a server is graded.`);
  };
  return new Proxy(() => {}, {
    get: (_, key) => (typeof key === "string" && Object.hasOwn(present, key) ? present[key] : explain()),
    set: explain,
    has: explain,
    apply: explain,
    construct: explain,
    getPrototypeOf: explain,
    defineProperty: explain,
    deleteProperty: explain,
    ownKeys: explain,
    getOwnPropertyDescriptor: explain,
  });
}
