import { randomUUID } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "tape";
import { ATTACKS, GROUPS } from "../attacks/catalogue";
import { withTables } from "../attacks/page";
import { ProcessWatch } from "../attacks/process-watch";
import { tryAttacks } from "../attacks/trial";
import { fitsWords, rowOf } from "../attacks/trial-words";
import { LABS, ROOT } from "../course/labs";
import type { ClassResult } from "../grade/class-result";
import { classTable } from "../grade/class-table";
import { htmlReport } from "../grade/html-report";
import { studentCopy } from "../grade/student-copy";
import { writeStudentFiles } from "../grade/student-files";
import { SUITE_POINTS, suiteOf } from "../suites";

const PAGE = path.join(ROOT, "docs", "what-the-grader-withstands.md");
const OPTIONS = { baseSeed: 3_141_592_653, seeds: 2, jobs: 2 };
/** Time for processes to end after the last submission was graded. */
const END_MAX_MS = 30_000;
/** What no report may hold; colours of the grader's own are taken out before. */
const FORBIDDEN =
  /[^\P{Cc}\n]|\p{Cs}|\p{Zl}|\p{Zp}|\p{Noncharacter_Code_Point}|[\u202a-\u202e\u2066-\u2069]/u;
const OWN_COLOURS = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g");

test("the catalogue has all lines, in order, and at least one attack in each", (t) => {
  const lines = GROUPS.flatMap(({ lines }) => lines);
  t.deepEqual(
    lines.map(({ number }) => number),
    Array.from({ length: 36 }, (_, i) => i + 1),
  );
  for (const { number, title, attacks } of lines) {
    const wanted = new RegExp(`^${String(number).padStart(2, "0")}[a-z]$`);
    t.ok(attacks.length > 0 && attacks.every(({ id }) => wanted.test(id)), `${number} ${title}`);
  }
  const ids = ATTACKS.map(({ id }) => id);
  t.deepEqual(ids, [...new Set(ids)].sort(), "each has a name of its own");
  t.end();
});

test("the instructors' page is in step with the catalogue", (t) => {
  const page = readFileSync(PAGE, "utf8");
  t.ok(page === withTables(page, GROUPS), "if not: npx ts-node grader/attacks/write-docs.ts");
  t.end();
});

test("no attack gains, reads, writes, stays, or stops the grading of others", async (t) => {
  const base = mkdtempSync(path.join(tmpdir(), "raft-attacks-"));
  const secret = randomUUID();
  const usual = { TMPDIR: process.env.TMPDIR };
  try {
    const places = { secretFile: path.join(base, "secret.txt"), markerFile: path.join(base, "marker") };
    const folder = path.join(base, "class");
    mkdirSync(folder);
    mkdirSync(path.join(base, "tmp"));
    chmodSync(base, 0o711); // cells may belong to another user
    writeFileSync(places.secretFile, secret);
    process.env.RAFT_ATTACK_CANARY = secret;
    process.env.TMPDIR = path.join(base, "tmp");
    const attacks = ATTACKS.filter(({ open }) => open === undefined);
    const watch = new ProcessWatch();
    const startedAt = performance.now();

    const { trials, honest, reducedIsolation } = await tryAttacks(attacks, folder, places, OPTIONS);

    const seconds = (performance.now() - startedAt) / 1_000;
    const left = await watch.end(END_MAX_MS);
    for (const trial of trials) {
      const misfit = fitsWords(trial);
      t.ok(misfit === undefined, `${trial.attack.id} ${misfit ?? trial.verdict}`);
    }
    t.deepEqual(
      [...new Set(honest)],
      [SUITE_POINTS],
      `all ${honest.length} honest submissions in between have all points`,
    );
    t.deepEqual(left, [], `none of ${watch.count} processes is left`);
    t.notOk(existsSync(places.markerFile), "no file was written");
    t.deepEqual(readdirSync(base).sort(), ["class", "secret.txt", "tmp"], "nowhere");
    const submissions = trials.map(({ result }) => result);
    t.notOk(
      JSON.stringify(submissions).includes(secret),
      "no result has a word of the secret file, or of the environment",
    );
    checkCopies(t, submissions);
    checkReports(t, { title: "Lab 1", maxPoints: SUITE_POINTS, submissions, reducedIsolation }, base);
    for (const trial of trials) t.comment(rowOf(trial));
    for (const { id, does, open } of ATTACKS)
      if (open !== undefined) t.comment(`${id}  OPEN  ${does}: ${open}`);
    t.comment(
      `${trials.length} attacks and ${honest.length} honest submissions in ${seconds.toFixed(0)} s${reducedIsolation === undefined ? "" : `; isolation is reduced: ${reducedIsolation}`}`,
    );
  } finally {
    delete process.env.RAFT_ATTACK_CANARY;
    if (usual.TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usual.TMPDIR;
    rmSync(base, { recursive: true, force: true });
  }
});

/** What students get to see tells nothing about hidden tests and seeds. */
function checkCopies(t: test.Test, submissions: ClassResult["submissions"]): void {
  const hidden = suiteOf(LABS[0]).tests.filter(({ visibility }) => visibility !== "visible");
  const copies = submissions.map(studentCopy);
  const data = JSON.stringify(copies);
  t.deepEqual(
    hidden.filter(({ title }) => data.includes(title)).map(({ number }) => number),
    [],
    "no copy has a hidden test's sentence",
  );
  t.notOk(data.includes(String(OPTIONS.baseSeed)), "nor the base seed");
  const withheld = copies.flatMap(({ graded }) =>
    graded.kind === "graded" ? graded.result.tests.filter(({ isWithheld }) => isWithheld) : [],
  );
  t.ok(
    withheld.length > 0 && !/SEEN|\\u\{|script/.test(JSON.stringify(withheld)),
    "nor what a program saw in one",
  );
}

/** What an attack wrote means nothing to a terminal or a browser. */
function checkReports(t: test.Test, result: ClassResult, base: string): void {
  const table = classTable(result).replace(OWN_COLOURS, "");
  t.notOk(FORBIDDEN.test(table), "the table has no signs that are not seen");
  t.notOk(/^(::|ok |not ok |Bail out)/m.test(table), "and no line that means something to a machine");
  const students = path.join(base, "students");
  writeStudentFiles(students, result);
  const pages = readdirSync(students)
    .filter((name) => name.endsWith(".html"))
    .map((name) => readFileSync(path.join(students, name), "utf8"));
  t.equal(pages.length, result.submissions.length, "each student has a page");
  for (const page of [htmlReport(result), ...pages]) {
    if (!FORBIDDEN.test(page) && !/<img|<script(?! nonce| type|>)|href="(?!#)/i.test(page)) continue;
    t.fail(`a page has markup or signs of a submission: ${page.slice(0, 300)}`);
  }
}
