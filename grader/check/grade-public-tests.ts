import type { Graded } from "../judge/graded";
import { judge } from "../judge/judging";
import type { TestCase } from "../labgrader/suite";
import type { Submission } from "../submission/intake";
import { progress } from "../tools/command-line";

/** Where students' seeds come from. No grading uses it: points that need lucky seeds are lost before they count. */
export const PUBLIC_BASE_SEED = 2014;

/**
 * Has public tests judged just as grading does.
 * @param chosen the tests whose results are wanted
 * @param seeds runs of each test, instead of what the suite says
 * @param checkDeterminism true: every run is made twice
 * @param diagrams a folder for diagrams of failed runs
 */
export async function gradePublicTests(
  submission: Submission,
  chosen: readonly TestCase[],
  { seeds, checkDeterminism }: { readonly seeds?: number | undefined; readonly checkDeterminism: boolean },
  diagrams: string,
): Promise<Graded> {
  const only = chosen.map(({ number }) => number);
  const graded = await judge(submission, {
    baseSeed: PUBLIC_BASE_SEED,
    seeds,
    part: "public",
    shrinks: true,
    only,
    checksDeterminism: checkDeterminism,
    diagrams,
    onEvent: (event) => {
      if (event.kind === "run-start") progress(`  … ${event.test.number} run ${event.run + 1}`);
    },
  });
  progress("");
  return graded;
}
