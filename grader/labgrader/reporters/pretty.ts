import pc from "picocolors";
import { plural } from "../../../labs/kit/story/words";
import { headlineOf, reasonsIn } from "../reasons";
import { countStates, type SuiteResult, type TestResult, type TestState } from "../result";
import { printableTest } from "./printable-test";

export const MARKS: Readonly<Record<TestState, string>> = {
  passed: "✓",
  failed: "✗",
  "not-written": "–",
  "not-run": "○",
  error: "!",
};

const COLOURS: Readonly<Record<TestState, (text: string) => string>> = {
  passed: pc.green,
  failed: pc.red,
  "not-written": pc.yellow,
  "not-run": pc.dim,
  error: pc.magenta,
};

const INDENT = " ".repeat(9);
const TITLE_WIDTH = 78;

/**
 * One test for a terminal: a line, and the story below it if it failed. Printed live, so made printable here.
 * @param toldBy the test that failed for the same reason before: then of the story only its first line is told, and how
 *   to see the rest
 */
export function prettyTest(result: TestResult, toldBy?: string): string {
  const { state, number, title, points, maxPoints, failure } = printableTest(result);
  const head = `  ${COLOURS[state](MARKS[state])} ${number.padEnd(6)}${title.padEnd(TITLE_WIDTH)} ${`${points}/${maxPoints}`.padStart(6)}`;
  if (failure === undefined) return head;
  const [first, ...rest] = failure.text.split("\n");
  if (toldBy !== undefined) {
    const replay = failure.replay ?? rest.find((line) => line.startsWith("Replay  "))?.slice(8);
    const lines = [
      pc.dim(first),
      `Same reason as ${toldBy}.${replay === undefined ? "" : `  Replay  ${replay}`}`,
    ];
    return [head, ...lines.map((line) => INDENT + line)].join("\n");
  }
  const story = [
    pc.bold(first),
    ...rest.map((line) => (line.endsWith("← first wrong step") ? pc.red(line) : line)),
  ];
  return [
    head,
    ...(state === "failed" || state === "error" ? story : [pc.dim(failure.text)]).map(
      (line) => INDENT + line,
    ),
  ].join("\n");
}

/** Characters of a reason's headline in the closing lines. */
const REASON_WIDTH = 110;

/** "Reasons   12 tests as 2.3b: …": tests that fail for one reason, if there are any. The most frequent come first. */
export function reasonLines(tests: readonly TestResult[]): string[] {
  const reasons = reasonsIn(tests.map(printableTest)).filter(({ all }) => all.length > 1);
  const sorted = [...reasons].sort((a, b) => b.all.length - a.all.length);
  return sorted.map(({ first, all }) => {
    const headline = headlineOf(first);
    const short = headline.length <= REASON_WIDTH ? headline : `${headline.slice(0, REASON_WIDTH - 1)}…`;
    return `${String(all.length).padStart(3)} tests fail for one reason, told at ${first.number}: ${short}`;
  });
}

/**
 * The closing lines.
 * @param wallMs how long all of it took, if that is known: tests run side by side, so their times do not add up to it
 */
export function prettySummary(result: SuiteResult, wallMs?: number): string {
  const counts = countStates(result.tests);
  const states = [
    `${counts.passed} passed`,
    `${counts.failed} failed`,
    counts["not-written"] > 0 ? `${counts["not-written"]} not written yet` : "",
    counts["not-run"] > 0 ? `${counts["not-run"]} not run` : "",
    counts.error > 0 ? plural(counts.error, "grader error") : "",
  ].filter((words) => words !== "");
  const runs = result.tests.reduce((total, test) => total + test.seedsRun, 0);
  const virtual = result.tests.reduce((total, test) => total + test.virtualMs, 0);
  const took = wallMs === undefined ? "" : ` in ${(wallMs / 1000).toFixed(1)} s`;
  return [
    "",
    ...reasonLines(result.tests),
    `${result.suite}: ${pc.bold(`${result.points} of ${result.maxPoints} points`)}`,
    `${states.join(", ")}; ${plural(runs, "run")}, ${Math.round(virtual / 1000).toLocaleString("en")} s of virtual time${took}`,
  ].join("\n");
}
