import type { Attack, Line } from "../attack";
import { raft } from "../submission";

const CALLS: readonly (readonly [found: string, code: string])[] = [
  ["Date.now", "Date.now()"],
  ["Date", "new Date()"],
  ["performance", "performance.now()"],
  ["Math.random", "Math.random()"],
  ["setTimeout", "setTimeout(() => {}, 0)"],
  ["setInterval", "setInterval(() => {}, 1)"],
  ["setImmediate", "setImmediate(() => {})"],
  ["queueMicrotask", "queueMicrotask(() => {})"],
  ["process", "process.nextTick(() => {})"],
  ["process", "process.hrtime.bigint()"],
  ["FinalizationRegistry", "new FinalizationRegistry(() => {})"],
  ["WeakRef", "new WeakRef({})"],
  ["crypto", "crypto.randomUUID()"],
  ["Intl", "new Intl.DateTimeFormat().format()"],
  ["Promise", "Promise.resolve().then(() => {})"],
  ["an async function", "(async () => { await null; })()"],
];

const called = ([found, code]: (typeof CALLS)[number], index: number): Attack => ({
  id: `21${String.fromCharCode("a".charCodeAt(0) + index)}`,
  does: code,
  submission: raft({ start: `${code};` }),
  verdict: "no points",
  says: new RegExp(`found a (use|call) of ${found}`),
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
