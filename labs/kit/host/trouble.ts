import { NotImplemented } from "../contract";
import { ContractBreach } from "./contract-breach";
import type { Trouble } from "./reaction";
import { studentLine } from "./student-line";

/** What the engines say when strict code changes something frozen (V8, SpiderMonkey, JavaScriptCore). */
const FROZEN =
  /read only property|not extensible|Cannot delete property|Cannot redefine|is read-only|readonly property/;

/** Characters of a student's own words that are kept. */
const WORDS_MAX = 500;

/** Turns whatever came out of a handler into data. It may be anything, also something that throws when looked at. */
export function troubleOf(error: unknown, where: string): Trouble {
  try {
    return tell(error, where);
  } catch {
    return { kind: "threw", error: "an error that cannot be looked at" };
  }
}

function tell(error: unknown, where: string): Trouble {
  if (error instanceof NotImplemented)
    return { kind: "not-written", task: String(error.task).slice(0, WORDS_MAX) };
  if (error instanceof ContractBreach) return breachTrouble(error);
  const line = studentLine(error);
  if (error instanceof TypeError && FROZEN.test(error.message)) {
    return {
      kind: "contract",
      where,
      rule: "that nothing is changed once it was sent, received or written, nor the language's own objects",
      found: `a change of one (${words(error.message)})`,
      next: "Make a copy first and change that: [...entries], { ...message }, [...env.peers]. Hand over copies of arrays you go on using.",
      line,
    };
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : `${String(error)} (not an Error)`;
  return { kind: "threw", error: words(text), line };
}

/** The trouble of a breach, field by field: a server's code can make one too, with anything in it. */
function breachTrouble({ trouble: { rule, found, where, next, line } }: ContractBreach): Trouble {
  return {
    kind: "contract",
    rule: words(String(rule)),
    found: words(String(found)),
    where: words(String(where)),
    next: words(String(next)),
    line: line === undefined ? undefined : words(String(line)),
  };
}

/** A handler that returns a promise would go on after the world has moved on. */
export function promiseTrouble(where: string, promise: unknown): Trouble {
  try {
    Promise.resolve(promise).catch(() => {}); // or a rejection that nobody waits for ends the whole process
  } catch {
    // It has a constructor or a catch of its own, and is no promise that could end anything.
  }
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

function words(text: string): string {
  return text.slice(0, WORDS_MAX);
}
