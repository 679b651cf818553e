import { plural } from "../../../labs/kit/story/words";
import { type Html, html, nothing } from "../../grade/html/html";
import type { LabAudit, MutantAudit, TestFacts } from "../audit";
import { type Catch, catchOf } from "../test-worth";
import { type MutantTally, tallyOf } from "../verdict";
import { linkTo, mutantId, testRowId } from "./ids";

/** Up to so many runs to detection for the shades 1 to 4; what takes longer is of the shade 5. */
const SHADES = [1, 3, 10, 30] as const;

/** What the colours and marks of the matrix mean. */
export const matrixLegend = html`<p class="legend"><span>caught in run <span class="swatch soon-1">1</span> <span class="swatch soon-2">2–3</span> <span class="swatch soon-3">4–10</span> <span class="swatch soon-4">11–30</span> <span class="swatch soon-5">31…</span></span> <span><span class="swatch soon-1 meant">1</span> by the intended test</span> <span><span class="swatch missed meant">✗</span> the intended test missed it</span> <span><span class="swatch soon-3 partly">5</span> not in every round</span> <span><span class="swatch">·</span> not run</span></p>`;

/**
 * A row for each mutant, a column for each test that caught one or was meant to; what needs a look comes first. Empty
 * columns would push the others out of sight: the tests are all in the table below.
 */
export function matrix({ lab, title, tests: all, mutants }: LabAudit): Html {
  const tests = all.filter((test) => mutants.some((mutant) => isTold(mutant, test)));
  const empty = all.length - tests.length;
  const rows = mutants
    .map((mutant, order) => ({ mutant, order, tally: tallyOf(mutant) }))
    .sort((a, b) => urgency(a.mutant, a.tally) - urgency(b.mutant, b.tally) || a.order - b.order);
  return html`<div class="matrix-block"><div class="matrix-edge"><div class="matrix-frame" role="region" aria-label="${title}: mutants and tests"><table class="matrix">
<thead><tr><th scope="col">Mutant</th>${tests.map((test) => columnHead(lab, test))}</tr></thead>
<tbody>
${rows.map(({ mutant, order, tally }, place) => row(mutant, tally, tests, { place, order }))}</tbody></table></div></div>
${empty === 0 ? nothing : html`<p class="muted">No column: ${plural(empty, "test")} that caught none of these mutants.</p>`}
<p class="about-cell" role="status" hidden>Point at a cell, or go there with the arrow keys.</p></div>`;
}

/** True if a cell has something to tell, besides that the test was not run or caught nothing. */
function isTold(mutant: MutantAudit, test: TestFacts): boolean {
  return mutant.intended === test.number || catchOf(mutant, test).caught > 0;
}

/** 0: survived, or no result; 1: caught by other tests only, in some round; 2: all is well. */
function urgency({ rounds }: MutantAudit, { survived, lost, caught }: MutantTally): number {
  if (survived + lost > 0) return 0;
  return caught < rounds.length ? 1 : 2;
}

function columnHead(lab: string, { number, title }: TestFacts): Html {
  return html`<th scope="col" data-about="${number} ${title}" title="${title}"><span class="test"><a href="${linkTo(testRowId(lab, number))}">${number}</a></span></th>`;
}

const MARKS = [
  { state: "failed", sign: "✗", words: "survived" },
  { state: "not-written", sign: "!", words: "caught by other tests only" },
  { state: "passed", sign: "✓", words: "caught" },
] as const;

function row(
  mutant: MutantAudit,
  tally: MutantTally,
  tests: readonly TestFacts[],
  { place, order }: { readonly place: number; readonly order: number },
): Html {
  const { lab, name, bug } = mutant;
  const { state, sign, words } = MARKS[urgency(mutant, tally)];
  // Mutants that are not caught come last where the slowest come last, and have no number to sort by.
  const seeds = tally.worstSeeds ?? Number.MAX_SAFE_INTEGER;
  return html`<tr id="${mutantId(lab, name)}" data-about="${name} ${bug}" data-urgency="${place}" data-order="${order}" data-slowest="${-seeds}"><th scope="row" title="${bug}"><span class="name"><span class="mark ${state}" aria-hidden="true">${sign}</span><span class="unseen">${words}: </span><span class="number">${name}</span><span class="bug">${bug}</span></span></th>${tests.map((test) => cell(mutant, test))}</tr>
`;
}

function cell(mutant: MutantAudit, test: TestFacts): Html {
  const found = catchOf(mutant, test);
  const isMeant = mutant.intended === test.number;
  const classes = [
    ...(found.ran === 0 ? ["unrun"] : []),
    ...(found.seeds === undefined ? [] : [`soon-${shadeOf(found.seeds)}`]),
    ...(found.caught > 0 && found.caught < found.ran ? ["partly"] : []),
    ...(isMeant ? ["meant"] : []),
    ...(isMeant && found.seeds === undefined && found.ran > 0 ? ["missed"] : []),
  ];
  if (classes.length === 0) return html`<td tabindex="-1"></td>`;
  const sign = found.ran === 0 ? "·" : (found.seeds ?? (isMeant ? "✗" : ""));
  const words = `${isMeant ? "the intended test: " : ""}${cellWords(found, test)}`;
  return html`<td tabindex="-1" class="${classes.join(" ")}"${found.ran === 0 ? nothing : html` title="${words}"`}>${sign}</td>`;
}

function shadeOf(seeds: number): number {
  const shade = SHADES.findIndex((most) => seeds <= most);
  return shade === -1 ? SHADES.length + 1 : shade + 1;
}

function cellWords({ caught, ran, seeds, worstSeeds }: Catch, test: TestFacts): string {
  if (ran === 0) return "not run";
  if (seeds === undefined) return `not caught in ${plural(test.seeds, "run")}`;
  if (ran === 1) return `caught in run ${seeds} of ${test.seeds}`;
  return `caught in ${caught} of ${ran} rounds; in run ${seeds}, at worst ${worstSeeds}, of ${test.seeds}`;
}
