import { printableName } from "../printable-name";
import { SubmissionProblem } from "../problem";

/**
 * What an error means that came up while an archive was read from memory. The libraries say with a plain Error that
 * the archive is not as it should be; any other error is a bug or a lack of memory: the grader's, and never a zero.
 */
export function readingError(error: unknown): unknown {
  if (error instanceof SubmissionProblem || !(error instanceof Error)) return error;
  const isOurs =
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof ReferenceError ||
    ("code" in error && error.code === "Z_MEM_ERROR");
  return isOurs ? error : damaged(error.message);
}

/** @param detail what exactly does not fit */
export function damaged(detail: string): SubmissionProblem {
  return new SubmissionProblem(
    `The archive is damaged or was cut off (${printableName(detail)}). Pack the folder again, see whether you can open the archive yourself, and hand it in once more.`,
  );
}
