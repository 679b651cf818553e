import { tarGz } from "../archives";
import type { Line } from "../attack";
import { HONEST } from "../honest";
import { archive, folder, SECRET_FILE } from "../submission";

const says = /found a link/;

export const LINKS: Line = {
  number: 11,
  title: "Links to hidden files",
  happens: "No link is followed, neither to a file nor on the way to one.",
  attacks: [
    {
      id: "11a",
      does: "raft.ts is a link to a hidden file",
      submission: folder({}, { "1-election/raft.ts": SECRET_FILE }),
      verdict: "refused",
      says,
    },
    {
      id: "11b",
      does: "the lab’s folder is a link",
      submission: folder({ "README.md": "hello" }, { "1-election": "../../.." }),
      verdict: "refused",
      says,
    },
    {
      id: "11c",
      does: "a link in an archive",
      submission: archive(".tar.gz", () =>
        tarGz([{ name: "raft.ts", type: "symlink", linkname: "../secret.txt" }]),
      ),
      verdict: "refused",
      says,
    },
    {
      id: "11d",
      does: "a link to / beside an honest raft.ts",
      submission: folder({ "raft.ts": HONEST }, { everything: "/", "raft.ts.bak": SECRET_FILE }),
      verdict: "no effect",
    },
  ],
};
