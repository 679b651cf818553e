import type { Line } from "../attack";
import { HONEST } from "../honest";
import { beside, folder, MARKER_FILE } from "../submission";

const EVIL = `require("fs").writeFileSync("${MARKER_FILE}", "shadowed");`;

export const SHADOWING: Line = {
  number: 8,
  title: "Shadowing what the grader uses",
  happens: "As 7. The kit and the tests are the grader’s own, whatever a submission brings along.",
  attacks: [
    {
      id: "08a",
      does: "node_modules with a typescript and an esbuild of its own",
      submission: beside({
        "node_modules/typescript/index.js": EVIL,
        "node_modules/esbuild/index.js": EVIL,
        "node_modules/ts-node/register.js": EVIL,
      }),
      verdict: "no effect",
    },
    {
      id: "08b",
      does: "a kit of its own",
      submission: folder({
        "labs/1-election/raft.ts": HONEST,
        "labs/kit/contract/index.ts": EVIL,
        "kit/contract.ts": EVIL,
      }),
      verdict: "no effect",
    },
    {
      id: "08c",
      does: "raft.js, raft.d.ts, raft.json and raft/index.ts beside raft.ts",
      submission: beside({ "raft.js": EVIL, "raft.d.ts": EVIL, "raft.json": "{}", "raft/index.ts": EVIL }),
      verdict: "no effect",
    },
    {
      id: "08d",
      does: "an edited copy of the public tests, and of the grader",
      submission: folder({
        "labs/1-election/raft.ts": HONEST,
        "labs/1-election/election.test.ts": "it('passes', () => {});",
        "grader/suites/1-election/public/index.ts": EVIL,
        "grader/suites/index.ts": EVIL,
      }),
      verdict: "no effect",
    },
  ],
};
