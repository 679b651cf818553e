import { adviceFor, refuseCall } from "../../labs/kit/host/guards";
import { refuse } from "../../labs/kit/host/steps";

/** What to use instead, where the guards know nothing better. */
const GENERAL =
  "What a server needs of the outside comes through env; of the language, Map, Set, JSON, Math and the like are there.";

/** Absent things that are no functions where they exist. */
const OBJECTS: ReadonlySet<string> = new Set([
  "Atomics",
  "Intl",
  "WebAssembly",
  "crypto",
  "global",
  "navigator",
  "performance",
  "process",
]);

/**
 * What stands for something that is not there when a server is graded: whoever touches it is told why.
 * @param present what of it may be looked at all the same
 */
export function absence(name: string, present: Readonly<Record<string, unknown>> = {}): unknown {
  const explain = (title = name): never => {
    const advice = adviceFor(title);
    if (advice !== undefined) refuseCall(title, advice);
    refuse({ rule: "a server that acts only through env", found: `a use of ${name}`, next: GENERAL });
    throw new ReferenceError(`${title} is not there when a server is graded.`);
  };
  const target = OBJECTS.has(name) ? {} : class {};
  return new Proxy(target, {
    get: (_, key) => {
      if (typeof key !== "string") return explain();
      return Object.hasOwn(present, key) ? present[key] : explain(`${name}.${key}`);
    },
    apply: () => explain(),
    construct: () => explain(),
    set: () => explain(),
    has: () => explain(),
    getPrototypeOf: () => explain(),
    // Whether it can be extended is something that one server could tell another.
    isExtensible: () => explain(),
    preventExtensions: () => explain(),
    defineProperty: () => explain(),
    deleteProperty: () => explain(),
    ownKeys: () => explain(),
    getOwnPropertyDescriptor: () => explain(),
  });
}
