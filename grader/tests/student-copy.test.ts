import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "tape";
import type { FailureKind, Story } from "../../labs/kit";
import { ROOT } from "../course/labs";
import type { SubmissionResult } from "../grade/class-result";
import { failureWords, PROPERTIES } from "../grade/failure-words";
import { fileNames } from "../grade/file-names";
import { studentCopy } from "../grade/student-copy";
import { writeStudentFiles } from "../grade/student-files";
import { studentReport } from "../grade/student-report";
import { suiteResult, type TestFailure, type TestResult, type TestState } from "../labgrader/result";
import type { Visibility } from "../labgrader/suite";

const OCCASION = { title: "Lab 1 · Leader election", maxPoints: 4 };

/** What a hostile program saw in a hidden test, in words and in numbers. */
const SEEN = "five-servers-and-a-split";
const SEEN_NUMBER = 90210;

test("student copy: of a hidden test nothing gets out but its result", (t) => {
  const states: readonly TestState[] = ["passed", "failed", "not-written", "not-run", "error"];
  const kinds: readonly FailureKind[] = [
    "not-written",
    "violation",
    "expectation",
    "contract",
    "threw",
    "budget",
  ];
  for (const visibility of ["hidden", "after_due_date", "after_published"] as const) {
    const told = kinds.map((kind, i) => result(`1.2${i}`, "failed", visibility, { ...tale(kind) }));
    const stopped = [
      `${SEEN} does not return.`,
      `The program ended in the middle: ${SEEN}`,
      `Not run: ${SEEN}`,
      SEEN,
    ];
    const untold = stopped.map((text, i) =>
      result(`1.3${i}`, "failed", visibility, { text, seed: SEEN_NUMBER }),
    );
    const others = states.map((state, i) => result(`1.1${i}`, state, visibility, tale("threw")));
    const { page, data } = copyOf([...others, ...told, ...untold]);
    for (const [what, text] of Object.entries({ page, data })) {
      t.notOk(text.includes(SEEN), `${visibility}: no word of the program in the ${what}`);
      t.notOk(text.includes(String(SEEN_NUMBER)), `no seed and no number that it can choose in the ${what}`);
      t.notOk(
        /labgrader|Replay|Sentence/.test(text),
        `no command and no sentence of the test in the ${what}`,
      );
    }
    t.ok(page.includes("Hidden tests show only their result."), "the page says so");
    t.ok(page.includes("failed: the program threw an error"), "a kind of failure may be told");
    t.ok(page.includes("failed: a handler did not return"));
  }
  t.end();
});

test("student copy: a visibility that nobody knows is hidden", (t) => {
  for (const visibility of ["Visible", "constructor", "toString", ""])
    t.notOk(copyOf([result("1.1a", "failed", visibility as Visibility, tale("threw"))]).data.includes(SEEN));
  t.end();
});

test("student copy: a visible test is told in full, without the instructor's folder", (t) => {
  const { page, data } = copyOf([
    result("1.1a", "failed", "visible", tale("violation")),
    result("1.1b", "failed", "hidden", tale("violation")),
  ]);
  t.ok(page.includes("Sentence 1.1a") && page.includes("S1 → S2"), "its sentence and its story");
  t.ok(page.includes(`<dt>Seed</dt><dd>${SEEN_NUMBER}, 3 servers`), "its seed");
  t.ok(page.includes("Told in full: 1 of 2 tests."), "how much is told");
  t.notOk(/labgrader|secret-folder|Replay/.test(page + data), "no command with a path");
  t.notOk(page.includes("Sentence 1.1b"), "the other one is hidden");
  t.end();
});

test("student copy: a visible test does not tell of hidden ones", (t) => {
  const { page, data } = copyOf([
    result("1.1a", "not-written", "hidden", { text: `Task ${SEEN} is not written yet.` }),
    result("1.2a", "not-run", "visible", { text: `Builds on 1.1a: Task ${SEEN} is not written yet.` }),
    result("1.2b", "not-run", "visible", { text: SEEN }),
    result("1.3a", "failed", "visible", {
      text: `The program ended in the middle of the test: exit code 1.\n${SEEN}`,
    }),
    result("1.4a", "error", "visible", { text: `The grader itself failed.\nat ${SEEN}`, seed: SEEN_NUMBER }),
  ]);
  t.notOk((page + data).includes(SEEN));
  t.ok(page.includes("Builds on 1.1a, whose task is not written yet."), "why it was not run");
  t.ok(page.includes("exit code 1."), "how it ended");
  t.ok(page.includes("Not graded: the grader failed."), "the grader's fault is no zero");
  t.end();
});

