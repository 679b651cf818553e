import { labByNumber } from "../course/labs";
import { readSubmission } from "../submission/intake";
import { SubmissionProblem } from "../submission/problem";
import { exitOnSignals } from "../tools/exit-on-signals";
import type { Graded } from "./graded";
import type { Answer, Job } from "./jobs";
import { judge } from "./judging";
import { reducedIsolation } from "./walls";
import { graderErrorWords } from "./words";

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
exitOnSignals();

async function grade({ place, lab: number, options }: Job): Promise<Graded> {
  const lab = labByNumber(number);
  try {
    return await judge(await readSubmission(place, lab), options);
  } catch (error) {
    if (error instanceof SubmissionProblem) return { kind: "problem", text: error.message };
    return { kind: "grader-error", text: graderErrorWords(error) };
  }
}
