import type { Attack, Line } from "../attack";
import { raft } from "../submission";

/** Values that are no plain data, and what is said of them. */
const VALUES: readonly (readonly [value: string, found: string])[] = [
  ["(() => { const c = {}; c.self = c; return c; })()", "a cycle: an object that contains itself"],
  ["10n", "a bigint"],
  ["() => 1", "a function"],
  ["Symbol.iterator", "a symbol"],
  ["new (class Entry { term = 1; })()", "an instance of class Entry"],
  ["new Map([[1, 2]])", "an instance of class Map"],
  ["new Set([1])", "an instance of class Set"],
  ["new Uint8Array(4)", "an instance of class Uint8Array"],
  ["/x/", "an instance of class RegExp"],
  ["new Error('x')", "an instance of class Error"],
  ["new (class Log extends Array {})()", "an instance of class Log"],
  ["new Proxy(new Map(), {})", "an instance of class Map"],
];

const sent = ([value, found]: (typeof VALUES)[number], index: number): Attack => ({
  id: `24${String.fromCharCode("a".charCodeAt(0) + index)}`,
  does: `sends ${value.startsWith("(() =>") ? "a cycle" : value}`,
  submission: raft({
    start: `for (const peer of this.env.peers) this.env.send(peer, { type: "X", value: ${value} });`,
  }),
  verdict: "fewer points",
  says: new RegExp(
    `env\\.send, field value(\\.self)? \\(raft\\.ts:\\d+\\): expected plain data .* found ${found}`,
  ),
});

export const NO_DATA: Line = {
  number: 24,
  title: "Messages that are no data",
  happens: "Refused at the call, with the field’s path. What is read of a Proxy or a getter is read once.",
  attacks: [
    ...VALUES.map(sent),
    {
      id: "24m",
      does: "a message with a getter that throws",
      submission: raft({
        start:
          'for (const peer of this.env.peers) this.env.send(peer, { type: "X", get value() { throw new Error("from the getter"); } });',
      }),
      verdict: "fewer points",
      says: /threw Error: from the getter/,
    },
    {
      id: "24n",
      does: "a Proxy as a message, which answers differently each time",
      submission: raft({
        start: `let reads = 0;
for (const peer of this.env.peers) this.env.send(peer, new Proxy({ type: "X", term: 0 }, { get: (target, key) => (key === "n" ? reads++ : target[key]) }));`,
      }),
      verdict: "no effect",
    },
    {
      id: "24o",
      does: "a date, which already its constructor refuses",
      submission: raft({
        start: 'for (const peer of this.env.peers) this.env.send(peer, { type: "X", at: new Date() });',
      }),
      verdict: "fewer points",
      says: /found a call of Date/,
    },
  ],
};
