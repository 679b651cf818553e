import type { TestVerdict } from "../../labgrader/result";
import type { ClassResult, SubmissionResult } from "../class-result";

/** A submission with the ids that can be linked to. */
export interface Entry {
  readonly submission: SubmissionResult<TestVerdict>;
  /** "student-ada-lovelace": the id of its section. */
  readonly id: string;
}

const SLUG_CHARS_MAX = 60;

/**
 * Gives each submission an id that no other has. They come from the names, so that a link still fits when the class
 * is graded again; two of one name are numbered in the order of the class.
 */
export function entriesOf({ submissions }: ClassResult<TestVerdict>): Entry[] {
  const taken = new Set<string>();
  return submissions.map((submission) => {
    const wanted = `student-${slug(submission.student)}`;
    let id = wanted;
    for (let n = 2; taken.has(id); n++) id = `${wanted}-${n}`;
    taken.add(id);
    return { submission, id };
  });
}

/** The id of a test in a submission's section. A slug has no "--" in it, so that no student can be named like a test. */
export function testId({ id }: Entry, number: string): string {
  return `${id}--${slug(number)}`;
}

/** A link to an id on the same page: never anything else, whatever the id was made from. */
export function linkTo(id: string): string {
  return `#${encodeURIComponent(id)}`;
}

/** Letters and digits of any script, in lower case, with single hyphens for all else. */
function slug(name: string): string {
  const words = name
    .normalize("NFC")
    .toLowerCase()
    .match(/[\p{L}\p{N}\p{M}]+/gu) ?? ["unnamed"];
  return [...words.join("-")].slice(0, SLUG_CHARS_MAX).join("").replace(/-$/, "");
}
