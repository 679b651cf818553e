import type { Line } from "../attack";
import { raft } from "../submission";

const ONE = ["1.1a"];

export const BOMBS: Line = {
  number: 28,
  title: "Bombs",
  happens:
    "The process has a limit for its heap and one for all its memory; it can start no process and open no file.",
  attacks: [
    {
      id: "28a",
      does: "a heap bomb",
      submission: raft({ start: "const all = [];\nfor (;;) all.push(new Array(100000).fill(all.length));" }),
      verdict: "no points",
      says: /The program ended in the middle of the test/,
      only: ONE,
    },
    {
      id: "28b",
      does: "a bomb of ArrayBuffers, outside of the heap",
      submission: raft({ start: "const all = [];\nfor (;;) all.push(new Uint8Array(100_000_000).fill(1));" }),
      verdict: "no points",
      says: /RangeError: Array buffer allocation failed|The program ended in the middle of the test/,
      only: ONE,
    },
    {
      id: "28c",
      does: "a string that doubles without end",
      submission: raft({ start: 'let text = "x";\nfor (;;) text += text;' }),
      verdict: "no points",
      says: /RangeError: Invalid string length/,
      only: ONE,
    },
    {
      id: "28d",
      does: "a fork bomb",
      submission: raft({ top: 'import { fork } from "node:child_process";\nfor (;;) fork(__filename);' }),
      verdict: "refused",
      says: /“node:child_process” cannot be imported here/,
    },
    {
      id: "28e",
      does: "a bomb of file descriptors",
      submission: raft({ top: 'import { openSync } from "node:fs";\nfor (;;) openSync("/dev/null");' }),
      verdict: "refused",
      says: /“node:fs” cannot be imported here/,
    },
    {
      id: "28f",
      does: "a bomb while the file is loaded",
      submission: raft({ top: "const all = [];\nfor (;;) all.push(new Array(100000).fill(all.length));" }),
      verdict: "refused",
      says: /Loading the file ends the whole program/,
    },
  ],
};