test("student copy: a submission without tests has a page, too", (t) => {
  const problem = studentCopy({
    student: "ana",
    lab: "1",
    graded: { kind: "problem", text: "raft.ts:3: Expected )" },
  });
  t.ok(studentReport(problem, OCCASION).includes("raft.ts:3: Expected )"), "why it cannot be run");
  const broken = studentCopy({
    student: "ana",
    lab: "1",
    graded: { kind: "grader-error", text: `at ${SEEN}` },
  });
  t.notOk(studentReport(broken, OCCASION).includes(SEEN), "the grader's stack trace stays inside");
  t.ok(studentReport(broken, OCCASION).includes("not a zero"));
  const { page } = copyOf([
    result("1.1a", "passed", "hidden"),
    result("1.1b", "failed", "hidden", tale("threw")),
  ]);
  t.ok(page.includes("All tests of this lab are hidden. Hidden tests show only their result."));
  t.ok(page.includes("<b>2</b> of 4 points"));
  t.notOk(
    copyOf([result("1.1a", "passed", "visible")]).page.includes("Hidden tests"),
    "nothing hidden, no note",
  );
  t.end();
});

test("student copy: a page runs no script and follows no link away", (t) => {
  const hostile = `</style><script>alert(1)</script><a href="javascript:alert(1)">`;
  const { page } = copyOf([result("1.1a", "failed", "visible", { text: hostile })], hostile);
  t.notOk(/<script|href="(?!#)/.test(page));
  t.ok(
    /default-src &#39;none&#39;/.test(page) && !/script-src/.test(page),
    "the policy allows no script at all",
  );
  const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
  for (const [, target] of page.matchAll(/\shref="#([^"]*)"/g))
    t.ok(ids.includes(decodeURIComponent(target)), target);
  t.end();
});

test("student copy: how a hidden test failed is said in words from a list", (t) => {
  const told = (kind: string, headline: string) =>
    failureWords({
      text: SEEN,
      story: { ...tale("threw").story, kind: kind as FailureKind, headline } as Story,
    });
  t.equal(
    told("violation", `Election Safety (Raft Figure 3): ${SEEN}`),
    "this property was broken: Election Safety",
  );
  t.equal(told("violation", `${SEEN}: x`), "a property of Raft was broken");
  t.equal(told("threw", `Election Safety ${SEEN}`), "the program threw an error");
  t.equal(told("contract", SEEN), "the contract between server and world was broken");
  const endless = "S1.onMessage (raft.ts:145): expected a handler that comes to its end; found no end.";
  t.equal(told("contract", endless), "a handler did not return");
  t.equal(told("constructor", SEEN), "failed", "a kind that there is not");
  const kit = path.join(ROOT, "labs/kit");
  const sources = readdirSync(kit, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.startsWith("tests"),
  );
  // A name stands behind “property:”, at times one of two, or in a constant.
  const literal = /\b(?:property:|PROPERTY =)\s*(?:\w+\s*\?\s*)?"([^"]+)"(?:\s*:\s*"([^"]+)")?/g;
  const named = sources.flatMap((file) =>
    [...readFileSync(path.join(kit, file), "utf8").matchAll(literal)]
      .flatMap(([, one, other]) => [one, other])
      .filter((name) => name !== undefined),
  );
  t.deepEqual([...PROPERTIES].sort(), [...new Set(named)].sort(), "the list has all properties of the kit");
  t.end();
});

