import type { Line } from "../attack";
import { beside, MARKER_FILE } from "../submission";

const EVIL = `#!/bin/sh\ntouch "${MARKER_FILE}"\n`;

export const GIT: Line = {
  number: 34,
  title: "A repository that runs things",
  happens: "Neither git nor npm ever runs in a submission.",
  attacks: [
    {
      id: "34a",
      does: "core.fsmonitor and hooks in .git",
      submission: beside({
        ".git/config": `[core]\n\trepositoryformatversion = 0\n\tfsmonitor = touch ${MARKER_FILE}\n\thooksPath = hooks\n`,
        ".git/HEAD": "ref: refs/heads/main\n",
        ".git/objects/info/alternates": "/\n",
        ".git/refs/heads/main": "",
        ".git/hooks/post-checkout": EVIL,
        "hooks/pre-commit": EVIL,
        ".gitattributes": "*.ts filter=evil diff=evil\n",
      }),
      verdict: "no effect",
    },
  ],
};
