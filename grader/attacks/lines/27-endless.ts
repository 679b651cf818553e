import type { Line } from "../attack";
import { raft } from "../submission";

const counted = /found no end after 5,000,000 rounds of loops and calls of functions/;
/** One test that every server takes part in: what only the wall clock ends costs ten seconds each time. */
const ONE = ["1.1a"];

export const ENDLESS: Line = {
  number: 27,
  title: "Work without end",
  happens:
    "Rounds of loops and calls of functions are counted, so that the verdict does not depend on the machine. What cannot be counted is ended after 5 s of silence, and only if the same run does it again alone.",
  attacks: [
    {
      id: "27a",
      does: "an endless loop in a handler",
      submission: raft({ start: "for (;;) {}" }),
      verdict: "no points",
      says: counted,
    },
    {
      id: "27b",
      does: "an endless loop that catches everything",
      submission: raft({ start: "for (;;) { try { for (;;) {} } catch {} finally { continue; } }" }),
      verdict: "no points",
      says: counted,
    },
    {
      id: "27c",
      does: "an endless loop while the file is loaded",
      submission: raft({ top: "while (true);" }),
      verdict: "refused",
      says: /while the file is loaded there is no end after 5,000,000 rounds/,
    },
    {
      id: "27d",
      does: "deep recursion that catches the overflow and goes on",
      submission: raft({ start: "const deep = () => { try { deep(); } catch {} deep(); };\ndeep();" }),
      verdict: "no points",
      says: /does not return|no end after/,
      only: ONE,
    },
    {
      id: "27e",
      does: "endless microtasks, by promises",
      submission: raft({ start: "const again = () => Promise.resolve().then(again);\nagain();" }),
      verdict: "no points",
      says: /found a call of Promise/,
    },
    {
      id: "27f",
      does: "endless microtasks, by async functions",
      submission: raft({ start: "(async () => { for (;;) await null; })();" }),
      verdict: "no points",
      says: /found a call of an async function/,
    },
    {
      id: "27g",
      does: "an endless generator, getter, comparator and toString",
      submission: raft({
        start: `function* naturals() { for (let n = 0; ; n++) yield n; }
const log = [1, 2].sort(() => { for (const n of naturals()) if (n < 0) return 1; });
this.env.log(log);`,
      }),
      verdict: "no points",
      says: counted,
    },
    {
      id: "27h",
      does: "Atomics.wait",
      submission: raft({ start: "Atomics.wait(new Int32Array(4), 0, 0);" }),
      verdict: "no points",
      says: /found a (use|call) of Atomics/,
    },
    {
      id: "27i",
      does: "a catastrophic regular expression",
      submission: raft({ start: 'this.env.log(/^(a+)+$/.test("a".repeat(60) + "b"));' }),
      verdict: "no points",
      says: /S1\.start\(\) at 0 ms does not return/,
      only: ONE,
    },
    {
      id: "27j",
      does: "a loop that is not written in the file: fields that make objects",
      submission: raft({
        top: "let depth = 0;\nclass Tree { left = depth++ < 40 && new Tree(); right = (depth--, depth++ < 40) && new Tree(); done = depth--; }",
        start: "this.env.log(new Tree());",
      }),
      verdict: "no points",
      says: /does not return|no end|RangeError|signal|memory/,
      only: ONE,
    },
    {
      id: "27k",
      does: "a regular expression while the file is loaded",
      submission: raft({ top: '/^(a+)+$/.test("a".repeat(60) + "b");' }),
      verdict: "refused",
      says: /Loading the file takes too long/,
      only: ONE,
    },
  ],
};
