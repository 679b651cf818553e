import { storyText } from "../../labs/kit";
import type { TestFailure, TestResult, TestVerdict } from "../labgrader/result";
import type { Visibility } from "../labgrader/suite";
import type { SubmissionResult } from "./class-result";
import { failureWords } from "./failure-words";

/** A submission's result as its author gets it. */
export type StudentCopy = SubmissionResult<TestVerdict>;

/**
 * Who may see what a test did. "visible": everybody, in full. "hidden": a student sees the result alone. The other two
 * are Gradescope's words for tests that open later, when the due date is past or when grades are published. The grader
 * knows neither day and treats them as hidden.
 */
const IS_SHOWN: Readonly<Record<Visibility, boolean>> = {
  visible: true,
  hidden: false,
  after_due_date: false,
  after_published: false,
};

const LOOK_ELSEWHERE = "What went wrong is in your instructor’s report.";

/**
 * Takes out of a result what would betray a hidden test. A hostile program can write what it saw there into its error
 * messages, log lines, message types, timers' names, even into its number of events: so a hidden test keeps only its
 * number, its group, its state and points, and a phrase from a fixed list for how it failed. It is made anew from
 * these, never by leaving something out, so nothing that a result may hold one day gets through.
 */
export function studentCopy({ student, lab, graded }: SubmissionResult): StudentCopy {
  switch (graded.kind) {
    case "problem":
    case "not-handed-in":
      return { student, lab, graded };
    case "grader-error":
      return { student, lab, graded: { kind: "grader-error", text: LOOK_ELSEWHERE } };
    case "graded": {
      const { suite, points, maxPoints, tests } = graded.result;
      const copies = tests.map((test) => (isShown(test) ? told(test, tests) : withheld(test)));
      return {
        student,
        lab,
        graded: { kind: "graded", result: { suite, points, maxPoints, tests: copies } },
      };
    }
  }
}

function isShown({ visibility }: TestResult): boolean {
  return Object.hasOwn(IS_SHOWN, visibility) && IS_SHOWN[visibility];
}

/** A hidden test. Its sentence would tell what happens in it: it has none. */
function withheld(test: TestResult): TestVerdict {
  const { number, path, visibility, state, points, maxPoints, failure } = test;
  const shown = { number, title: "Hidden test", path, visibility, state, points, maxPoints };
  if (state !== "failed" || failure === undefined) return { ...shown, isWithheld: true };
  return { ...shown, failure: { text: failureWords(failure) }, isWithheld: true };
}

function told(test: TestResult, tests: readonly TestResult[]): TestVerdict {
  return test.failure === undefined ? test : { ...test, failure: toldFailure(test, test.failure, tests) };
}

/** A visible test's failure, without what comes from elsewhere: another test, or the instructor's machine. */
function toldFailure(
  { state }: TestResult,
  { text, story, seed, diagram }: TestFailure,
  tests: readonly TestResult[],
): TestFailure {
  // The command that replays a run names the instructor's folder and needs the grader.
  if (story !== undefined) return { text: storyText(story), story, seed, diagram };
  // A grader's stack trace tells about its suites.
  if (state === "error") return { text: `The grader itself failed in this test. ${LOOK_ELSEWHERE}` };
  if (state === "not-run") return { text: notRunWords(text, tests) };
  // What a dying program said last may have been said in a hidden test before.
  if (text.startsWith("The program ended ")) return { text: text.split("\n")[0], seed };
  return { text, seed };
}

/** Which test it builds on, without that test's own words: it may be a hidden one. */
function notRunWords(text: string, tests: readonly TestResult[]): string {
  const needed = tests.find(({ number }) => text.startsWith(`Builds on ${number}:`));
  return needed === undefined
    ? "It builds on a task that is not written yet."
    : `Builds on ${needed.number}, whose task is not written yet.`;
}
