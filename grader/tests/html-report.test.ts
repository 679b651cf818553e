import { createHash } from "node:crypto";
import test from "tape";
import type { Story } from "../../labs/kit";
import { type ClassResult, median, type SubmissionResult } from "../grade/class-result";
import { visible } from "../grade/html/escape";
import { htmlReport } from "../grade/html-report";
import { suiteResult, type TestFailure, type TestResult, type TestState } from "../labgrader/result";

const HOSTILE = `<img src=x onerror="alert('1')">&amp;\u202Egnp.exe\u0007</script><!--`;

test("html report: what a submission says is text, never markup", (t) => {
  const failure: TestFailure = { text: `${HOSTILE}\n</pre>${HOSTILE}`, seed: 1 };
  const story: Story = { ...someStory(HOSTILE), rule: HOSTILE, next: HOSTILE, standing: [HOSTILE] };
  const line = { time: HOSTILE, event: HOSTILE, outcome: HOSTILE, isWrong: true };
  const told: TestFailure = { text: HOSTILE, story: { ...story, lines: [line] }, seed: 1 };
  const page = htmlReport(
    classOf([
      graded(HOSTILE, [
        result("1.1a", "failed", failure),
        result("1.1b", "failed", told),
        result("1.1c", "error", failure),
        result("1.1d", "not-written", failure),
        result("1.1e", "not-run", failure),
      ]),
      { student: `" onmouseover="alert(1)`, lab: "1", graded: { kind: "problem", text: HOSTILE } },
      { student: "javascript:alert(1)", lab: "1", graded: { kind: "grader-error", text: HOSTILE } },
    ]),
  );
  const withoutOurs = page.replace(/<(style|script)>[\s\S]*?<\/\1>/g, "");

  t.notOk(/<img|<!--|<\/?script/.test(withoutOurs), "no tag of a submission gets into the page");
  t.equal(tagsOf(page).filter((tag) => /\son\w+=/.test(withoutValues(tag))).length, 0, "no event attribute");
  t.ok(
    withoutOurs.includes("&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;"),
    "it is escaped",
  );
  t.notOk(
    ["\u202e", "\u0007"].some((sign) => page.includes(sign)),
    "no control character and no bidirectional override",
  );
  t.ok(page.includes("\\u{202e}gnp.exe\\u{7}"), "they are written out");
  t.deepEqual(
    attributesOf(page, "href").filter((href) => !/^#[\w%~.!*'()-]+$/.test(href)),
    [],
    "every link leads to this page",
  );
  t.end();
});

test("html report: text that is not seen becomes text that is seen", (t) => {
  t.equal(visible("a\u2066b\u200b\ud800\u2028c"), "a\\u{2066}b\\u{200b}\\u{d800}\\u{2028}c");
  t.equal(visible("line\r\n\tline"), "line\n\tline", "line feeds and tabs stay");
  t.equal(visible("שלום, Zoë, 👩‍🔬"), "שלום, Zoë, 👩‍🔬", "names of the world stay");
  t.equal(visible(`e${"\u0301".repeat(50)}!`), `e${"\u0301".repeat(4)}!`, "no piles of accents");
  t.ok(visible("x".repeat(1_000_000)).length < 10_000, "a text has a limit");
  t.end();
});

test("html report: ids are unique, and links lead somewhere, whatever the names", (t) => {
  const names = [
    "tony",
    "tony",
    "Tony!",
    "tony-2",
    "",
    "///",
    "tony--1-1a",
    "王小明",
    "a b\"c'd<e>",
    "overview",
  ];
  const tests = [result("1.1a", "failed", { text: "No leader." }), result("1.1b", "passed")];
  const page = htmlReport(classOf(names.map((name) => graded(name, tests))));
  const ids = attributesOf(page, "id");

  t.equal(new Set(ids).size, ids.length, "no id stands twice");
  t.deepEqual(
    ids.filter((id) => /[\s"'<>&]/.test(id)),
    [],
    "ids are plain words",
  );
  const targets = attributesOf(page, "href").map((href) => decodeURIComponent(href.slice(1)));
  t.deepEqual(
    targets.filter((target) => !ids.includes(target)),
    [],
    "every link has its target",
  );
  t.ok(ids.includes("student-tony") && ids.includes("student-王小明"), "a student's name is in the link");
  t.end();
});

test("html report: every failed test is told, with its first wrong step", (t) => {
  const failures = ["1.1a", "1.1b", "1.2a"].map((number) =>
    result(number, "failed", {
      text: `Text of ${number}`,
      story: someStory(`Headline of ${number}`),
      seed: 7,
    }),
  );
  const stopped = result("1.3a", "failed", {
    text: "S1.start() does not return.\nRule    A handler returns.",
    seed: 42,
  });
  const page = htmlReport(
    classOf([graded("ada", [...failures, stopped]), graded("bob", [result("1.1a", "passed")])]),
  );

  for (const number of ["1.1a", "1.1b", "1.2a"])
    t.ok(page.includes(`<p class="headline">Headline of ${number}</p>`), `the headline of ${number}`);
  t.ok(
    page.includes(`<p class="headline">S1.start() does not return.</p>`),
    "a failure without a story, too",
  );
  t.ok(page.includes("<dt>Rule</dt><dd>A handler returns.</dd>"), "with the lines that it names");
  t.ok(page.includes("<dt>Seed</dt><dd>42</dd>"), "and its seed");
  t.equal(page.match(/<tr role="row" class="wrong">/g)?.length, 3, "each story marks its first wrong step");
  t.ok(page.includes("<b>1</b> of 2"), "one of two students fails 1.1a");
  t.ok(page.includes("of the students for whom it ran to a verdict"), "and two of whom is said");
  t.end();
});

test("html report: of a run that was made small it says so, and how to play which", (t) => {
  const shrunk = { of: "events", before: 1347, after: 5, servers: 1 } as const;
  const whole = { text: "Text", story: someStory("Whole"), replay: "REPLAY", mended: "MENDED" };
  const small = { ...whole, story: { ...someStory("Small"), shrunk } };
  const told = (failure: TestFailure): string =>
    factsOf(htmlReport(classOf([graded("ada", [result("1.1a", "failed", failure)])])));
  t.deepEqual(told(small).split("\n").slice(-3), [
    "Shrunk: from 1,347 events to 5, with 1 server The events above are those of the small run.",
    "Replay: REPLAY This is the whole run, before it was made small.",
    "Mended?: MENDED Plays the small run that is shown here on the files as they are then.",
  ]);
  t.deepEqual(told(whole).split("\n").slice(-2), [
    "Replay: REPLAY",
    "Mended?: MENDED Plays the run that is shown here on the files as they are then.",
  ]);
  t.doesNotMatch(told({ text: "S1.start() does not return." }), /Shrunk|Mended/);
  t.end();
});

test("html report: a grader that failed is not a zero", (t) => {
  const broken = graded("broken-test", [
    result("1.1a", "passed"),
    result("1.1b", "error", { text: "Oops." }),
  ]);
  const died: SubmissionResult = {
    student: "died",
    lab: "1",
    graded: { kind: "grader-error", text: "It died." },
  };
  const zero: SubmissionResult = {
    student: "zero",
    lab: "1",
    graded: { kind: "problem", text: "No class Raft." },
  };
  const page = htmlReport(classOf([broken, died, zero]));

  for (const student of ["broken-test", "died"]) {
    const section = sectionOf(page, student);
    t.ok(section.includes("Not graded: the grader failed."), `${student} is not graded`);
    t.notOk(/<b>\d+<\/b> of \d+ points/.test(section), `${student} has no points, not even 0`);
    t.ok(rowOf(page, student).includes("not graded"), `${student} is not graded in the overview`);
    t.notOk(/<b>\d+<\/b>/.test(rowOf(page, student)), `${student} has no points in the overview`);
  }
  t.ok(sectionOf(page, "zero").includes("<b>0</b> of 4 points"), "a submission that cannot be run has 0");
  t.ok(/<dt>Median<\/dt><dd><b>0<\/b>/.test(page), "the median counts only what has points");
  t.ok(/<dt>Not graded<\/dt><dd><b>2<\/b>/.test(page), "and the report says how many have none");
  t.end();
});

test("html report: reduced isolation is said, and only then", (t) => {
  const whole = classOf([graded("ana", [result("1.1a", "passed")])]);
  t.doesNotMatch(htmlReport(whole), /Isolation was reduced/);
  t.match(
    htmlReport({ ...whole, reducedIsolation: "no <walls>" }),
    /Isolation was reduced.*no &lt;walls&gt;/,
  );
  t.end();
});

test("html report: the page's policy names exactly its style and its script", (t) => {
  const page = htmlReport(classOf([]));
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1].replaceAll("&#39;", "'") ?? "";

  t.ok(policy.startsWith("default-src 'none'"), "nothing is allowed that is not named");
  for (const tag of ["style", "script"]) {
    const text = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page)?.[1] ?? "";
    const hash = createHash("sha256").update(text).digest("base64");
    t.ok(policy.includes(`${tag}-src 'sha256-${hash}'`), `the ${tag} is known by its hash`);
  }
  t.notOk(/\s(style|src)=|url\(|@import|https?:/.test(page), "nothing comes from elsewhere");
  t.end();
});

test("html report: the median of an even number of students lies between two", (t) => {
  t.equal(median([10, 2, 4, 3]), 3.5);
  t.equal(median([9, 1, 5]), 5);
  t.equal(median([]), undefined);
  t.end();
});

function classOf(submissions: readonly SubmissionResult[]): ClassResult {
  return { title: "Lab 1 · Leader election", maxPoints: 4, submissions };
}

function graded(student: string, tests: readonly TestResult[]): SubmissionResult {
  return { student, lab: "1", graded: { kind: "graded", result: suiteResult("Lab 1", tests) } };
}

function result(number: string, state: TestState, failure?: TestFailure): TestResult {
  const work = { seedsRun: 1, seedsPlanned: 1, events: 1, virtualMs: 1, wallMs: 1 };
  const points = state === "passed" ? 2 : 0;
  return {
    number,
    title: `Sentence ${number}`,
    path: ["Group"],
    visibility: "hidden",
    state,
    points,
    maxPoints: 2,
    failure,
    ...work,
  };
}

function someStory(headline: string): Story {
  const lines = [
    { time: "1 ms", event: "S1  starts", outcome: "", isWrong: false },
    { time: "310 ms", event: "S1 → S2  RequestVote term 4", outcome: "S2 grants S1 its vote", isWrong: true },
  ];
  return { kind: "violation", headline, lines, standing: [], seed: 7, servers: 3, traceHash: "ab12" };
}

/** "Rule: …", a line for each fact of a page's only story. */
function factsOf(page: string): string {
  const list = /<dl class="facts">(.*?)<\/dl>/s.exec(page)?.[1] ?? "";
  return [...list.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/gs)]
    .map(([, name, words]) => `${name}: ${words.replace(/<[^>]*>/g, "")}`)
    .join("\n");
}

function sectionOf(page: string, student: string): string {
  return new RegExp(`<section class="student" id="student-${student}"[^]*?</section>`).exec(page)?.[0] ?? "";
}

function rowOf(page: string, student: string): string {
  return new RegExp(`<tr role="row" data-student="${student}">[^]*?</tr>`).exec(page)?.[0] ?? "";
}

function tagsOf(page: string): string[] {
  return page.match(/<[a-z][^>]*>/g) ?? [];
}

function withoutValues(tag: string): string {
  return tag.replace(/"[^"]*"/g, '""');
}

function attributesOf(page: string, name: string): string[] {
  return [...page.matchAll(new RegExp(`\\s${name}="([^"]*)"`, "g"))].map(([, value]) => value);
}
