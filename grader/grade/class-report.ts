import type { TestState } from "../labgrader/result";
import { median, pointsHandedIn, pointsOf, type SubmissionResult } from "./class-result";
import { type Html, html, nothing } from "./html/html";
import { type Entry, entriesOf, linkTo, testId } from "./html/ids";
import { figure } from "./html/overview";
import { page } from "./html/page";
import { bar, countWords, mark, NOT_HANDED_IN_MARK, STATE_WORDS, stateBar } from "./html/states";
import { type LabResult, labFile, maxTotal, type Standing, standingsOf } from "./standings";

/** A student's standing, with the sections of the labs' reports that tell more. */
interface Row {
  readonly standing: Standing;
  /** An entry for each lab, in the order of the labs. */
  readonly entries: readonly Entry[];
}

/** What the colours of a bar mean. */
const LEGEND: readonly TestState[] = ["passed", "failed", "not-written", "not-run"];

/**
 * The overview of a grading of several labs: who has how many points where, with links into the labs' reports, which
 * lie beside it. Escaped and shut like those: see {@link htmlReport}. It has no script.
 * @returns the text of the file; the same for the same results
 */
export function classReport(labs: readonly LabResult[]): string {
  const entries = labs.map(({ result }) => entriesOf(result));
  const rows = standingsOf(labs).map((standing, i) => ({ standing, entries: entries.map((of) => of[i]) }));
  const reduced = labs.find(({ result }) => result.reducedIsolation !== undefined)?.result.reducedIsolation;
  const note =
    reduced === undefined
      ? nothing
      : html`<p class="not-graded"><strong>Isolation was reduced</strong> on the machine that graded: ${reduced}</p>`;
  const main = html`${note}<section aria-labelledby="overview-title">
<h2 id="overview-title">The class</h2>
${figures(labs, rows)}
${legend(rows)}
<div class="scroll" role="region" aria-labelledby="overview-title" tabindex="0">
<table class="labs" role="table">
<thead role="rowgroup"><tr role="row">${head("Student")}${labs.map(labHead)}${head("Total")}${head("Look at first")}</tr></thead>
<tbody role="rowgroup">
${rows.map((row) => rowBlock(row, labs))}</tbody>
<tfoot role="rowgroup">${medians(labs, rows)}</tfoot>
</table>
</div>
</section>`;
  return page({
    title: titleOf(labs),
    subtitle: "Grading report of the class",
    main,
    basis: labs[0]?.result.basis,
  });
}

/** "Labs 1 to 4", "Labs 1, 2 and 4" */
export function titleOf(labs: readonly LabResult[]): string {
  const numbers = labs.map(({ lab }) => lab.number);
  const [first, last] = [Number(numbers[0]), Number(numbers.at(-1))];
  if (numbers.length > 2 && last - first === numbers.length - 1) return `Labs ${first} to ${last}`;
  return `Labs ${numbers.slice(0, -1).join(", ")} and ${last}`;
}

function figures(labs: readonly LabResult[], rows: readonly Row[]): Html {
  const totals = totalsOf(rows);
  const complete = rows.filter(({ standing }) => standing.look === undefined).length;
  const notGraded = rows.length - totals.length;
  return html`<dl class="figures">
${figure("Students", rows.length)}
${figure("Complete in all labs", complete, `of ${rows.length}`)}
${figure("Median of the totals", median(totals) ?? "–", `of ${maxTotal(labs)} points`)}
${notGraded > 0 ? figure("Not graded", notGraded, "the grader failed; not in the medians") : nothing}
</dl>`;
}

function legend(rows: readonly Row[]): Html {
  const all = rows.flatMap(({ standing }) => standing.results);
  const isMissing = all.some(({ graded }) => graded.kind === "not-handed-in");
  return html`<p class="legend">${LEGEND.map((state) => html`<span><svg class="bar states swatch" aria-hidden="true"><rect class="${state === "not-run" ? "whole" : state}" width="100%" height="100%"/></svg> ${STATE_WORDS[state]}</span> `)}${isMissing ? html`<span>${NOT_HANDED_IN_MARK} not handed in: counts as 0, not in the medians of the labs</span>` : nothing}</p>`;
}