test("student copy: reasons are those of the tests that are shown, and say nothing of hidden ones", (t) => {
  const out = mkdtempSync(path.join(tmpdir(), "reasons-"));
  try {
    const tests = [
      result("1.1a", "failed", "hidden", tale("threw")),
      result("1.1b", "failed", "visible", tale("threw")),
      result("1.1c", "failed", "hidden", tale("threw")),
      result("1.1d", "failed", "visible", tale("threw")),
    ];
    writeStudentFiles(out, { ...OCCASION, submissions: [graded(tests, "ana")] });
    const page = readFileSync(path.join(out, "ana.html"), "utf8");
    const [{ reasons }] = JSON.parse(readFileSync(path.join(out, "ana.json"), "utf8")).submissions;

    t.equal(reasons.length, 1);
    t.deepEqual([reasons[0].first, reasons[0].tests], ["1.1b", ["1.1b", "1.1d"]]);
    t.match(page, /Same reason as <a href="#student-ana--1-1b">1\.1b<\/a>/);
    t.notOk(/same reason as 1\.1[ac]/i.test(page));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
  t.end();
});

test("student copy: file names are safe, and nobody gets another one's", (t) => {
  const names = [
    "ana",
    "../../etc/passwd",
    "..",
    "",
    "/",
    "CON",
    "a\\b:c*?",
    "Ana",
    "ana-2",
    "ana",
    ".bashrc",
  ];
  const long = [
    "x".repeat(300),
    `${"x".repeat(300)}y`,
    "王".repeat(200),
    "\u0301".repeat(9),
    "a\u0000b",
    "x.",
    "-rf",
  ];
  const files = fileNames([...names, ...long]);
  t.deepEqual(files.slice(0, 2), ["ana", "etc-passwd"]);
  t.equal(files[8], "ana-2", "the student whose name it is gets it");
  t.equal(new Set(files.map((file) => file.toLowerCase())).size, files.length, "no two alike");
  for (const file of files) {
    t.ok(/^[\p{L}\p{N}_][\p{L}\p{N}\p{M}._-]*$/u.test(file), file);
    t.ok(Buffer.byteLength(`${file}.html`) <= 255, "short enough");
    t.equal(path.dirname(path.resolve("/students", `${file}.html`)), "/students", "in the folder");
  }
  t.notOk(files.some((file) => /^con$/i.test(file)));
  t.end();
});

test("student copy: two files for each student, and no others", (t) => {
  const out = mkdtempSync(path.join(tmpdir(), "copies-"));
  try {
    const folder = path.join(out, "students");
    const tests = [
      result("1.1a", "failed", "visible", tale("threw")),
      result("1.1b", "failed", "hidden", tale("threw")),
    ];
    const students = ["ana", "../ben", "<img src=x onerror=alert(1)>"];
    writeStudentFiles(folder, {
      ...OCCASION,
      submissions: students.map((student) => graded(tests, student)),
    });
    t.deepEqual(readdirSync(out), ["students"]);
    const wanted = ["ana", "ben", "img-src-x-onerror-alert-1"].flatMap((name) => [
      `${name}.html`,
      `${name}.json`,
    ]);
    t.deepEqual(readdirSync(folder).sort(), wanted);
    const { submissions } = JSON.parse(readFileSync(path.join(folder, "ana.json"), "utf8"));
    t.equal(submissions.length, 1, "the data of one student");
    t.deepEqual(
      submissions[0].graded.result.tests[1],
      {
        number: "1.1b",
        title: "Hidden test",
        path: ["Group"],
        visibility: "hidden",
        state: "failed",
        points: 0,
        maxPoints: 2,
        failure: { text: "the program threw an error" },
        isWithheld: true,
      },
      "of a hidden test exactly this",
    );
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
  t.end();
});

function copyOf(tests: readonly TestResult[], student = "ana"): { page: string; data: string } {
  const copy = studentCopy(graded(tests, student));
  return { page: studentReport(copy, OCCASION), data: JSON.stringify(copy) };
}

function graded(tests: readonly TestResult[], student: string): SubmissionResult {
  return { student, lab: "1", graded: { kind: "graded", result: suiteResult("Lab 1", tests) } };
}

function result(number: string, state: TestState, visibility: Visibility, failure?: TestFailure): TestResult {
  return {
    number,
    title: `Sentence ${number}`,
    path: ["Group"],
    visibility,
    state,
    points: state === "passed" ? 2 : 0,
    maxPoints: 2,
    seedsRun: SEEN_NUMBER,
    seedsPlanned: SEEN_NUMBER,
    events: SEEN_NUMBER,
    virtualMs: SEEN_NUMBER,
    wallMs: SEEN_NUMBER,
    failure,
  };
}

/** A failure in which every word that a program can choose is what it saw. */
function tale(kind: FailureKind): TestFailure {
  const line = { time: "1 ms", event: `S1 → S2  ${SEEN}`, outcome: `S2 logs “${SEEN}”`, isWrong: true };
  const words = { headline: SEEN, standing: [SEEN], rule: SEEN, next: SEEN, task: SEEN };
  const story: Story = { kind, lines: [line], seed: SEEN_NUMBER, servers: 3, traceHash: SEEN, ...words };
  return { text: SEEN, story, seed: SEEN_NUMBER, replay: "npm run labgrader -- /home/prof/secret-folder" };
}
