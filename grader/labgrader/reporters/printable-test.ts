import { storyText } from "../../../labs/kit";
import { printableIn } from "../../tools/printable";
import type { TestVerdict } from "../result";

/** Strings of a failure that may have several lines. */
const MANY_LINES = ["text"];

/**
 * A result in which a submission's words are only words: error messages, message types, timers' names and log lines
 * stay on the line they belong to and bring no control characters. Every report begins with this.
 */
export function printableTest<Test extends TestVerdict>(test: Test): Test {
  const clean = printableIn(test, MANY_LINES);
  const { failure } = clean;
  if (failure?.story === undefined) return clean;
  // The text of a story is told once more, from its clean parts: a line feed in one of them cannot forge a line.
  return { ...clean, failure: { ...failure, text: storyText(failure.story, failure) } };
}
