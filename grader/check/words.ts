import pc from "picocolors";
import { countStates, type SuiteResult, type TestResult } from "../labgrader/result";
import { SUITE_POINTS } from "../suites";

/**
 * What stands below the tests. It never says that everything is done: only grading knows.
 * @param isSelection true if some public tests were left out
 */
export function closingWords(result: SuiteResult, isSelection: boolean): string {
  const which = isSelection ? "Public tests chosen by --only" : "Public tests";
  const points = pc.bold(`${result.points} of ${result.maxPoints} points`);
  return [
    "",
    `${which}: ${points}. Grading runs these and hidden tests, ${SUITE_POINTS} points in all.`,
    ...nextWords(result.tests, isSelection),
  ].join("\n");
}

function nextWords(tests: readonly TestResult[], isSelection: boolean): readonly string[] {
  const [first, ...others] = tests.filter(({ state }) => state !== "passed");
  if (first === undefined) return isSelection ? [CHOSEN_PASS] : [PUBLIC_PASS];
  const task = first.failure?.story?.task;
  const next =
    first.state === "not-written" && task !== undefined
      ? `write task ${task}, then try it:  npm test -- -t ${task}`
      : `begin with ${first.number}${others.length > 0 ? ": what is wrong there may fail later tests too" : ""}.`;
  return [pc.dim(countWords(tests)), `Next: ${next}`];
}

/** "3 failed, 12 not written yet." */
function countWords(tests: readonly TestResult[]): string {
  const { passed, failed, "not-written": open, "not-run": waiting, error } = countStates(tests);
  const counts = [
    [passed, "passed"],
    [failed, "failed"],
    [open, "not written yet"],
    [waiting, "not run"],
    [error, "could not be judged, which is no mistake of yours"],
  ] as const;
  const words = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return `${words.join(", ")}.`;
}

const CHOSEN_PASS = "These pass. The other public tests:  npm run check";

const PUBLIC_PASS = [
  "The public tests pass. Hidden tests try more schedules: votes that come late or twice, leaders that are cut off",
  "or frozen, messages that are lost, on other seeds. Go through “What must stay true” in the handout, and ask of",
  "each line: which order of messages could break it in raft.ts?",
].join("\n");

/** Below runs that were shown again. */
export function shownWords(): string {
  return `\nShown in this process, for you to read. Points come from  npm run check  without --seed and --trace.`;
}

/** Why no test could be run at all. */
export function problemWords(text: string): string {
  const lines = text.split("\n").map((line) => `  ${line}`);
  return [
    "",
    pc.red("Your program cannot be run:"),
    ...lines,
    "",
    "No test was run, and grading could not run any either. Mend this first; your editor shows the place too.",
  ].join("\n");
}

/** The grader's own failure. */
export function graderErrorWords(text: string): string {
  return `\nThe grader itself failed: this is no mistake of yours. Please show it to your instructor.\n${text}`;
}
