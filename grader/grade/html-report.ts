import type { ClassResult } from "./class-result";
import { html, nothing } from "./html/html";
import { entriesOf } from "./html/ids";
import { mostFailed } from "./html/most-failed";
import { overview as classOverview } from "./html/overview";
import { page } from "./html/page";
import { SCRIPT } from "./html/script";
import { studentSection } from "./html/student-section";

/**
 * The report of a grading, for instructors.
 * All words of a submission, its name too, are written by somebody who may want to be graded differently: they are
 * escaped by {@link html}, and the page's policy lets nothing run but the script that is known here.
 * @param overview the page beside it that shows all labs, if there are several
 * @returns the text of the file; the same for the same result
 */
export function htmlReport(result: ClassResult, overview?: string): string {
  const entries = entriesOf(result);
  const { reducedIsolation, basis } = result;
  const note =
    reducedIsolation === undefined
      ? nothing
      : html`<p class="not-graded"><strong>Isolation was reduced</strong> on the machine that graded: ${reducedIsolation}</p>`;
  const up =
    overview === undefined ? nothing : html`<p class="all-labs"><a href="${overview}">↑ All labs</a></p>`;
  const main = html`${up}${note}${classOverview(result, entries)}
${mostFailed(entries)}
<section id="students" aria-labelledby="students-title">
<h2 id="students-title">Student by student</h2>
<div id="tools" hidden><label>Show <input id="filter" type="search" placeholder="part of a name" autocomplete="off"></label><button id="fold" type="button">Fold or unfold all stories</button></div>
${entries.map((entry) => studentSection(entry, result.maxPoints))}</section>`;
  return page({ title: result.title, subtitle: "Grading report", main, script: SCRIPT, basis });
}
