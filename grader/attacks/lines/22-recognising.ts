import type { Line } from "../attack";
import { raft } from "../submission";

export const RECOGNISING: Line = {
  number: 22,
  title: "Recognising the test",
  happens:
    "Tests run with many cluster sizes, seeds and delays: whoever behaves in some of them only loses the others.",
  attacks: [
    {
      id: "22a",
      does: "behaves well in clusters of three only",
      submission: raft({ onTimer: "if (this.env.peers.length !== 2) return;" }),
      only: ["1.1a", "1.6a", "1.8a", "1.8b"],
      verdict: "fewer points",
      says: /S1|leader/,
    },
    {
      id: "22b",
      does: "behaves well for some seeds only",
      submission: raft({
        members: "isLucky = true;",
        start: "this.isLucky = this.env.random() < 0.5;",
        onTimer: "if (!this.isLucky) return;",
      }),
      only: ["1.1a", "1.5a", "1.6a", "1.7a"],
      verdict: "fewer points",
      says: /S1|leader/,
    },
    {
      id: "22c",
      does: "behaves well in the first half second only",
      submission: raft({ onTimer: "if (this.env.now() > 500) return;" }),
      only: ["1.1a", "1.5c", "1.7b", "1.8d"],
      verdict: "fewer points",
      says: /S1|leader/,
    },
  ],
};
