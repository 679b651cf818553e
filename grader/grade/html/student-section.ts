import type { Reason } from "../../../labs/kit";
import { headlineOf, reasonsIn } from "../../labgrader/reasons";
import type { SuiteResult, TestVerdict } from "../../labgrader/result";
import { hasGraderError, pointsOf } from "../class-result";
import { type Html, html, nothing } from "./html";
import { type Entry, linkTo, testId } from "./ids";
import { bar, countWords, hasStory, mark, NOT_HANDED_IN_MARK, STATE_WORDS } from "./states";
import { storyBlock, verbatim } from "./story-block";

/** All that is known about one submission; a page of its own in print. */
export function studentSection(entry: Entry, maxPoints: number): Html {
  const { id, submission } = entry;
  const { student } = submission;
  return html`<section class="student" id="${id}" aria-labelledby="${id}--name" data-student="${student.toLowerCase()}">
<header><h3 id="${id}--name"><a class="self" href="${linkTo(id)}"><bdi>${student}</bdi></a></h3>${score(entry, maxPoints)}<a class="up" href="#overview">↑ The class</a></header>
${content(entry)}
</section>
`;
}

/** The points, or that there are none to show: a grader that failed is not a zero. */
export function score({ submission }: Entry, maxPoints: number): Html {
  const points = pointsOf(submission);
  if (points === undefined)
    return html`<p class="score not-graded">${mark("error")} not graded: the grader failed</p>`;
  const { graded } = submission;
  if (graded.kind === "not-handed-in")
    return html`<p class="score">${NOT_HANDED_IN_MARK} <span>not handed in: 0 of ${maxPoints} points</span></p>`;
  const words = graded.kind === "graded" ? countWords(graded.result.tests) : "cannot be run";
  return html`<p class="score"><b>${points}</b> of ${maxPoints} points ${bar(points, maxPoints)} <span class="muted">${words}</span></p>`;
}

/** Its tests, or why there are none. */
export function content(entry: Entry): Html {
  const { graded } = entry.submission;
  switch (graded.kind) {
    case "problem":
      return html`<p>The submission cannot be run:</p>${verbatim(graded.text, "Why it cannot be run")}`;
    case "not-handed-in":
      return html`<p>Nothing of this lab was handed in. ${graded.text}</p>`;
    case "grader-error":
      return html`${graderFailed}${verbatim(graded.text, "How the grader failed")}`;
    case "graded":
      return html`${hasGraderError(graded.result) ? graderFailed : nothing}${groups(entry, graded.result)}`;
  }
}

const graderFailed = html`<p class="banner"><strong>Not graded: the grader failed.</strong> This is the grader’s fault, not the program’s, and it is not a zero. The submission has to be graded again; if that does not help, the author of the course should know.</p>`;

function groups(entry: Entry, { tests }: SuiteResult<TestVerdict>): Html {
  const byPath = grouped(tests, ({ path }) => path.join(" › "));
  const reasons = reasonsIn(tests);
  return html`${reasonList(entry, reasons)}${[...byPath].map(([title, group]) => groupBlock(entry, title, group, tellersOf(reasons)))}`;
}

/** The tests of one group: failed ones with their stories, the others in a line for each state. */
function groupBlock(
  entry: Entry,
  title: string,
  tests: readonly TestVerdict[],
  tellers: ReadonlyMap<TestVerdict, string>,
): Html {
  const passed = tests.filter(({ state }) => state === "passed").length;
  const quiet = grouped(
    tests.filter((test) => !hasStory(test)),
    (test) => `${test.state} ${test.isWithheld === true} ${reasonOf(test)}`,
  );
  return html`<div class="group"><div class="group-head"><h4>${title === "" ? "Tests" : title}</h4>${passed > 0 && passed < tests.length ? html`<p class="muted">${passed} of ${tests.length} passed</p>` : nothing}</div>
<div>${tests.filter(hasStory).map((test) => testBlock(entry, test, tellers.get(test)))}${[...quiet.values()].map((alike) => quietLine(entry, alike))}</div></div>
`;
}

/** @param teller the test that has told the same reason before: this one's own story is folded away */
function testBlock(entry: Entry, test: TestVerdict, teller: string | undefined): Html {
  const { state, number, title, points, maxPoints, failure } = test;
  const worth = state === "error" ? "not graded" : `${points}/${maxPoints}`;
  return html`<details class="test ${state}" id="${testId(entry, number)}"${teller === undefined ? html` open` : nothing}><summary>${mark(state)} <span class="number">${number}</span> <span class="title">${title}</span><span class="unseen">, ${STATE_WORDS[state]}</span> <span class="worth">${worth}</span>${teller === undefined ? nothing : html` <span class="muted">same reason as ${teller}</span>`}</summary>
<div class="story">${teller === undefined ? nothing : html`<p class="muted">Same reason as <a href="${linkTo(testId(entry, teller))}">${teller}</a>.</p>`}${failure === undefined ? nothing : storyBlock(failure)}</div></details>
`;
}

/** The reasons for which several tests fail, the most frequent first: each links to the test that tells it. */
function reasonList(entry: Entry, reasons: readonly Reason<TestVerdict>[]): Html {
  const shared = reasons.filter(({ all }) => all.length > 1).sort((a, b) => b.all.length - a.all.length);
  if (shared.length === 0) return nothing;
  const items = shared.map(
    ({ first, all }) =>
      html`<li>${all.length} tests, told at <a href="${linkTo(testId(entry, first.number))}">${first.number}</a>: ${headlineOf(first)}</li>
`,
  );
  return html`<div class="group"><div class="group-head"><h4>One reason, several tests</h4></div><ul>${items}</ul></div>
`;
}

/** For each test whose reason an earlier one has told, that one's number. */
function tellersOf(reasons: readonly Reason<TestVerdict>[]): ReadonlyMap<TestVerdict, string> {
  return new Map(
    reasons.flatMap(({ first, all }) => all.slice(1).map((test) => [test, first.number] as const)),
  );
}

/** Tests that ended alike and need no story, in one line that unfolds to their titles. */
function quietLine(entry: Entry, tests: readonly TestVerdict[]): Html {
  const [first] = tests;
  const numbers = tests.map(({ number }) => number).join(" ");
  return html`<details class="quiet ${first.state}"><summary>${mark(first.state)} <span class="number">${numbers}</span> ${first.isWithheld ? html`<span class="withheld">hidden</span> ` : nothing}<span>${quietWords(first)}</span></summary>
<ul>${tests.map(({ number, title, points, maxPoints }) => html`<li id="${testId(entry, number)}"><span class="number">${number}</span> ${title} <span class="worth">${points}/${maxPoints}</span></li>`)}</ul></details>
`;
}

/** Why a test was not written or not run, or how a hidden one failed. What passed has no reason. */
function reasonOf({ failure }: TestVerdict): string {
  return failure?.text.split("\n")[0] ?? "";
}

function quietWords(test: TestVerdict): string {
  const { state } = test;
  const reason = reasonOf(test);
  if (reason === "") return STATE_WORDS[state];
  return state === "not-written" ? reason : `${STATE_WORDS[state]}: ${reason}`;
}

/** The items by key, keys and items in the order in which they come. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
