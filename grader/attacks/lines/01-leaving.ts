import type { Line } from "../attack";
import { raft } from "../submission";

export const LEAVING: Line = {
  number: 1,
  title: "Leaving with a friendly exit code",
  happens: "`process` is not there, and says so. That the error is caught helps nothing.",
  attacks: [
    {
      id: "01a",
      does: "process.exit(0) while the file is loaded",
      submission: raft({ top: "process.exit(0);" }),
      verdict: "refused",
      says: /while the file is loaded there is a (use|call) of process/,
    },
    {
      id: "01b",
      does: "process.exit(0) in a handler",
      submission: raft({ onMessage: "process.exit(0);" }),
      verdict: "fewer points",
      says: /onMessage \(raft\.ts:\d+\): expected a server that acts only through env; found a (use|call) of process/,
    },
    {
      id: "01c",
      does: "process.exit(0), and the error that comes of it is caught",
      submission: raft({ start: "try { process.exit(0); } catch {}" }),
      verdict: "no points",
      says: /found a (use|call) of process/,
    },
  ],
};
