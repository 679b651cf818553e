import { ContractBreach } from "./contract-breach";

/** What a deterministic server has no use for, by the global it hangs on, and what to use instead. */
const FORBIDDEN: readonly {
  readonly on: string;
  readonly names: readonly string[];
  readonly instead: string;
}[] = [
  { on: "Math", names: ["random"], instead: "Use env.random(): it draws from the run's seed." },
  { on: "Date", names: ["now"], instead: "Use env.now(): virtual time, the same in every replay." },
  { on: "performance", names: ["now"], instead: "Use env.now(): virtual time, the same in every replay." },
  {
    on: "",
    names: ["setTimeout", "setInterval", "setImmediate"],
    instead: "Use env.setTimer(name, delay): it calls onTimer(name) in virtual time.",
  },
  {
    on: "",
    names: ["queueMicrotask", "fetch"],
    instead: "A handler works at once and to its end: do it right here, or set a timer.",
  },
  {
    on: "process",
    names: ["nextTick", "exit", "hrtime"],
    instead: "A server reaches the outside only through env.",
  },
  {
    on: "crypto",
    names: ["getRandomValues", "randomUUID"],
    instead: "Use env.random(): it draws from the run's seed.",
  },
];

let handling: string | undefined;
/** The first thing refused in the running handler, kept even if the server's code catches the error. */
let refused: ContractBreach | undefined;
const guarded = new WeakSet<object>();

/** Marks that `where` ("S2.onMessage") is running until {@link leaveHandler}: the guards are up. */
export function enterHandler(where: string): void {
  handling = where;
  refused = undefined;
}

/** @returns the first thing that the guards refused meanwhile, if anything */
export function leaveHandler(): ContractBreach | undefined {
  handling = undefined;
  return refused;
}

/** The handler that is running, for a watchdog to name: "S2.onMessage". Undefined between handlers. */
export function currentHandler(): string | undefined {
  return handling;
}

/**
 * Makes the functions above explain themselves when a server touches them. Outside of handlers they work as ever, so
 * tests and tools in the same process notice nothing. Safe to call again.
 */
export function installGuards(realm: object = globalThis): void {
  if (guarded.has(realm)) return;
  guarded.add(realm);
  for (const { on, names, instead } of FORBIDDEN) {
    const owner: unknown = on === "" ? realm : Reflect.get(realm, on);
    if ((typeof owner !== "object" && typeof owner !== "function") || owner === null) continue;
    for (const name of names) guard(owner, name, on === "" ? name : `${on}.${name}`, instead);
  }
  guardDate(realm);
}

function guard(owner: object, name: string, title: string, instead: string): void {
  const real: unknown = Reflect.get(owner, name);
  if (typeof real !== "function") return;
  Reflect.set(
    owner,
    name,
    new Proxy(real, {
      apply(target, self, args) {
        refuse(title, instead);
        return Reflect.apply(target, self, args);
      },
    }),
  );
}

function guardDate(realm: object): void {
  const real: unknown = Reflect.get(realm, "Date");
  if (typeof real !== "function") return;
  const instead = "Use env.now(): virtual time, the same in every replay.";
  Reflect.set(
    realm,
    "Date",
    new Proxy(real, {
      apply(target, self, args) {
        refuse("Date", instead);
        return Reflect.apply(target, self, args);
      },
      construct(target, args, newTarget) {
        refuse("Date", instead);
        return Reflect.construct(target, args, newTarget);
      },
    }),
  );
}

function refuse(title: string, instead: string): void {
  if (handling === undefined) return;
  const breach = new ContractBreach({
    where: handling,
    rule: "a server that acts only through env",
    found: `a call of ${title}`,
    next: instead,
  });
  refused ??= breach;
  throw breach;
}
