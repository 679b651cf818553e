/** Why a submission cannot be graded; written for its author. */
export class SubmissionProblem extends Error {
  override readonly name = "SubmissionProblem";
}
