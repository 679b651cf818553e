import type { TestVerdict } from "../labgrader/result";
import { type Html, html, nothing } from "./html/html";
import { type Entry, entriesOf } from "./html/ids";
import { legend, ruler, strip } from "./html/overview";
import { page } from "./html/page";
import { content, score } from "./html/student-section";
import type { StudentCopy } from "./student-copy";

/** What a copy is a part of. */
export interface Occasion {
  /** "Lab 1 · Leader election" */
  readonly title: string;
  readonly maxPoints: number;
}

/**
 * A student's copy as a page of its own, from the pieces of the class report. It has no script.
 * @returns the text of the file
 */
export function studentReport(copy: StudentCopy, { title, maxPoints }: Occasion): string {
  const main = entriesOf({ title, maxPoints, submissions: [copy] }).map((entry) => section(entry, maxPoints));
  return page({ title, subtitle: "Student report", main: html`${main}` });
}

function section(entry: Entry, maxPoints: number): Html {
  const { id, submission } = entry;
  const { graded } = submission;
  return html`<section class="student" id="${id}" aria-labelledby="${id}--name">
<header><h2 id="${id}--name"><bdi>${submission.student}</bdi></h2>${score(entry, maxPoints)}</header>
${graded.kind === "graded" ? tests(entry, graded.result.tests) : content(entry)}
</section>`;
}

function tests(entry: Entry, all: readonly TestVerdict[]): Html {
  return html`<h3 class="unseen">Tests</h3>
${hiddenWords(all)}${legend}
<div class="at-a-glance">${ruler([entry])}${strip(entry)}</div>
${content(entry)}`;
}

/** How much of the tests this page tells. */
function hiddenWords(all: readonly TestVerdict[]): Html {
  const hidden = all.filter(({ isWithheld }) => isWithheld).length;
  if (hidden === 0) return nothing;
  const which =
    hidden === all.length
      ? "All tests of this lab are hidden."
      : `Told in full: ${all.length - hidden} of ${all.length} tests.`;
  return html`<p class="note">${which} Hidden tests show only their result.</p>
`;
}
