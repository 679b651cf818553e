import type { Line } from "../attack";
import { HONEST } from "../honest";
import { file, folder } from "../submission";

const BODY =
  "{ constructor(env) {} start() {} onMessage() {} onTimer() {} status() { return { role: 'follower', currentTerm: 0 }; } }";

export const CARELESS: Line = {
  number: 35,
  title: "Careless, not hostile",
  happens:
    "What is clear is graded. Everything else gets a sentence that says what was expected and what was found.",
  attacks: [
    {
      id: "35a",
      does: "no export",
      submission: file(`class Raft ${BODY}\n`),
      verdict: "refused",
      says: /Expected raft\.ts to export the class Raft; found no such export/,
    },
    {
      id: "35b",
      does: "another export",
      submission: file(`export class RaftServer ${BODY}\n`),
      verdict: "refused",
      says: /found no such export/,
    },
    {
      id: "35c",
      does: "export default",
      submission: file(`export default class Raft ${BODY}\n`),
      verdict: "refused",
      says: /found no such export/,
    },
    {
      id: "35d",
      does: "module.exports",
      submission: file(`class Raft ${BODY}\nmodule.exports = Raft;\n`),
      verdict: "refused",
      says: /found no such export/,
    },
    {
      id: "35e",
      does: "an object instead of a class",
      submission: file("export const Raft = {};\n"),
      verdict: "refused",
      says: /found a object|found an object/,
    },
    {
      id: "35f",
      does: "a class without its methods",
      submission: file("export class Raft {}\n"),
      verdict: "no points",
      says: /found none of: start, onMessage, onTimer, status/,
    },
    {
      id: "35g",
      does: "another folder around everything",
      submission: folder({ "ana-main/labs/1-election/raft.ts": HONEST }),
      verdict: "no effect",
    },
    {
      id: "35h",
      does: "a byte order mark and CRLF",
      submission: file(`\uFEFF${HONEST.replaceAll("\n", "\r\n")}`),
      verdict: "no effect",
    },
    {
      id: "35i",
      does: "UTF-16",
      submission: file(Buffer.from(`\uFEFF${HONEST}`, "utf16le")),
      verdict: "refused",
      says: /UTF-16/,
    },
    { id: "35j", does: "an empty file", submission: file(""), verdict: "refused", says: /raft\.ts is empty/ },
    {
      id: "35k",
      does: "a syntax error",
      submission: file(HONEST.replace("start(): void {", "start(: void {")),
      verdict: "refused",
      says: /raft\.ts:\d+: /,
    },
    {
      id: "35l",
      does: "Raft.ts, raft.js or raft.ts.txt",
      submission: folder({ "1-election/Raft.ts": HONEST }),
      verdict: "refused",
      says: /found Raft\.ts\. Rename it/,
    },
    {
      id: "35m",
      does: "another lab",
      submission: folder({ "2-replication/log.ts": "x" }),
      verdict: "refused",
      says: /Expected raft\.ts/,
    },
    {
      id: "35n",
      does: "more than 1,000,000 bytes",
      submission: file(`${HONEST}\n// ${"x".repeat(1_000_000)}`),
      verdict: "refused",
      says: /at most 1000000 are read/,
    },
  ],
};
