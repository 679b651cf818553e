import { type ReasonEntry, reasonEntries } from "../labgrader/reasons";
import type { TestVerdict } from "../labgrader/result";
import type { ClassResult, SubmissionResult } from "./class-result";

/** A submission's result with the reasons for which its tests failed: which of them fail for one. */
type Reasoned<Test extends TestVerdict> = SubmissionResult<Test> & {
  readonly reasons?: readonly ReasonEntry[];
};

/**
 * The data of a class, with the reasons of each submission. They are worked out from just these data, so that a student's
 * copy says of hidden tests nothing that it does not say already.
 */
export function withReasons<Test extends TestVerdict>(
  result: ClassResult<Test>,
): Omit<ClassResult<Test>, "submissions"> & { readonly submissions: readonly Reasoned<Test>[] } {
  const submissions = result.submissions.map((submission): Reasoned<Test> => {
    const { graded } = submission;
    return graded.kind === "graded"
      ? { ...submission, reasons: reasonEntries(graded.result.tests) }
      : submission;
  });
  return { ...result, submissions };
}
