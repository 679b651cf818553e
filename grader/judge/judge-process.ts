import { labByNumber } from "../course/labs";
import { readSubmission } from "../submission/intake";
import { SubmissionProblem } from "../submission/problem";
import type { Graded } from "./graded";
import type { Answer, Job } from "./jobs";
import { graderErrorWords, judge } from "./judging";
import { reducedIsolation } from "./walls";

/**
 * A process that judges one submission after the other. It is trusted and runs no student code, but it handles what
 * strangers have made: should it die of that, nobody else's grade dies with it.
 */
process.on("message", (job: Job) => {
  grade(job).then(
    (graded) => process.send?.({ graded, reduced: reducedIsolation() } satisfies Answer),
    (error: unknown) => {
      throw error;
    },
  );
});
process.on("disconnect", () => process.exit());
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const) {
  process.once(signal, () => process.exit(code));
}

async function grade({ place, lab: number, options }: Job): Promise<Graded> {
  const lab = labByNumber(number);
  try {
    return await judge(await readSubmission(place, lab), options);
  } catch (error) {
    if (error instanceof SubmissionProblem) return { kind: "problem", text: error.message };
    return { kind: "grader-error", text: graderErrorWords(error) };
  }
}
