import pc from "picocolors";
import type { Lab } from "../course/labs";
import { countStates, type SuiteResult, type TestResult } from "../labgrader/result";
import { SUITE_POINTS } from "../suites";

/**
 * What stands below the tests. It never says that everything is done: only grading knows.
 * @param isSelection true if some public tests were left out
 */
export function closingWords(lab: Lab, result: SuiteResult, isSelection: boolean): string {
  const which = isSelection ? "Public tests chosen by --only" : "Public tests";
  const points = pc.bold(`${result.points} of ${result.maxPoints} points`);
  return [
    "",
    `${which}: ${points}. Grading runs these and hidden tests, ${SUITE_POINTS} points in all.`,
    ...nextWords(lab, result.tests, isSelection),
  ].join("\n");
}

function nextWords(lab: Lab, tests: readonly TestResult[], isSelection: boolean): readonly string[] {
  const [first, ...others] = tests.filter(({ state }) => state !== "passed");
  if (first === undefined) return isSelection ? [CHOSEN_PASS] : [publicPassWords(lab)];
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

/** What hidden tests try in each lab, and what to ask of one's own code. */
const BEYOND: Readonly<Record<string, readonly [schedules: string, question: string]>> = {
  "1": [
    "votes that come late or twice, leaders that are cut off or frozen, messages that are lost",
    "which order of messages could break it?",
  ],
  "2": [
    "requests and replies that come late, twice or in another order, logs that disagree, leaders that lose and win again",
    "which order of messages could break it?",
  ],
  "3": [
    "a crash before and after each thing that a server does, again and again, in bad networks",
    "what if the server stops right here, and starts again?",
  ],
  "4": [
    "leaders that are deposed without knowing it, replies that are lost, clients that ask twice, restarts, all at once",
    "who could have answered, and what did it know for certain?",
  ],
};

function publicPassWords({ number }: Lab): string {
  const [schedules, question] = BEYOND[number] ?? BEYOND["1"];
  return [
    "The public tests pass. They are the plain rules. Hidden tests try more schedules, on other seeds:",
    `${schedules}.`,
    `Go through “What must stay true” in the handout, and ask of each line: ${question}`,
  ].join("\n");
}

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
