import type { Attack, Line } from "../attack";
import { raft } from "../submission";

const toPeers = (message: string): string =>
  `for (const peer of this.env.peers) this.env.send(peer, ${message});`;

const CALLS: readonly (readonly [does: string, code: string, says: RegExp])[] = [
  ["a message of 100 MB", toPeers('{ type: "X", data: "x".repeat(1e8) }'), /found more than 1,000,000 bytes/],
  [
    "10^6 levels of nesting",
    `let deep = [];\nfor (let i = 0; i < 1e6; i++) deep = [deep];\n${toPeers('{ type: "X", deep }')}`,
    /found more than 64 levels of nesting/,
  ],
  [
    "10^6 messages of one handler",
    `for (let i = 0; i < 1e6; i++) ${toPeers('{ type: "X" }')}`,
    /expected at most 10,000 effects of one handler/,
  ],
  [
    "10^6 empty arrays in a message",
    toPeers('{ type: "X", data: new Array(1e6).fill([]) }'),
    /found more than 1,000,000 bytes/,
  ],
  [
    "a Proxy of an array that never ends",
    toPeers('{ type: "X", data: new Proxy([], { get: (_, key) => (key === "length" ? 2 ** 53 : 1) }) }'),
    /found (more than 1,000,000 bytes|a hole in an array)/,
  ],
  [
    "the same large part many times",
    `const part = new Array(1000).fill("x".repeat(100));\n${toPeers('{ type: "X", data: new Array(1000).fill(part) }')}`,
    /found more than 1,000,000 bytes/,
  ],
  [
    "a message to itself",
    "if (this.env.peers.length > 0) this.env.send(this.env.self, { type: 'X' });",
    /expected one of this server's peers .* found "S1" as receiver/,
  ],
  [
    "a message to nobody",
    "if (this.env.peers.length > 0) this.env.send('S99', { type: 'X' });",
    /found "S99" as receiver/,
  ],
  [
    "a message to an object",
    "if (this.env.peers.length > 0) this.env.send({ toString: () => 'S1' }, { type: 'X' });",
    /found an object as receiver/,
  ],
];

const TIMERS: readonly (readonly [does: string, code: string, says: RegExp])[] = [
  [
    "10^6 timers",
    'for (let i = 0; i < 1e6; i++) this.env.setTimer("t" + i, 1);',
    /expected at most 10,000 effects of one handler/,
  ],
  [
    "a negative delay",
    'this.env.setTimer("t", -1);',
    /expected a delay of 0 to 1,000,000,000 milliseconds; found -1/,
  ],
  ["a delay of NaN", 'this.env.setTimer("t", NaN);', /found NaN/],
  ["a delay of Infinity", 'this.env.setTimer("t", Infinity);', /found Infinity/],
  [
    "a timer’s name of 100 MB",
    'this.env.setTimer("x".repeat(1e8), 1);',
    /expected a name \(a string of at most 200 characters\)/,
  ],
];

const letter = (index: number): string => String.fromCharCode("a".charCodeAt(0) + index);

const tried =
  (from: number, verdict: Attack["verdict"]) =>
  ([does, code, says]: (typeof CALLS)[number], index: number): Attack => ({
    id: `26${letter(from + index)}`,
    does,
    submission: raft({ start: code }),
    verdict,
    says,
  });

export const TOO_MUCH: Line = {
  number: 26,
  title: "Too much of everything",
  happens:
    "Limits for a message, a handler and a run, counted in effects and bytes: the verdict is the same on every machine.",
  attacks: [
    ...CALLS.map(tried(0, "fewer points")),
    ...TIMERS.map(tried(CALLS.length, "no points")),
    {
      id: "26o",
      does: "timers that run out at once, for ever",
      submission: raft({
        start: 'this.env.setTimer("t", 0);',
        onTimer: 'if (name === "t") return this.env.setTimer("t", 0);',
      }),
      verdict: "no points",
      says: /More than [\d,]+ events/,
      only: ["1.1a"],
    },
    {
      id: "26p",
      does: "large messages again and again",
      submission: raft({
        start: 'this.env.setTimer("t", 1);',
        onTimer: `if (name === "t") { ${toPeers('{ type: "X", data: "x".repeat(900000) }')} return this.env.setTimer("t", 0); }`,
        onMessage: 'if (message.type === "X") return;',
      }),
      verdict: "no points",
      says: /More than [\d,]+ bytes/,
      only: ["1.1a"],
    },
    {
      id: "26q",
      does: "9 MB of log lines in each event, again and again",
      submission: raft({
        start: 'this.env.setTimer("t", 0);',
        onTimer:
          'if (name === "t") { for (let i = 0; i < 9_000; i++) this.env.log("x".repeat(1_000)); return this.env.setTimer("t", 0); }',
      }),
      verdict: "no points",
      says: /More than [\d,]+ bytes/,
      only: ["1.1a"],
    },
  ],
};
