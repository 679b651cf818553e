import { type Html, html, nothing } from "../../grade/html/html";
import { bar } from "../../grade/html/states";
import type { Audit, LabAudit } from "../audit";
import { limitsOf, limitsOfRows } from "../coverage";
import { type TestWorth, worthOf } from "../test-worth";
import { timeWords } from "../words";
import { linkTo, testRowId } from "./ids";

/** What each test of a lab catches, what only it catches, and what it costs. */
export function worthTable(lab: LabAudit, audit: Audit): Html {
  const all = worthOf(lab);
  const limits = limitsOf(lab, audit);
  const isWhole = limits.length === 0;
  const knowsAlone = limitsOfRows(lab, audit).length === 0;
  const dearest = Math.max(0, ...all.map(({ costMs }) => costMs ?? 0));
  const rows = all.map((worth, order) => row(lab.lab, worth, { order, dearest, isWhole, knowsAlone }));
  return html`${isWhole ? idleTests(lab.lab, all) : partialNote(lab.lab, limits)}
<table class="keep" role="table"><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Test</th><th role="columnheader" scope="col" class="figure">Points</th><th role="columnheader" scope="col" class="figure">Catches</th><th role="columnheader" scope="col" class="figure">Only it</th><th role="columnheader" scope="col" class="figure">Meant for</th><th role="columnheader" scope="col" class="figure">Runs</th><th role="columnheader" scope="col" class="figure">CPU to pass</th><th role="columnheader" scope="col">Caught by it alone</th></tr></thead>
<tbody role="rowgroup">
${rows}</tbody></table>`;
}

function partialNote(lab: string, limits: readonly string[]): Html {
  return html`<p class="lede">This audit saw only a part: ${limits.join(", ")}. So a test that caught nothing here may still be needed. To find tests that catch nothing at all, run <code>npm run audit -- --lab ${lab}</code>.</p>`;
}

function idleTests(lab: string, all: readonly TestWorth[]): Html {
  const idle = all.filter(({ catches }) => catches.length === 0);
  if (idle.length === 0) return html`<p class="lede">Every test catches something.</p>`;
  const links = idle.map(
    ({ test }) => html` <a class="number" href="${linkTo(testRowId(lab, test.number))}">${test.number}</a>`,
  );
  return html`<p class="lede">${idle.length} of ${all.length} tests catch nothing:${links}. Which bug is each of them there for? Add that mutant, or do without the test.</p>`;
}

interface Place {
  readonly order: number;
  readonly dearest: number;
  /** True: every mutant of the lab met every test. */
  readonly isWhole: boolean;
  /** True: of those that were examined, it is known what no other test catches. */
  readonly knowsAlone: boolean;
}

function row(
  lab: string,
  { test, catches, only, intendedFor, costMs }: TestWorth,
  { order, dearest, isWhole, knowsAlone }: Place,
): Html {
  const cost = costMs ?? 0;
  const alone = knowsAlone ? only.length : "–";
  return html`<tr role="row" id="${testRowId(lab, test.number)}" data-order="${order}" data-catches="${-catches.length}" data-only="${-only.length}" data-cost="${(-cost).toFixed(1)}"${isWhole && catches.length === 0 ? html` class="idle"` : nothing}><th role="rowheader" scope="row"><span class="number">${test.number}</span> ${test.title}</th>
<td role="cell" class="figure" data-label="Points">${test.points}</td><td role="cell" class="figure" data-label="Catches">${catches.length}</td><td role="cell" class="figure" data-label="Only it">${alone}</td><td role="cell" class="figure" data-label="Meant for">${intendedFor.length}</td><td role="cell" class="figure" data-label="Runs">${test.seeds}</td><td role="cell" class="figure" data-label="CPU to pass">${costMs === undefined ? "–" : timeWords(costMs)}${bar(cost, dearest)}</td>
<td role="cell" class="names">${knowsAlone ? only.join(" ") : ""}</td></tr>
`;
}
