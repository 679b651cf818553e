import { MARKS } from "../../labgrader/reporters/pretty";
import type { TestState, TestVerdict } from "../../labgrader/result";
import {
  type ClassResult,
  firstLookOf,
  median,
  pointsHandedIn,
  pointsOf,
  type SubmissionResult,
} from "../class-result";
import { type Html, html, nothing } from "./html";
import { type Entry, linkTo, testId } from "./ids";
import { bar, countWords, hasStory, mark, NOT_HANDED_IN_MARK, STATE_WORDS } from "./states";

const LEGEND: readonly TestState[] = ["passed", "failed", "not-written", "not-run", "error"];

/** What the marks mean. */
export const legend = html`<p class="legend">${LEGEND.map((state) => html`<span>${mark(state)} ${STATE_WORDS[state]}</span> `)}</p>`;

/** The class at a glance: figures, then a row for each student. */
export function overview(result: ClassResult, entries: readonly Entry[]): Html {
  return html`<section id="overview" aria-labelledby="overview-title">
<h2 id="overview-title">The class</h2>
${figures(result)}
${legend}
<div class="scroll" role="region" aria-labelledby="overview-title" tabindex="0">
<table class="class" role="table">
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Student</th><th role="columnheader" scope="col">Points</th><th role="columnheader" scope="col"><span class="unseen">Tests, and what to look at first</span>${ruler(entries)}</th></tr></thead>
<tbody role="rowgroup">
${entries.map((entry) => row(entry, result.maxPoints))}</tbody>
</table>
</div>
</section>`;
}

function figures({ submissions, maxPoints }: ClassResult): Html {
  const count = (kind: SubmissionResult["graded"]["kind"]): number =>
    submissions.filter(({ graded }) => graded.kind === kind).length;
  const [problems, missing] = [count("problem"), count("not-handed-in")];
  const handedIn = submissions.length - missing;
  const points = pointsHandedIn(submissions);
  const notGraded = handedIn - points.length;
  const complete = points.filter((value) => value >= maxPoints).length;
  return html`<dl class="figures">
${figure("Submissions", handedIn, missing > 0 ? `of ${submissions.length} students` : "")}
${figure("Complete", complete, `of ${handedIn}`)}
${figure("Median", median(points) ?? "–", `of ${maxPoints} points`)}
${problems > 0 ? figure("Cannot be run", problems, "0 points each") : nothing}
${missing > 0 ? figure("Not handed in", missing, "0 points each; not in the median") : nothing}
${notGraded > 0 ? figure("Not graded", notGraded, "the grader failed; not in the median") : nothing}
</dl>`;
}

/** A number that stands out, with its name and what it is of. */
export function figure(name: string | Html, value: number | string, note = ""): Html {
  return html`<div><dt>${name}</dt><dd><b>${value}</b>${note === "" ? nothing : html` <span>${note}</span>`}</dd></div>`;
}

function row(entry: Entry, maxPoints: number): Html {
  const { student } = entry.submission;
  return html`<tr role="row" data-student="${student.toLowerCase()}"><th role="rowheader" scope="row"><a href="${linkTo(entry.id)}"><bdi>${student}</bdi></a></th>
<td role="cell" class="points">${pointsCell(entry, maxPoints)}</td>
<td role="cell" class="tests">${strip(entry)}<p class="look">${look(entry)}</p></td></tr>
`;
}

function pointsCell({ submission }: Entry, maxPoints: number): Html {
  const points = pointsOf(submission);
  if (submission.graded.kind === "not-handed-in")
    return html`${NOT_HANDED_IN_MARK} <span class="muted">none</span>`;
  if (points === undefined) return html`<span class="not-graded">${mark("error")} not graded</span>`;
  return html`<b>${points}</b><span class="unseen"> of ${maxPoints}</span>${bar(points, maxPoints)}`;
}

/** A cell for each test, in the groups of their tasks. A cell is a link where there is a story to read. */
export function strip(entry: Entry): Html {
  const { graded } = entry.submission;
  if (graded.kind !== "graded") return nothing;
  const groups = byTask(graded.result.tests).map(
    ({ tests }) => html`<span class="task">${tests.map((test) => cell(entry, test))}</span>`,
  );
  return html`<div class="strip">${groups}</div>`;
}

function cell(entry: Entry, test: TestVerdict): Html {
  const { state, number, title, failure } = test;
  const words = `${number} ${STATE_WORDS[state]}: ${title}`;
  if (!hasStory(test))
    return html`<span class="cell ${state}" title="${words}" aria-hidden="true">${MARKS[state]}</span>`;
  const hint = failure === undefined ? words : `${words}\n${failure.text.split("\n")[0]}`;
  return html`<a class="cell ${state}" href="${linkTo(testId(entry, number))}" title="${hint}" aria-label="${words}">${MARKS[state]}</a>`;
}

function look(entry: Entry): Html {
  const { submission } = entry;
  const { graded } = submission;
  const words = firstLookOf(submission);
  if (graded.kind === "not-handed-in") return html`<strong>Not handed in.</strong> ${graded.text}`;
  if (graded.kind === "problem") return html`<strong>Cannot be run:</strong> ${words}`;
  if (graded.kind === "grader-error")
    return html`<strong class="not-graded">Not graded, the grader failed:</strong> ${words}`;
  const { tests } = graded.result;
  const first = tests.find(({ number }) => words.startsWith(`${number}  `));
  if (first === undefined) return html`${words}`;
  return html`${countWords(tests.filter(({ state }) => state !== "passed"))} · <a href="${linkTo(testId(entry, first.number))}">${words}</a>`;
}

/** The numbers of the tasks above the strips, which have the same widths. */
export function ruler(entries: readonly Entry[]): Html {
  const graded = entries.flatMap(({ submission: { graded } }) =>
    graded.kind === "graded" ? [graded.result] : [],
  );
  if (graded.length === 0) return nothing;
  const tasks = byTask(graded[0].tests).map(
    ({ task, tests }) =>
      html`<span class="task">${tests.map((_, i) => html`<span class="cell">${i === 0 ? task : ""}</span>`)}</span>`,
  );
  return html`<div class="strip ruler" aria-hidden="true">${tasks}</div>`;
}

/** Tests in order, in runs of the same task: "1.3a" and "1.3b" belong to task 1.3. */
function byTask(tests: readonly TestVerdict[]): { task: string; tests: TestVerdict[] }[] {
  const groups: { task: string; tests: TestVerdict[] }[] = [];
  for (const test of tests) {
    const task = test.number.replace(/[a-z]+$/, "");
    const last = groups.at(-1);
    if (last?.task === task) last.tests.push(test);
    else groups.push({ task, tests: [test] });
  }
  return groups;
}
