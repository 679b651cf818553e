import test from "tape";

interface Stub {
  readonly task: string;
  readonly place: string;
}

interface Outcome {
  readonly state: string;
  readonly number: string;
  readonly story: string;
}

interface Result {
  readonly status: string;
  readonly fullName: string;
  readonly failureMessages: readonly string[];
}

const {
  nextStep,
}: {
  nextStep(outcomes: readonly Partial<Outcome>[], stubs: readonly Stub[], isSelection: boolean): string;
} = require("../../labs/runner/report/next-step.cjs");
const {
  outcomeOf,
}: {
  outcomeOf(result: Result, stubs: readonly Stub[]): Outcome;
} = require("../../labs/runner/report/outcome.cjs");
const {
  loadProblemWords,
}: {
  loadProblemWords(error: { readonly message: string }): string;
} = require("../../labs/runner/report/words.cjs");

const HOSTILE = "S1 threw Error: \u001b[2J\u0007\u009b1m\u202eabc \u2028 é 日本 (raft.ts:3)";
const VISIBLE = "S1 threw Error: \\u{1b}[2J\\u{7}\\u{9b}1m\\u{202e}abc \\u{2028} é 日本 (raft.ts:3)";

test("what a student's code throws does not steer the terminal", (t) => {
  const failure = {
    status: "failed",
    fullName: "1.3  A server votes",
    failureMessages: [`${HOSTILE}\nNext    b`],
  };
  t.equal(outcomeOf(failure, []).story, `${VISIBLE}\nNext    b`);
  t.ok(loadProblemWords({ message: HOSTILE }).includes(VISIBLE), "nor while its file is loaded");
  t.end();
});

test("the next step after a task is the next task, as long as there is one", (t) => {
  const passed = [{ state: "passed", number: "1.1" }];
  const open = [{ task: "1.2", place: "raft.ts:96" }];
  t.match(nextStep(passed, open, true), /^All of these pass\. Next: write task 1\.2 \(raft\.ts:96\)/);
  t.match(nextStep(passed, [], true), /^All of these pass\. Next: run all tests of the lab: {2}npm test$/);
  t.match(nextStep(passed, [], false), /^All practice tests of this lab pass\./);
  t.end();
});
