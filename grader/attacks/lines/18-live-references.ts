import type { Line } from "../attack";
import { raft } from "../submission";

const says = /found a change of one \(|Cannot (add|assign|delete)/;

export const LIVE_REFERENCES: Line = {
  number: 18,
  title: "Changing what was sent or received",
  happens: "What is handed over is copied once, and frozen at both ends: the line that changes it is named.",
  attacks: [
    {
      id: "18a",
      does: "sends its live log and goes on appending to it",
      submission: raft({
        members: "log = [];",
        start: `for (const peer of this.env.peers) {
  this.env.send(peer, { type: "Log", term: 0, entries: this.log });
  this.log.push({ term: 1, command: "later" });
}`,
      }),
      verdict: "fewer points",
      says,
    },
    {
      id: "18b",
      does: "a receiver changes the message",
      submission: raft({ onMessage: "message.term = 0;" }),
      verdict: "fewer points",
      says,
    },
    {
      id: "18c",
      does: "a receiver changes the entries in it",
      submission: raft({ onMessage: 'if (message.entries) message.entries.push("mine");' }),
      verdict: "fewer points",
      says,
    },
    {
      id: "18d",
      does: "changes env.peers",
      submission: raft({ start: "this.env.peers.length = 0;" }),
      verdict: "no points",
      says,
    },
  ],
};
