import type { Line } from "../attack";
import { raft, SECRET_FILE } from "../submission";

export const HIDDEN_FILES: Line = {
  number: 10,
  title: "Reading the hidden tests",
  happens:
    "Imports are looked up in a list, `require` is a name without a meaning, and the process has no files to read.",
  attacks: [
    {
      id: "10a",
      does: "import of node:fs",
      submission: raft({
        top: `import { readFileSync } from "node:fs";\nconst text = readFileSync("${SECRET_FILE}", "utf8");\nthrow new Error(text);`,
      }),
      verdict: "refused",
      says: /“node:fs” cannot be imported here/,
    },
    {
      id: "10b",
      does: 'require("fs")',
      submission: raft({ top: `throw new Error(require("fs").readFileSync("${SECRET_FILE}", "utf8"));` }),
      verdict: "refused",
      says: /“fs” cannot be imported here/,
    },
    {
      id: "10c",
      does: "require under another name",
      submission: raft({
        start: `const load = require;\nthrow new Error(load("fs").readFileSync("${SECRET_FILE}", "utf8"));`,
      }),
      verdict: "no points",
      says: /readFileSync is not a function/,
    },
    {
      id: "10d",
      does: "import() of a path made up at run time",
      submission: raft({
        start: `const place = "${SECRET_FILE}";
import(place);`,
      }),
      verdict: "refused",
      says: /import\(…\) cannot be used here/,
    },
    {
      id: "10e",
      does: "import of the secret file itself",
      submission: raft({ top: `import secret from "${SECRET_FILE}";\nthrow new Error(String(secret));` }),
      verdict: "refused",
      says: /cannot be imported here/,
    },
    {
      id: "10f",
      does: "import of the hidden suite",
      submission: raft({ top: 'import "../../grader/suites/1-election/hidden";' }),
      verdict: "refused",
      says: /cannot be imported here/,
    },
    {
      id: "10g",
      does: "export … from, instead of import",
      submission: raft({ top: `export * from "${SECRET_FILE}";` }),
      verdict: "refused",
      says: /cannot be imported here/,
    },
    {
      id: "10h",
      does: "a path out of new Error().stack",
      submission: raft({ start: 'throw new Error("stack: " + new Error().stack);' }),
      verdict: "no points",
      says: /threw Error: stack: Error⏎ +at Raft\.start \(submission\.js/,
    },
    {
      id: "10i",
      does: "require.main and module.paths",
      submission: raft({ start: "throw new Error(require.main.filename + module.paths);" }),
      verdict: "no points",
      says: /TypeError: Cannot read properties of undefined \(reading 'filename'\)/,
    },
    {
      id: "10j",
      does: "process.argv",
      submission: raft({ start: 'throw new Error(process.argv.join(" "));' }),
      verdict: "no points",
      says: /found a (use|call) of process/,
    },
    {
      id: "10k",
      does: "import.meta.url and __filename",
      submission: raft({ start: "throw new Error(import.meta.url);" }),
      verdict: "refused",
      says: /import\.meta cannot be used here/,
    },
    {
      id: "10l",
      does: "__dirname",
      submission: raft({ start: "throw new Error(__dirname + __filename);" }),
      verdict: "no points",
      says: /found a (use|call) of __dirname/,
    },
  ],
};
