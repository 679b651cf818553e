import type { Attack, Line } from "../attack";
import { raft } from "../submission";

const CALLS: readonly (readonly [found: string, code: string])[] = [
  ["a call of Date.now", "Date.now()"],
  ["a call of Date", "new Date()"],
  ["a use of performance", "performance.now()"],
  ["a call of Math.random", "Math.random()"],
  ["a use of setTimeout", "setTimeout(() => {}, 0)"],
  ["a use of setInterval", "setInterval(() => {}, 1)"],
  ["a use of setImmediate", "setImmediate(() => {})"],
  ["a use of queueMicrotask", "queueMicrotask(() => {})"],
  ["a use of process", "process.nextTick(() => {})"],
  ["a use of process", "process.hrtime.bigint()"],
  ["a use of FinalizationRegistry", "new FinalizationRegistry(() => {})"],
  ["a use of WeakRef", "new WeakRef({})"],
  ["a use of crypto", "crypto.randomUUID()"],
  ["a use of Intl", "new Intl.DateTimeFormat().format()"],
  ["a call of Promise", "Promise.resolve().then(() => {})"],
  ["a call of an async function", "(async () => { await null; })()"],
];

const called = ([found, code]: (typeof CALLS)[number], index: number): Attack => ({
  id: `21${String.fromCharCode("a".charCodeAt(0) + index)}`,
  does: code,
  submission: raft({ start: `${code};` }),
  verdict: "no points",
  says: new RegExp(`found ${found}|is not a constructor`),
});

export const TIME_AND_CHANCE: Line = {
  number: 21,
  title: "Real time, real chance, doing it later",
  happens: "Each of them explains itself and names what to use instead. Promises never go on.",
  attacks: [
    ...CALLS.map(called),
    {
      id: "21q",
      does: "another way to the clock: Date’s constructor behind a date",
      submission: raft({ start: "new (Object.getPrototypeOf(new Date(0)).constructor)();" }),
      verdict: "no points",
      says: /found a call of Date/,
    },
    {
      id: "21r",
      does: "a clock taken while the file is loaded",
      submission: raft({ top: "const loadedAt = Date.now();" }),
      verdict: "refused",
      says: /while the file is loaded there is a call of Date\.now/,
    },
  ],
};
