import { ContractBreach } from "./contract-breach";

/**
 * Steps that one handler may take: rounds of loops and calls of functions. A handler of an ordinary server takes a few
 * dozen. Counted where the code was prepared for it, as the grader does; the verdict is the same on every machine.
 */
export const STEPS_MAX = 5_000_000;

/** The last steps before the limit are looked at: which of them belongs to the loop that does not end? */
const LOOKED_AT = 1_000;
/** Calls within calls that are told apart then. */
export const STACK_DEPTH_MAX = 100;

let handling: string | undefined;
/** The first thing refused in the running handler, kept even if the server's code catches the error. */
let refused: ContractBreach | undefined;
let steps = 0;

/** Marks that `where` ("S2.onMessage") is running until {@link leaveHandler}: it may take {@link STEPS_MAX} steps. */
export function enterHandler(where: string): void {
  handling = where;
  refused = undefined;
  steps = 0;
}

/** @returns the first thing that was refused meanwhile, if anything */
export function leaveHandler(): ContractBreach | undefined {
  handling = undefined;
  return refused;
}

/** The handler that is running, for a watchdog to name: "S2.onMessage". Undefined between handlers. */
export function currentHandler(): string | undefined {
  return handling;
}

/** Steps of the running handler so far, or of the last one. 0 where the code does not count them. */
export function stepsTaken(): number {
  return steps;
}

/**
 * Counts a round of a loop or a call of a function. Past the limit it throws each time, so that no catch or finally
 * keeps a loop going; between handlers too, where only a promise can have brought the code.
 */
export function step(): void {
  if (++steps > STEPS_MAX - LOOKED_AT) lastSteps();
}

/** What an async function waits for before its first line: it never comes, so nothing of it runs, now or later. */
const NEVER = Object.freeze({
  // biome-ignore lint/suspicious/noThenProperty: being awaited is what it is for
  then: () => {},
});

/**
 * Refuses a call of an async function, for it to await at its entry. Not thrown: that would only make a rejected
 * promise, which nobody sees and which ends the process.
 */
export function refuseAsync(): PromiseLike<never> {
  if (handling !== undefined) {
    refused ??= new ContractBreach({
      where: handling,
      rule: "a server that does all its work before its handler returns",
      found: "a call of an async function",
      next: "Remove async and await: to go on later, set a timer or wait for the next message.",
    });
  }
  return NEVER as PromiseLike<never>;
}

/** Refuses what the running handler is about to do. Between handlers everything is allowed. */
export function refuse(about: {
  readonly rule: string;
  readonly found: string;
  readonly next: string;
}): void {
  if (handling === undefined) return;
  const breach = new ContractBreach({ where: handling, ...about });
  refused ??= breach;
  throw breach;
}

/** Where the code was at one of its last steps. */
interface Look {
  readonly breach: ContractBreach;
  /** Calls within calls, as far as they are told apart. */
  readonly depth: number;
  readonly row: number;
}

let outermost: Look | undefined;

function lastSteps(): void {
  if (steps <= STEPS_MAX) {
    const last = steps === STEPS_MAX - LOOKED_AT + 1 ? undefined : outermost;
    const look = lookAround();
    outermost = last === undefined || isOutside(look, last) ? look : last;
    return;
  }
  const breach = refused ?? outermost?.breach ?? lookAround().breach;
  if (handling !== undefined) refused = breach;
  throw breach;
}

/** What an endless loop calls is deeper than the loop itself; a loop within it is further down in the file. */
function isOutside(a: Look, b: Look): boolean {
  return a.depth < b.depth || (a.depth === b.depth && a.row < b.row);
}

function lookAround(): Look {
  const usual = Error.stackTraceLimit;
  // In a cell all of Error is frozen, with this limit.
  Reflect.set(Error, "stackTraceLimit", STACK_DEPTH_MAX);
  try {
    const breach = new ContractBreach({
      where: handling ?? "Between two handlers",
      rule: "a handler that comes to its end",
      found: `no end after ${STEPS_MAX.toLocaleString("en")} rounds of loops and calls of functions`,
      next: "What should end this loop or recursion, and does that change from one round to the next?",
    });
    const depth = breach.stack?.split("\n").length ?? 0;
    return { breach, depth, row: Number(breach.trouble.line?.replace(/^.*:/, "")) };
  } finally {
    Reflect.set(Error, "stackTraceLimit", usual);
  }
}
