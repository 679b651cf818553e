import { refuse } from "./steps";

export { currentHandler, enterHandler, leaveHandler } from "./steps";

const AT_ONCE = "A handler works at once and to its end: do it right here, or set a timer.";
const VIRTUAL_TIME = "Use env.now(): virtual time, the same in every replay.";

/** Functions that a deterministic server has no use for, by the global they hang on, and what to use instead. */
const FORBIDDEN: readonly {
  readonly on: string;
  readonly names: readonly string[];
  readonly instead: string;
}[] = [
  { on: "Math", names: ["random"], instead: "Use env.random(): it draws from the run's seed." },
  { on: "Date", names: ["now"], instead: VIRTUAL_TIME },
  { on: "performance", names: ["now"], instead: VIRTUAL_TIME },
  {
    on: "",
    names: ["setTimeout", "setInterval", "setImmediate"],
    instead: "Use env.setTimer(name, delay): it calls onTimer(name) in virtual time.",
  },
  {
    on: "",
    names: ["queueMicrotask", "fetch"],
    instead: AT_ONCE,
  },
  {
    on: "Promise",
    names: ["resolve", "reject", "all", "allSettled", "race", "any", "withResolvers", "try"],
    instead: AT_ONCE,
  },
  { on: "Promise.prototype", names: ["then", "catch", "finally"], instead: AT_ONCE },
  { on: "Array", names: ["fromAsync"], instead: AT_ONCE },
  { on: "Atomics", names: ["wait", "waitAsync"], instead: AT_ONCE },
  {
    on: "process",
    names: ["exit", "hrtime"],
    instead: "A server reaches the outside only through env.",
  },
  {
    on: "crypto",
    names: ["getRandomValues", "randomUUID"],
    instead: "Use env.random(): it draws from the run's seed.",
  },
];

/** Classes of the same kind. */
const FORBIDDEN_CLASSES: readonly { readonly name: string; readonly instead: string }[] = [
  { name: "Date", instead: VIRTUAL_TIME },
  { name: "Promise", instead: AT_ONCE },
  { name: "WeakRef", instead: "Hold the value itself: when memory is cleared differs from run to run." },
  {
    name: "FinalizationRegistry",
    instead: "Remove the value where it is no longer needed: when memory is cleared differs from run to run.",
  },
];

const guarded = new WeakSet<object>();

/**
 * Makes the functions above explain themselves when a server touches them. Outside of handlers they work as ever, so
 * tests and tools in the same process notice nothing. Safe to call again.
 */
export function installGuards(realm: object = globalThis): void {
  if (guarded.has(realm)) return;
  guarded.add(realm);
  for (const { on, names, instead } of FORBIDDEN) {
    const owner = on
      .split(".")
      .reduce<unknown>((from, name) => (name === "" ? from : partOf(from, name)), realm);
    if (!isObject(owner)) continue;
    for (const name of names) guard(owner, name, on === "" ? name : `${on}.${name}`, instead);
  }
  for (const { name, instead } of FORBIDDEN_CLASSES) guardClass(realm, name, instead);
}

function guard(owner: object, name: string, title: string, instead: string): void {
  const real: unknown = Reflect.get(owner, name);
  if (typeof real !== "function") return;
  Reflect.set(
    owner,
    name,
    new Proxy(real, {
      apply(target, self, args) {
        refuseCall(title, instead);
        return Reflect.apply(target, behind.get(self) ?? self, args);
      },
    }),
  );
}

/** The classes behind their guards. */
const behind = new WeakMap<object, object>();

/**
 * Guards the name of a class, not the class: it remains the `constructor` of its objects, so that `await` finds a
 * promise as it should be. Its static functions get to see the class as well: `Promise.resolve(promise)` compares.
 */
function guardClass(realm: object, name: string, instead: string): void {
  const real: unknown = Reflect.get(realm, name);
  if (typeof real !== "function") return;
  const guardian: typeof real = new Proxy(real, {
    apply(target, self, args) {
      refuseCall(name, instead);
      return Reflect.apply(target, self, args);
    },
    construct(target, args, newTarget) {
      refuseCall(name, instead);
      return Reflect.construct(target, args, newTarget === guardian ? target : newTarget);
    },
  });
  behind.set(guardian, real);
  Reflect.set(realm, name, guardian);
}

/** What to use instead of a function, by its title: "setTimeout", "performance.now". Undefined if there is no advice. */
export function adviceFor(title: string): string | undefined {
  const [, on = "", name = title] = /^(.*)\.(\w+)$/.exec(title) ?? [];
  return (
    FORBIDDEN.find((group) => group.on === on && group.names.includes(name))?.instead ??
    FORBIDDEN_CLASSES.find((group) => group.name === title)?.instead
  );
}

/** Refuses a call in the running handler: {@link adviceFor} says what to use instead. */
export function refuseCall(title: string, instead: string): void {
  refuse({ rule: "a server that acts only through env", found: `a call of ${title}`, next: instead });
}

function partOf(owner: unknown, name: string): unknown {
  return isObject(owner) ? Reflect.get(owner, name) : undefined;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
