import Table from "cli-table3";
import pc from "picocolors";
import { countStates, type SuiteResult } from "../labgrader/result";
import { printableLine } from "../tools/printable";
import {
  type ClassResult,
  firstLookOf,
  NOT_HANDED_IN,
  pointsOf,
  type SubmissionResult,
} from "./class-result";

const WIDTH = { names: 34, points: 9, tests: 22, min: 30 } as const;

/** How the frame and the head of a table look, where there are colours and where not. */
export const COLOURED = { head: ["bold"], border: ["dim"] };
export const PLAIN = { head: [], border: [] };

/** Characters of a first look: a few lines of its column. */
const LOOK_CHARS_MAX = 240;

/** Characters that are two columns wide in a terminal. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\uff01-\uff60]/gu;

/** Columns that a name takes, and of a long one as many as there are. */
export function nameColumns(students: readonly string[]): number {
  const widest = Math.max(7, ...students.map((student) => student.replace(WIDE, "xx").length));
  return Math.min(WIDTH.names, widest + 2);
}

/** A class as a table for a terminal. */
export function classTable(
  { submissions, maxPoints }: ClassResult,
  terminalWidth = process.stdout.columns ?? 120,
): string {
  const names = nameColumns(submissions.map(({ student }) => student));
  const look = Math.max(WIDTH.min, terminalWidth - names - WIDTH.points - WIDTH.tests - 5);
  const table = new Table({
    head: ["student", `of ${maxPoints}`, "tests", "look at first"],
    colWidths: [names, WIDTH.points, WIDTH.tests, look],
    wordWrap: true,
    style: { ...(pc.isColorSupported ? COLOURED : PLAIN), compact: true },
  });
  table.push(...submissions.map(row));
  return table.toString();
}

function row(submission: SubmissionResult): Table.HorizontalTableRow {
  return [
    // On one line: a name that goes on below could pretend to be another student's row.
    { content: submission.student, wordWrap: false },
    pointsWords(submission),
    testsWords(submission),
    printableLine(firstLookOf(submission), LOOK_CHARS_MAX),
  ];
}

/** Points as a table shows them. No points that only look like a zero. */
export function pointsWords(submission: SubmissionResult): string {
  const points = pointsOf(submission);
  if (submission.graded.kind === "not-handed-in") return pc.dim(NOT_HANDED_IN);
  return points === undefined ? pc.magenta("?") : String(points);
}

function testsWords({ graded }: SubmissionResult): string {
  switch (graded.kind) {
    case "graded":
      return stateWords(graded.result);
    case "problem":
      return pc.red("cannot be run");
    case "not-handed-in":
      return pc.dim("not handed in");
    case "grader-error":
      return pc.red("not graded");
  }
}

/** "✓ 41  ✗ 7  – 2": colours as in the single report. */
function stateWords(result: SuiteResult): string {
  const counts = countStates(result.tests);
  return [
    [counts.passed, "✓", pc.green] as const,
    [counts.failed, "✗", pc.red] as const,
    [counts["not-written"], "–", pc.yellow] as const,
    [counts["not-run"], "○", pc.dim] as const,
    [counts.error, "!", pc.magenta] as const,
  ]
    .filter(([count]) => count > 0)
    .map(([count, mark, colour]) => colour(`${mark} ${count}`))
    .join("  ");
}
