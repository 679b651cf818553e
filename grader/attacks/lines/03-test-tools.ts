import type { Line } from "../attack";
import { raft } from "../submission";

export const TEST_TOOLS: Line = {
  number: 3,
  title: "Patching the test tools",
  happens: "Assertions, tests and verdicts are in another process. None of their names means anything here.",
  attacks: [
    {
      id: "03a",
      does: "import assert, to replace its functions",
      submission: raft({ top: 'import assert from "node:assert";\nassert.equal = assert.ok = () => {};' }),
      verdict: "refused",
      says: /“node:assert” cannot be imported here/,
    },
    {
      id: "03b",
      does: "expect.extend with a matcher that always passes",
      submission: raft({ top: "expect.extend({ toBe: () => ({ pass: true }) });" }),
      verdict: "refused",
      says: /ReferenceError: expect is not defined/,
    },
    {
      id: "03c",
      does: "a global it() that never runs a test",
      submission: raft({ start: "globalThis.it = globalThis.test = () => {};" }),
      verdict: "no points",
      says: /found a change of one/,
    },
    {
      id: "03d",
      does: "import of the grader’s own describe and it",
      submission: raft({ top: 'import { it } from "../../grader/labgrader";\nit("1.1a", () => {});' }),
      verdict: "refused",
      says: /cannot be imported here/,
    },
  ],
};
