import type { Line } from "../attack";
import { raft } from "../submission";

export const SIGNALS: Line = {
  number: 29,
  title: "Ignoring signals",
  happens:
    "There is no `process` to listen with, and a cell is ended by SIGKILL, together with all it might have started.",
  attacks: [
    {
      id: "29a",
      does: "listens to SIGTERM and stays",
      submission: raft({ start: 'process.on("SIGTERM", () => {});' }),
      verdict: "no points",
      says: /found a (use|call) of process/,
    },
    {
      id: "29b",
      does: "listens to uncaughtException and stays",
      submission: raft({ top: 'process.on("uncaughtException", () => {});' }),
      verdict: "refused",
      says: /a (use|call) of process/,
    },
  ],
};
