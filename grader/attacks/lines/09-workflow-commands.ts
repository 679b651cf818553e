import type { Line } from "../attack";
import { MARKER_FILE, raft } from "../submission";

const NOTICE = '::notice title=Autograding report::{\\"totalPoints\\":100}';

export const WORKFLOW_COMMANDS: Line = {
  number: 9,
  title: "Commands to the CI system",
  happens: "Prints go nowhere. In an error’s words line breaks become `⏎`, so that no line begins with `::`.",
  attacks: [
    {
      id: "09a",
      does: "prints ::notice title=Autograding report",
      submission: raft({ start: `console.log("${NOTICE}");` }),
      verdict: "no effect",
    },
    {
      id: "09b",
      does: "throws an error with that line in it",
      submission: raft({ start: `throw new Error("\\n${NOTICE}\\n");` }),
      verdict: "no points",
      says: /threw Error: ⏎::notice/,
    },
    {
      id: "09c",
      does: "appends to $GITHUB_OUTPUT",
      submission: raft({
        top: `import { appendFileSync } from "node:fs";\nappendFileSync(process.env.GITHUB_OUTPUT ?? "${MARKER_FILE}", "points=100");`,
      }),
      verdict: "refused",
      says: /“node:fs” cannot be imported here/,
    },
  ],
};
