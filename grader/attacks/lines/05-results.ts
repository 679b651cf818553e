import type { Line } from "../attack";
import { beside, MARKER_FILE, raft } from "../submission";

export const RESULTS: Line = {
  number: 5,
  title: "Writing the results oneself",
  happens: "No file system and no processes; result files in a submission are never looked at.",
  attacks: [
    {
      id: "05a",
      does: "writes a results.json",
      submission: raft({
        top: `import { writeFileSync } from "fs";\nwriteFileSync("${MARKER_FILE}", '{"points":100}');`,
      }),
      verdict: "refused",
      says: /“fs” cannot be imported here/,
    },
    {
      id: "05b",
      does: "a detached process that writes it after the run",
      submission: raft({
        top: `import { spawn } from "node:child_process";\nspawn("sh", ["-c", "sleep 5; touch ${MARKER_FILE}"], { detached: true }).unref();`,
      }),
      verdict: "refused",
      says: /“node:child_process” cannot be imported here/,
    },
    {
      id: "05c",
      does: "brings results.json, lab-1.json and a report along",
      submission: beside({
        "results.json": '{"points":100}',
        "lab-1.json": '{"points":100}',
        "lab-1.html": "<h1>100</h1>",
      }),
      verdict: "no effect",
    },
  ],
};