function head(words: string): Html {
  return html`<th role="columnheader" scope="col">${words}</th>`;
}

function labHead({ lab }: LabResult): Html {
  return html`<th role="columnheader" scope="col"><a href="${labFile(lab, "html")}">Lab ${lab.number}</a> <span class="lab-title">${lab.title}</span></th>`;
}

function rowBlock({ standing, entries }: Row, labs: readonly LabResult[]): Html {
  const { results, total } = standing;
  const cells = results.map(
    (result, i) =>
      html`<td role="cell" class="lab">${label(`Lab ${labs[i].lab.number}`)}${labCell(result, entries[i], labs[i])}</td>`,
  );
  return html`<tr role="row"><th role="rowheader" scope="row">${nameLink({ standing, entries }, labs)}</th>${cells}
<td role="cell" class="total">${label("Total")}${total === undefined ? html`<span class="not-graded">${mark("error")} not graded</span>` : html`<b>${total}</b>${bar(total, maxTotal(labs))}`}</td>
<td role="cell" class="look">${lookCell({ standing, entries }, labs)}</td></tr>
`;
}

/** A name leads to where there is most to see: to the lab to look at first, or to the first one. */
function nameLink({ standing: { student, look }, entries }: Row, labs: readonly LabResult[]): Html {
  const index = look?.index ?? 0;
  return html`<a href="${labFile(labs[index].lab, "html")}${linkTo(entries[index].id)}"><bdi>${student}</bdi></a>`;
}

/** What a cell is of, said in the cell where there is no room for columns. */
function label(words: string): Html {
  return html`<span class="lab-label" aria-hidden="true">${words}</span> `;
}

function labCell(submission: SubmissionResult, { id }: Entry, { lab, result }: LabResult): Html {
  const { graded } = submission;
  const points = pointsOf(submission);
  return html`<a href="${labFile(lab, "html")}${linkTo(id)}">${inside()}</a>${graded.kind === "graded" && points !== undefined ? stateBar(graded.result.tests) : nothing}`;

  function inside(): Html {
    if (points === undefined) return html`<span class="not-graded">${mark("error")} not graded</span>`;
    switch (graded.kind) {
      case "not-handed-in":
        return html`${NOT_HANDED_IN_MARK}<span class="unseen"> not handed in</span>`;
      case "graded":
        return html`<b>${points}</b><span class="unseen"> of ${result.maxPoints}: ${countWords(graded.result.tests)}</span>`;
      default:
        return html`<b>${points}</b> <span class="why">cannot be run</span>`;
    }
  }
}

function lookCell({ standing, entries }: Row, labs: readonly LabResult[]): Html {
  const { look, results } = standing;
  if (look === undefined) return html`<p>complete</p>`;
  const { lab } = labs[look.index];
  const { graded } = results[look.index];
  const entry = entries[look.index];
  const test =
    graded.kind === "graded"
      ? graded.result.tests.find(({ number }) => look.words.startsWith(`${number}  `))
      : undefined;
  const [id, label, words] =
    test === undefined
      ? [entry.id, `Lab ${lab.number}`, look.words]
      : [
          testId(entry, test.number),
          `Lab ${lab.number}: ${test.number}`,
          look.words.slice(test.number.length),
        ];
  return html`<p><a href="${labFile(lab, "html")}${linkTo(id)}">${label}</a> ${words.trim()}</p>`;
}

function medians(labs: readonly LabResult[], rows: readonly Row[]): Html {
  const cells = labs.map(({ lab, result }) => {
    const points = pointsHandedIn(result.submissions);
    return html`<td role="cell" class="lab">${label(`Lab ${lab.number}`)}<b>${median(points) ?? "–"}</b> <span class="muted">of ${points.length} graded</span></td>`;
  });
  return html`<tr role="row"><th role="rowheader" scope="row">Median</th>${cells}<td role="cell" class="total">${label("Total")}<b>${median(totalsOf(rows)) ?? "–"}</b></td><td role="cell"></td></tr>`;
}

function totalsOf(rows: readonly Row[]): number[] {
  return rows.map(({ standing }) => standing.total).filter((total) => total !== undefined);
}
