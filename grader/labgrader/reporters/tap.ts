import type { SuiteResult, TestResult } from "../result";

/** A suite's result as TAP version 14. */
export function tapReport({ tests }: SuiteResult): string {
  const points = tests.map((test, index) => tapPoint(test, index + 1));
  return ["TAP version 14", `1..${tests.length}`, ...points].join("\n");
}

function tapPoint(test: TestResult, index: number): string {
  const ok = test.state === "passed" ? "ok" : "not ok";
  // No TODO for what is not written yet: readers of TAP would count it as passed.
  const head = `${ok} ${index} - ${escaped(`${test.number} ${test.title}`)}`;
  if (test.failure === undefined) return head;
  const yaml = [
    "  ---",
    `  state: ${test.state}`,
    `  points: ${test.points}`,
    `  max_points: ${test.maxPoints}`,
    ...(test.failure.seed === undefined ? [] : [`  seed: ${test.failure.seed}`]),
    // With its indentation said, a first line that begins with spaces does not change where the text ends.
    "  message: |2",
    ...test.failure.text.split("\n").map((line) => `    ${line}`),
    "  ...",
  ];
  return [head, ...yaml].join("\n");
}

/** TAP 14: backslash and hash are escaped in a description, which is one line. */
function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("#", "\\#").replaceAll(/\s+/g, " ");
}
