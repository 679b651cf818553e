import type { Line } from "../attack";
import { raft } from "../submission";

/** Title, clipboard, cursor, a carriage return, a bidirectional override, zero-width marks, a bell. */
const SIGNS = String.raw`\x1b]0;title\x07\x1b]52;c;ZXZpbA==\x07\x1b[2J\x1b[1A\rok\u202egnp.exe\u2066\u200b\x9b31m`;

export const FLOODS: Line = {
  number: 30,
  title: "Output floods and terminal signs",
  happens: "Prints go nowhere. What a report quotes is short, and signs that are not seen are written out.",
  attacks: [
    {
      id: "30a",
      does: "100,000 lines on the console at each start",
      submission: raft({ start: 'for (let i = 0; i < 100_000; i++) console.log("x".repeat(100), i);' }),
      verdict: "no effect",
    },
    {
      id: "30b",
      does: "one line of 50 MB on the console",
      submission: raft({
        start: 'const line = "x".repeat(50_000_000);\nconsole.log(line), console.error(line);',
      }),
      verdict: "no effect",
    },
    {
      id: "30c",
      does: "terminal signs in an error",
      submission: raft({ start: `throw new Error("${SIGNS}");` }),
      verdict: "no points",
      says: /\\u\{1b\}\]0;title/,
    },
    {
      id: "30d",
      does: "terminal signs in log lines, timers and message types",
      submission: raft({
        start: `this.env.log("${SIGNS}");
this.env.setTimer("${SIGNS}", 0);
for (const peer of this.env.peers) this.env.send(peer, { type: "${SIGNS}", term: 0 });`,
        onTimer: 'if (name !== "election" && name !== "heartbeat") throw new Error("now");',
      }),
      verdict: "no points",
      says: /\\u\{1b\}\]0;title/,
    },
    {
      id: "30e",
      does: "1,000 log lines of 1,000 characters, but no more",
      submission: raft({ start: 'for (let i = 0; i < 1_000; i++) this.env.log("x".repeat(1_000));' }),
      verdict: "no effect",
      only: ["1.1a", "1.6f"],
    },
  ],
};
