import { SubmissionProblem } from "./problem";

/**
 * A source file's text. Line ends stay as they are, so that line numbers do; bytes that are no UTF-8 become �, as they
 * do where the student runs the file: an old editor's comment should not cost a submission.
 * @throws SubmissionProblem if it is not text, or there is none
 */
export function sourceText(bytes: Buffer, name: string): string {
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isWide) throw new SubmissionProblem(`${name} is UTF-16. Save it as UTF-8.`);
  if (bytes.includes(0))
    throw new SubmissionProblem(`${name} has NUL bytes: it is UTF-16, or no text at all. Save it as UTF-8.`);
  const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
  if (text.trim() === "")
    throw new SubmissionProblem(
      `${name} is empty. Hand in your file, or the skeleton if you have not begun.`,
    );
  return text;
}
