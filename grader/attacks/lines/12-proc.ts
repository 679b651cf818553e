import type { Line } from "../attack";
import { raft } from "../submission";

export const PROC: Line = {
  number: 12,
  title: "The grader’s environment, command line and memory",
  happens:
    "The process has no environment, no arguments that tell anything, and no `/proc`; `grader/tests/walls.test.ts` tries it with all of Node at hand.",
  attacks: [
    {
      id: "12a",
      does: "reads /proc/<parent>/environ",
      submission: raft({
        top: 'import { readFileSync } from "node:fs";\nthrow new Error(readFileSync("/proc/" + process.ppid + "/environ", "utf8"));',
      }),
      verdict: "refused",
      says: /“node:fs” cannot be imported here/,
    },
    {
      id: "12b",
      does: "asks for process.ppid and process.memoryUsage",
      submission: raft({ start: "throw new Error(process.ppid + process.memoryUsage());" }),
      verdict: "no points",
      says: /found a (use|call) of process/,
    },
    {
      id: "12c",
      does: "reads process.env, which is there and empty",
      submission: raft({
        start: `throw new Error("environment: " + JSON.stringify(process.env) + process.env.RAFT_ATTACK_CANARY);`,
      }),
      verdict: "no points",
      says: /threw Error: environment: \{\}undefined/,
    },
  ],
};
