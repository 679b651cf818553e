import type { Line } from "../attack";
import { raft } from "../submission";

export const TELLING: Line = {
  number: 15,
  title: "Telling what hidden tests do",
  happens:
    "It stands in the instructor’s report. A student’s copy keeps of a hidden test its number, its points and a phrase from a fixed list.",
  attacks: [
    {
      id: "15a",
      does: "error messages that tell what was seen",
      submission: raft({
        onMessage:
          'throw new Error("SEEN " + JSON.stringify([this.env.now(), this.env.peers, from, message]));',
      }),
      verdict: "fewer points",
      says: /SEEN \[/,
    },
    {
      id: "15b",
      does: "log lines, message types and timers that tell it, then a failure",
      submission: raft({
        members: "seen = 0;",
        onMessage: `const words = "SEEN " + from + " " + message.type + " " + message.term;
this.env.log(words);
this.env.setTimer(words, 1);
if (!message.type.startsWith("SEEN")) this.env.send(from, { type: words, term: this.currentTerm });
if (++this.seen > 3) throw new Error("SEEN enough");`,
      }),
      verdict: "fewer points",
      says: /SEEN enough/,
    },
    {
      id: "15c",
      does: "breaches of the contract whose fields have telling names",
      submission: raft({
        onMessage: `this.env.send(from, { type: "X", ["SEEN " + from + message.type]: () => {} });`,
      }),
      verdict: "fewer points",
      says: /field SEEN S\d/,
    },
  ],
};
