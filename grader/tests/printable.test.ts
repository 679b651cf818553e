import test from "tape";
import { type Story, storyText } from "../../labs/kit";
import { type ClassResult, printableSubmission, type SubmissionResult } from "../grade/class-result";
import { classTable } from "../grade/class-table";
import { htmlReport } from "../grade/html-report";
import { report } from "../labgrader/reporters";
import { prettyTest } from "../labgrader/reporters/pretty";
import { suiteResult, type TestFailure, type TestResult } from "../labgrader/result";
import { printable, printableIn, printableLine } from "../tools/printable";

/** A line that a submission would like to see in a report, in the words of each of them. */
const FORGED =
  "\r\nok 1 - 1.1a Passed # SKIP\nBail out!\n...\n  ...\nRule    None.\n│ ana │ 100 │\r│ ben │ 0";
const ESCAPES = "\x1b]0;title\x07\x1b[2J\x9b31m\u202Egnp.exe\u2066\u200b\u2028\u0085\ud800\uffff";
const HOSTILE = `<img src=x onerror="alert('1')"></script><!--${ESCAPES}${FORGED}`;

/** What no report may hold, whatever a submission brought. Colours of the grader's own are taken out before. */
const FORBIDDEN = /[^\P{Cc}\n]|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}|\p{Noncharacter_Code_Point}/u;
const ESC = "\x1b";
const OWN_COLOURS = new RegExp(`${ESC}\\[\\d+m`, "g");

test("printable: what is not seen is written out", (t) => {
  t.equal(printable("a\x1b[31mb\x07\x9b"), "a\\u{1b}[31mb\\u{7}\\u{9b}", "terminal escapes");
  t.equal(printable("1\r\n2\n\t3\r4"), "1\n2\n\t3\\u{d}4", "carriage returns; line feeds and tabs stay");
  t.equal(
    printable("\u202a\u2069\u200e\u061c"),
    "\\u{202a}\\u{2069}\\u{200e}\\u{61c}",
    "bidirectional controls",
  );
  t.equal(
    printable("a\u200b\u200d\ufeff\u00ad\u3164\ufe0f"),
    "a\\u{200b}\\u{200d}\\u{feff}\\u{ad}\\u{3164}\\u{fe0f}",
  );
  t.equal(printable("\u2028\u2029\u0085"), "\\u{2028}\\u{2029}\\u{85}", "odd line breaks");
  t.equal(printable("\ud800x\udc00\ufffe\uffff\u{1ffff}"), "\\u{d800}x\\u{dc00}\\u{fffe}\\u{ffff}\\u{1ffff}");
  t.end();
});

test("printable: the names of the world stay as they are", (t) => {
  for (const name of [
    "Zoë O’Neil",
    "王小明",
    "שלום",
    "محمد می‌خواهم",
    "क्‍ष",
    "👩‍🔬 🏳️‍🌈 1️⃣ ❤️",
    "葛\u{e0100}城",
    "𝒳 → “x”",
  ])
    t.equal(printable(name), name);
  t.end();
});

test("printable: a text has a limit, and says how much is missing", (t) => {
  t.equal(printable("x".repeat(50), 40), `${"x".repeat(17)} … (33 more characters)`);
  t.ok(printable("\x1b".repeat(100_000)).length <= 8_000, "escapes count");
  t.notOk(FORBIDDEN.test(printable("😀".repeat(9_000))), "no character is cut in two");
  for (const text of [HOSTILE, HOSTILE.repeat(500), "😀".repeat(9_000), "\r\n".repeat(9_000)])
    t.equal(printable(printable(text)), printable(text), "what is printable stays as it is");
  t.end();
});

test("printable: a line is one line", (t) => {
  t.equal(printableLine("a\r\nb\tc\nd"), "a⏎b c⏎d");
  t.notOk(/[\r\n]/.test(printableLine(HOSTILE)));
  t.deepEqual(
    printableIn({ text: "a\nb\x07", rest: ["a\nb", 1, undefined, null, true] }, ["text"]),
    { text: "a\nb\\u{7}", rest: ["a⏎b", 1, undefined, null, true] },
    "of data, all strings",
  );
  t.end();
});

