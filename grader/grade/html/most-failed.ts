import type { TestVerdict } from "../../labgrader/result";
import { type Html, html, joined, nothing } from "./html";
import { type Entry, linkTo, testId } from "./ids";
import { bar } from "./states";

/** One test, over the whole class. */
interface Tally {
  readonly test: TestVerdict;
  readonly failedBy: readonly Entry[];
  /** Submissions in which it ran to a verdict: neither unwritten nor stopped by the grader. */
  readonly ran: number;
}

/** Tests shown at once; the others are folded. */
const SHOWN_MAX = 10;

/** The tests that the class fails most: what to talk about in the next lecture. */
export function mostFailed(entries: readonly Entry[]): Html {
  const all = tallies(entries);
  return html`<section id="most-failed" aria-labelledby="most-failed-title">
<h2 id="most-failed-title">What the class fails most</h2>
${all.length === 0 ? html`<p class="muted">No test failed.</p>` : html`<p class="muted">How many fail a test, of the students for whom it ran to a verdict. Who has not written its task yet, or not handed in, is not counted.</p>${list(all.slice(0, SHOWN_MAX))}`}
${all.length <= SHOWN_MAX ? nothing : html`<details><summary>${all.length - SHOWN_MAX} more failed tests</summary>${list(all.slice(SHOWN_MAX))}</details>`}
</section>`;
}

function list(some: readonly Tally[]): Html {
  return html`<ul class="most">${some.map(item)}</ul>`;
}

function item({ test, failedBy, ran }: Tally): Html {
  const links = failedBy.map(
    (entry) =>
      html`<a href="${linkTo(testId(entry, test.number))}"><bdi>${entry.submission.student}</bdi></a>`,
  );
  return html`<li><p class="count"><b>${failedBy.length}</b> of ${ran}${bar(failedBy.length, ran, "bad")}</p>
<div><p><span class="number">${test.number}</span> ${test.title}</p><p class="who">${joined(links, ", ")}</p></div></li>
`;
}

/** Most failed first; the suite's order breaks ties, because later tests build on earlier ones. */
function tallies(entries: readonly Entry[]): Tally[] {
  const byNumber = new Map<string, { test: TestVerdict; failedBy: Entry[]; ran: number }>();
  for (const entry of entries) {
    const { graded } = entry.submission;
    if (graded.kind !== "graded") continue;
    for (const test of graded.result.tests) {
      const tally = byNumber.get(test.number) ?? { test, failedBy: [], ran: 0 };
      byNumber.set(test.number, tally);
      if (test.state === "failed") tally.failedBy.push(entry);
      if (test.state === "failed" || test.state === "passed") tally.ran += 1;
    }
  }
  return [...byNumber.values()]
    .filter(({ failedBy }) => failedBy.length > 0)
    .sort((a, b) => b.failedBy.length - a.failedBy.length);
}
