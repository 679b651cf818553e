import { NotImplemented } from "../contract";
import { ContractBreach } from "./contract-breach";
import type { Trouble } from "./reaction";
import { studentLine } from "./student-line";

/** What the engines say when strict code changes something frozen (V8, SpiderMonkey, JavaScriptCore). */
const FROZEN =
  /read only property|not extensible|Cannot delete property|Cannot redefine|is read-only|readonly property/;

/** Turns whatever came out of a handler into data. */
export function troubleOf(error: unknown, where: string): Trouble {
  if (error instanceof NotImplemented) return { kind: "not-written", task: error.task };
  if (error instanceof ContractBreach) return error.trouble;
  const line = studentLine(error);
  if (error instanceof TypeError && FROZEN.test(error.message)) {
    return {
      kind: "contract",
      where,
      rule: "that a message or a disk value is never changed once it was sent, received or written",
      found: `a change of one (${error.message})`,
      next: "Make a copy first and change that: [...entries], { ...message }, [...env.peers]. Hand over copies of arrays you go on using.",
      line,
    };
  }
  return { kind: "threw", error: words(error), line };
}

/** A handler that returns a promise would go on after the world has moved on. */
export function promiseTrouble(where: string, promise: unknown): Trouble {
  Promise.resolve(promise).catch(() => {}); // or a rejection that nobody waits for ends the whole process
  return {
    kind: "contract",
    where,
    rule: "a handler that does its work at once",
    found: "a promise as its result",
    next: "Remove async and await: to go on later, set a timer or wait for the next message.",
  };
}

export function isPromise(value: unknown): boolean {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "then") === "function";
}

function words(error: unknown): string {
  try {
    const text =
      error instanceof Error ? `${error.name}: ${error.message}` : `${String(error)} (not an Error)`;
    return text.slice(0, 500);
  } catch {
    return "an error that cannot be printed";
  }
}
