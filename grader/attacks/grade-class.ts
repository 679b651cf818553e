import { LABS } from "../course/labs";
import { printableSubmission, type SubmissionResult } from "../grade/class-result";
import { JudgePool } from "../judge/judge-pool";
import { nameOf } from "../submission/source-tree/file-type";

/** A submission to be graded, and the tests to be run; without: all. */
export interface Entry {
  readonly place: string;
  readonly only?: readonly string[] | undefined;
}

export interface Outcome {
  readonly result: SubmissionResult;
  readonly reducedIsolation: string | undefined;
  readonly wallMs: number;
}

export interface ClassOptions {
  readonly baseSeed: number;
  /** Runs of each test. */
  readonly seeds: number;
  /** Submissions graded at the same time. */
  readonly jobs: number;
}

/**
 * Grades submissions as `npm run grade` does: by judges of one pool, some at the same time, one after the other.
 * @returns what came of each, in their order
 */
export async function gradeClass(
  entries: readonly Entry[],
  { baseSeed, seeds, jobs }: ClassOptions,
): Promise<readonly Outcome[]> {
  const [lab] = LABS;
  const judges = new JudgePool();
  const outcomes: Outcome[] = new Array(entries.length);
  const waiting = entries.entries();
  const work = async (): Promise<void> => {
    for (const [index, { place, only }] of waiting) {
      const startedAt = performance.now();
      const { graded, reduced } = await judges.judge({
        place,
        lab: lab.number,
        options: { baseSeed, seeds, only },
      });
      const result = printableSubmission({ student: nameOf(place), lab: lab.number, graded });
      outcomes[index] = { result, reducedIsolation: reduced, wallMs: performance.now() - startedAt };
    }
  };
  await Promise.all(Array.from({ length: jobs }, work)).finally(() => judges.close());
  return outcomes;
}
