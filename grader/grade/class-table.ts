import Table from "cli-table3";
import pc from "picocolors";
import { countStates, type SuiteResult } from "../labgrader/result";
import { type ClassResult, firstLookOf, pointsOf, type SubmissionResult } from "./class-result";

const WIDTH = { points: 9, tests: 22, min: 30 } as const;

/** A class as a table for a terminal. */
export function classTable(
  { submissions, maxPoints }: ClassResult,
  terminalWidth = process.stdout.columns ?? 120,
): string {
  const names = Math.max(9, ...submissions.map(({ student }) => student.length + 2));
  const look = Math.max(WIDTH.min, terminalWidth - names - WIDTH.points - WIDTH.tests - 5);
  const table = new Table({
    head: ["student", `of ${maxPoints}`, "tests", "look at first"],
    colWidths: [names, WIDTH.points, WIDTH.tests, look],
    wordWrap: true,
    style: { head: ["bold"], border: pc.isColorSupported ? ["dim"] : [], compact: true },
  });
  table.push(...submissions.map(row));
  return table.toString();
}

function row(submission: SubmissionResult): string[] {
  const points = pointsOf(submission);
  const { graded } = submission;
  const tests =
    graded.kind === "graded"
      ? stateWords(graded.result)
      : pc.red(graded.kind === "problem" ? "cannot be run" : "not graded");
  return [
    submission.student,
    points === undefined ? pc.magenta("?") : String(points),
    tests,
    firstLookOf(submission),
  ];
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
