import type { Line } from "../attack";
import { raft } from "../submission";

export const NO_CAUSE: Line = {
  number: 20,
  title: "Effects without a cause",
  happens:
    "Oracles outside of the process compare what a server says with what messages brought it. Commands come with lab 2.",
  attacks: [
    {
      id: "20a",
      does: "a leader that nobody elected",
      submission: raft({ start: 'this.currentTerm = 1;\nthis.role = "leader";' }),
      verdict: "fewer points",
      says: /Election Safety|A leader has|votes/,
    },
    {
      id: "20b",
      does: "each vote counted twice",
      submission: raft({ onMessage: "this.votes.add(from + message.type);" }),
      only: ["1.6a", "1.6b", "1.6c"],
      verdict: "fewer points",
      says: /votes|vote/,
    },
    {
      id: "20c",
      does: "applies commands that no message brought",
      submission: raft({
        members: "machine = arguments[1];",
        start: 'this.machine?.apply({ index: 1, term: 1, command: "mine" });',
      }),
      verdict: "refused",
      says: /arguments/,
    },
  ],
};
