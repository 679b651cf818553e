import type { Line } from "../attack";
import { raft } from "../submission";

export const ENV: Line = {
  number: 19,
  title: "Reaching the world through what was handed in",
  happens:
    "`env` is a frozen object of plain functions. Behind them is the recording of this one server, and nothing of the world.",
  attacks: [
    {
      id: "19a",
      does: "replaces env.send",
      submission: raft({ start: "this.env.send = () => {};" }),
      verdict: "no points",
      says: /found a change of one/,
    },
    {
      id: "19b",
      does: "looks for the world, the clock and the seed in env",
      submission: raft({
        start: `const found = ["world", "host", "clock", "seed", "boot", "effects", "breach"].filter((key) => key in this.env);
throw new Error("found: " + found + "; there is: " + Object.keys(this.env));`,
      }),
      verdict: "no points",
      says: /found: ; there is: self,peers,now,random,send,setTimer,cancelTimer,disk,log/,
    },
    {
      id: "19c",
      does: "calls env’s functions on an object of its own, to see what they use",
      submission: raft({
        start: `const spy = new Proxy({}, { get(_, key) { throw new Error("USED " + String(key)); }, set() { throw new Error("USED"); } });
this.env.setTimer.call(spy, "spy", 1);
this.env.now.call(spy);
this.env.random.apply(spy);`,
      }),
      verdict: "no effect",
    },
    {
      id: "19d",
      does: "catches the error of a breach and empties it",
      submission: raft({
        start: `try { this.env.setTimer("x", -1); } catch (e) {
  for (const change of [() => { e.trouble = undefined; }, () => { e.trouble.kind = "not-written"; }, () => { delete e.trouble; }])
    try { change(); } catch {}
}`,
      }),
      verdict: "no points",
      says: /expected a delay of 0 to/,
    },
    {
      id: "19e",
      does: "effects in status(), where only looking is allowed",
      submission: raft({ status: 'this.env.setTimer("election", 1);' }),
      verdict: "no points",
      says: /expected a status\(\) without effects/,
    },
    {
      id: "19f",
      does: "throws the grader’s own errors: “not written yet”, an invented breach",
      submission: raft({
        top: 'import { NotImplemented } from "../kit/contract";',
        start: 'throw new NotImplemented("1.1 <b>and all the rest</b>");',
      }),
      verdict: "no points",
      says: /not written yet/,
    },
  ],
};
