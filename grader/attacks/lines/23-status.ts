import type { Line } from "../attack";
import { raft } from "../submission";

export const STATUS: Line = {
  number: 23,
  title: "Lying in status()",
  happens:
    "Each field is read once, right after the event, and checked. Oracles compare it with the messages.",
  attacks: [
    {
      id: "23a",
      does: "getters that answer differently the second time",
      submission: raft({
        status: `let reads = 0;
const self = this;
return { get role() { return reads++ === 0 ? self.role : "leader"; }, get currentTerm() { return self.currentTerm; }, leader: this.leader };`,
      }),
      verdict: "no effect",
    },
    {
      id: "23b",
      does: "a Proxy that is asked for a role and names another",
      submission: raft({
        status:
          'return new Proxy({}, { get: (_, key) => key === "role" ? "leader" : key === "currentTerm" ? this.currentTerm : undefined });',
      }),
      verdict: "fewer points",
      says: /leader|Leader/,
    },
    {
      id: "23c",
      does: "a toJSON, a valueOf and a then beside the fields",
      submission: raft({
        status: `return { role: this.role, currentTerm: this.currentTerm, leader: this.leader,
  toJSON: () => ({ role: "leader", currentTerm: 9 }), valueOf: () => 9, then: (done) => done({ role: "leader", currentTerm: 9 }) };`,
      }),
      verdict: "no effect",
    },
    {
      id: "23d",
      does: "a term that is an object with valueOf",
      submission: raft({ status: "return { role: this.role, currentTerm: { valueOf: () => 1 } };" }),
      verdict: "no points",
      says: /expected currentTerm to be a whole number, 0 or more; found an object/,
    },
    {
      id: "23e",
      does: "a term of NaN",
      submission: raft({ status: "return { role: this.role, currentTerm: NaN };" }),
      verdict: "no points",
      says: /expected currentTerm to be a whole number, 0 or more; found NaN/,
    },
    {
      id: "23f",
      does: "a role with a toString",
      submission: raft({ status: 'return { role: { toString: () => "leader" }, currentTerm: 1 };' }),
      verdict: "no points",
      says: /expected role to be "follower", "candidate" or "leader"/,
    },
    {
      id: "23g",
      does: "a getter that throws, and one that runs for ever",
      submission: raft({ status: "return { get role() { for (;;); }, currentTerm: 1 };" }),
      verdict: "no points",
      says: /found no end after 5,000,000 rounds/,
    },
    {
      id: "23h",
      does: "a leader called __proto__, and no status at all",
      submission: raft({
        status:
          'if (this.role === "follower") return { role: this.role, currentTerm: this.currentTerm, leader: "__proto__" };\nreturn undefined;',
      }),
      verdict: "fewer points",
      says: /expected an object \{ role, currentTerm, leader\? \}; found undefined/,
    },
  ],
};
