import type { Test } from "tape";
import { pointsOf } from "../../grade/class-result";
import { SUITE_POINTS } from "../../suites";
import { EXIT } from "../../tools/command-line";
import type { Graded } from "./grading";

/** Checks that every copy of the solution got all points. */
export function allPoints(t: Test, { result, code, output }: Graded, students = 1): void {
  t.equal(code, EXIT.passed, code === EXIT.passed ? "everything is graded" : output);
  t.deepEqual(
    result?.submissions.map(pointsOf),
    Array.from({ length: students }, () => SUITE_POINTS),
    "all points",
  );
}

/** Checks that a command has cleared its temporary files away. */
export function nothingLeft(t: Test, { left }: Graded): void {
  t.deepEqual(left, [], "no temporary file is left");
}
