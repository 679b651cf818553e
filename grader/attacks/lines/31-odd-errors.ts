import type { Attack, Line } from "../attack";
import { raft } from "../submission";

const THROWN: readonly (readonly [does: string, code: string, says: RegExp])[] = [
  ["throw undefined", "throw undefined;", /threw undefined \(not an Error\)/],
  ["throw null", "throw null;", /threw null \(not an Error\)/],
  [
    "an error whose message throws",
    'const e = new Error("x");\nObject.defineProperty(e, "message", { get() { throw e; } });\nthrow e;',
    /an error that cannot be looked at/,
  ],
  [
    "an error whose stack throws",
    'const e = new Error("x");\nObject.defineProperty(e, "stack", { get() { throw e; } });\nthrow e;',
    /an error that cannot be looked at/,
  ],
  ["an error whose message has 50 MB", 'throw new Error("x".repeat(5e7));', /threw Error: x{100}/],
  [
    "an error whose stack has 100 MB",
    'const e = new Error("long");\ne.stack = "at " + " (x:1:".repeat(2e7);\nthrow e;',
    /threw Error: long/,
  ],
  [
    "an object whose toString throws",
    "throw { toString() { throw this; } };",
    /an error that cannot be looked at/,
  ],
  ["an object without a prototype", "throw Object.create(null);", /an error that cannot be looked at/],
  [
    "a Proxy that throws whatever is asked",
    "throw new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 2; } });",
    /an error that cannot be looked at/,
  ],
  [
    "an error whose name is an endless loop",
    'const e = new Error("x");\nObject.defineProperty(e, "name", { get() { for (;;); } });\nthrow e;',
    /no end after 5,000,000|an error that cannot be looked at/,
  ],
  ["a rejection that nobody handles", 'Promise.reject(new Error("nobody"));', /found a call of Promise/],
  ["a handler that returns a thenable", "return { then() {} };", /found a promise as its result/],
];

const thrown = ([does, code, says]: (typeof THROWN)[number], index: number): Attack => ({
  id: `31${String.fromCharCode("a".charCodeAt(0) + index)}`,
  does,
  submission: raft({ start: code }),
  verdict: "no points",
  says,
});

export const ODD_ERRORS: Line = {
  number: 31,
  title: "Errors that are none, promises that never come",
  happens:
    "Whatever is thrown becomes a short text. A promise is refused where it is made; the process never comes back to an event loop.",
  attacks: [
    ...THROWN.map(thrown),
    {
      id: "31m",
      does: "top-level await of a promise that never comes",
      submission: raft({ top: "await new Promise(() => {});" }),
      verdict: "refused",
      says: /raft\.ts:1: .*await/,
    },
    {
      id: "31n",
      does: "a rejection while the file is loaded",
      submission: raft({ top: 'Promise.reject(new Error("nobody"));' }),
      verdict: "refused",
      says: /while the file is loaded there is a call of Promise/,
    },
    {
      id: "31o",
      does: "throws something odd while the file is loaded",
      submission: raft({ top: "throw { get message() { throw 1; }, toString() { throw 2; } };" }),
      verdict: "refused",
      says: /loading the file throws an error that cannot be looked at/,
    },
  ],
};
