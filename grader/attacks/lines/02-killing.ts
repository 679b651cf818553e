import type { Line } from "../attack";
import { file, raft } from "../submission";

const says = /found a (use|call) of process/;

export const KILLING: Line = {
  number: 2,
  title: "Ending the process in other ways",
  happens: "As 1. No name of Node leads there, and no import.",
  attacks: [
    {
      id: "02a",
      does: "process.reallyExit(0)",
      submission: raft({ start: "process.reallyExit(0);" }),
      verdict: "no points",
      says,
    },
    {
      id: "02b",
      does: "process.abort()",
      submission: raft({ start: "process.abort();" }),
      verdict: "no points",
      says,
    },
    {
      id: "02c",
      does: "process.kill(process.pid, SIGKILL)",
      submission: raft({ start: 'process.kill(process.pid, "SIGKILL");' }),
      verdict: "no points",
      says,
    },
    {
      id: "02d",
      does: "an exit listener that sets the exit code to 0",
      submission: raft({ start: 'process.on("exit", () => { process.exitCode = 0; });' }),
      verdict: "no points",
      says,
    },
    {
      id: "02e",
      does: "import process from node:process",
      submission: file('import process from "node:process";\nprocess.exit(0);\nexport class Raft {}\n'),
      verdict: "refused",
      says: /raft\.ts:1: “node:process” cannot be imported here/,
    },
  ],
};