test("printable: TAP cannot be forged", (t) => {
  const tests = [hostileTest("1.1a"), hostileTest("1.1b", { text: `   x${HOSTILE}`, seed: 1 })];
  const lines = report(suiteResult("s", tests), "tap").split("\n");
  t.deepEqual(
    lines.filter((line) => !line.startsWith("  ")).map((line) => line.replace(/ - .*/, "")),
    ["TAP version 14", "1..2", "not ok 1", "not ok 2"],
    "no point, no plan, no bail-out but the grader's",
  );
  t.equal(lines.filter((line) => line === "  ...").length, 2, "no block ends early");
  t.equal(lines.filter((line) => line === "  message: |2").length, 2, "leading spaces do not move a block");
  t.notOk(/(?<!\\)#/.test(lines[2]), "no directive in a title");
  t.notOk(FORBIDDEN.test(lines.join("\n")), "no control character");
  t.end();
});

test("printable: the pretty report cannot be forged", (t) => {
  const text = report(suiteResult("s", [hostileTest("1.1a")]), "pretty").replace(OWN_COLOURS, "");
  t.notOk(FORBIDDEN.test(text), "no control character");
  t.notOk(
    FORBIDDEN.test(prettyTest(hostileTest("1.1a")).replace(OWN_COLOURS, "")),
    "none in a test printed live",
  );
  const lines = text.split("\n");
  t.equal(lines.filter((line) => /^ {2}\S/.test(line)).length, 1, "one line with a mark for one test");
  t.equal(lines.filter((line) => /^\s*Rule\b/.test(line)).length, 1, "one rule, the story's own");
  t.ok(
    lines.every((line, i) => line === "" || line.startsWith("  ") || i >= lines.length - 2),
    "a submission's words are indented",
  );
  t.end();
});

test("printable: JSON holds only printable words", (t) => {
  const { tests } = JSON.parse(report(suiteResult("s", [hostileTest("1.1a")]), "json"));
  t.notOk(FORBIDDEN.test(Object.values(tests[0].failure.story).flat().map(String).join("")));
  t.notOk(FORBIDDEN.test(tests[0].failure.text));
  t.end();
});

test("printable: in the table a name is one row, and a table has its width", (t) => {
  const names = [HOSTILE, "x".repeat(300), "שלום \u202e", `ana${" ".repeat(40)}│ ben │ 100 │`, "王小明"];
  const submissions = [
    ...names.map((name) => graded(name, [hostileTest("1.1a")])),
    printableSubmission({ student: "p", lab: "1", graded: { kind: "problem", text: HOSTILE } }),
  ];
  const lines = classTable(classOf(submissions), 120).replace(OWN_COLOURS, "").split("\n");
  t.notOk(FORBIDDEN.test(lines.join("\n")), "no control character");
  t.ok(
    lines.every((line) => line.length <= 120),
    "no line is too long",
  );
  t.equal(lines.filter((line) => /^│ \S/.test(line)).length, 1 + submissions.length, "a row for each");
  t.notOk(
    lines.some((line) => line.startsWith("│ ben")),
    "nobody forges a row",
  );
  t.end();
});

test("printable: the class page escapes markup, and shows what is not seen", (t) => {
  const page = htmlReport(
    classOf([
      graded(HOSTILE, [hostileTest("1.1a")]),
      graded("x".repeat(300), []),
      graded("javascript:alert(1)", [hostileTest("1.1a")]),
      printableSubmission({ student: "p", lab: "1", graded: { kind: "grader-error", text: HOSTILE } }),
    ]),
  );
  t.notOk(/<img|<!--/.test(page), "no tag of a submission");
  t.equal(page.match(/<\/script>/g)?.length, 1, "no end of a script but the page's own");
  t.notOk(FORBIDDEN.test(page), "no control character");
  t.deepEqual(
    [...page.matchAll(/\shref="([^"]*)"/g)].map(([, href]) => href).filter((href) => !href.startsWith("#")),
    [],
    "no link leaves the page",
  );
  t.ok(page.includes("more characters)"), "a long name is cut");
  t.end();
});

test("printable: what comes in at the one gate leaves clean, names and problems too", (t) => {
  const { student, graded: outcome } = printableSubmission({
    student: HOSTILE,
    lab: "1",
    graded: { kind: "problem", text: HOSTILE },
  });
  t.notOk(FORBIDDEN.test(student) || /\n/.test(student), "the name is one line");
  t.ok(student.length <= 255, "and not a long one");
  const { graded: told } = graded("ana", [hostileTest("1.1a")]);
  const [first] = told.kind === "graded" ? told.result.tests : [];
  const words = [first.title, first.failure?.replay, first.failure?.story?.headline].join("");
  t.notOk(FORBIDDEN.test(words + first.failure?.text) || /\n/.test(words), "a test's words, too");
  t.ok(
    outcome.kind === "problem" && !FORBIDDEN.test(outcome.text) && outcome.text.includes("\n"),
    "a problem keeps its lines",
  );
  t.end();
});

function hostileTest(number: string, failure?: TestFailure): TestResult {
  const line = { time: "1 ms", event: HOSTILE, outcome: HOSTILE, isWrong: true };
  const story: Story = {
    kind: "threw",
    headline: `S1 threw Error: ${HOSTILE}`,
    lines: [line],
    standing: [HOSTILE],
    rule: "The story's own.",
    next: HOSTILE,
    seed: 7,
    servers: 3,
    traceHash: "ab12",
  };
  const replay = `npm run labgrader -- ${HOSTILE}`;
  return {
    number,
    title: `A sentence ${HOSTILE}`,
    path: ["Group"],
    visibility: "visible",
    state: "failed",
    points: 0,
    maxPoints: 2,
    seedsRun: 1,
    seedsPlanned: 1,
    events: 1,
    virtualMs: 1,
    wallMs: 1,
    failure: failure ?? { text: storyText(story, { replay }), story, seed: 7, replay },
  };
}

function graded(student: string, tests: readonly TestResult[]): SubmissionResult {
  return printableSubmission({
    student,
    lab: "1",
    graded: { kind: "graded", result: suiteResult("Lab 1", tests) },
  });
}

function classOf(submissions: readonly SubmissionResult[]): ClassResult {
  return { title: "Lab 1 · Leader election", maxPoints: 4, submissions };
}
