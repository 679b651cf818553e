import type { Line } from "../attack";
import { raft } from "../submission";

/** A frame that tells the judge of a leader: role and flags, term, steps, effects. */
const FRAME = String.raw`\x05\x00\x00\x00\x04\x02\x81\x00\x00`;

export const FORGED_OUTPUT: Line = {
  number: 4,
  title: "Forged output: TAP, JSON, JUnit, wire frames",
  happens:
    "Nothing that a program prints is read. The verdict is made from what its servers send and say, checked field by field.",
  attacks: [
    {
      id: "04a",
      does: "prints TAP, PASS lines, JSON and JUnit",
      submission: raft({
        start: `for (const text of ["ok 1 - 1.1a", "1..53", "PASS raft.test.ts", '{"points":100}', "<testsuite failures='0'/>"])
  console.log(text), console.error(text);`,
      }),
      verdict: "no effect",
    },
    {
      id: "04b",
      does: "writes to process.stdout",
      submission: raft({ start: 'process.stdout.write("TAP version 14\\nok 1\\n");' }),
      verdict: "no points",
      says: /found a (use|call) of process/,
    },
    {
      id: "04c",
      does: "logs the bytes of a wire frame that tells of a leader",
      submission: raft({ start: `this.env.log("${FRAME}");` }),
      verdict: "no effect",
    },
    {
      id: "04d",
      does: "sends a message and sets a timer that look like frames",
      submission: raft({
        start: `this.env.setTimer("${FRAME}", 1);
for (const peer of this.env.peers) this.env.send(peer, { type: "${FRAME}", term: 0 });`,
      }),
      verdict: "no effect",
    },
    {
      id: "04e",
      does: "writes a frame to the judge’s pipe",
      submission: raft({ top: `import { writeSync } from "node:fs";\nwriteSync(4, "${FRAME}");` }),
      verdict: "refused",
      says: /“node:fs” cannot be imported here/,
    },
  ],
};
