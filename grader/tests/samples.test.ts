import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "tape";
import { LABS, ROOT } from "../course/labs";
import { type ClassResult, firstLookOf, pointsOf, type SubmissionResult } from "../grade/class-result";

/** How one lab of one student has to end. */
type Expectation =
  /** Graded: at least and at most so many points, and words of the first look; a rare bug needs all seeds to be seen. */
  | { readonly points: readonly [number, number]; readonly firstLook: string; readonly isRare?: true }
  /** Cannot be run: words of the reason. */
  | { readonly problem: string };

/** By student, then by lab. A lab that is not there was not handed in. */
type Expected = Readonly<Record<string, Readonly<Record<string, Expectation>>>>;

const CLI = ["-r", "ts-node/register", path.join(ROOT, "grader", "grade", "cli.ts")];
const SAMPLES = path.join(ROOT, "grader", "samples");

/** Enough for all bugs but rare ones. With all seeds, the class takes minutes. */
const FEW_SEEDS = 5;

test("the sample class is graded as expected, and nobody's mistake costs anybody else", (t) => {
  const expected = expectations();
  grade(["--seeds", String(FEW_SEEDS)], (out, table) => {
    for (const { number, folder } of LABS) {
      const { submissions } = labResult(out, number);
      t.deepEqual(
        submissions.map(({ student }) => student),
        Object.keys(expected),
        `lab ${number}: every student is there`,
      );
      for (const submission of submissions) {
        const expectation = expected[submission.student][number];
        if (!isRare(expectation)) checkOutcome(t, submission, expectation);
      }
      t.match(readFileSync(path.join(out, `lab-${number}.html`), "utf8"), /dilara/, "the report is written");
      const copies = readdirSync(path.join(out, "students", folder)).filter((name) => name !== "diagrams");
      t.equal(copies.length, 2 * submissions.length, "and the students' copies");
      const drawn = submissions
        .flatMap(({ graded }) => (graded.kind === "graded" ? graded.result.tests : []))
        .flatMap(({ failure }) => failure?.diagram ?? []);
      t.ok(drawn.length > 0, "failed runs are drawn");
      t.deepEqual(
        drawn.filter((file) => !existsSync(path.join(out, file))),
        [],
        "and the drawings are where the report says",
      );
    }
    checkSums(t, out, table, Object.keys(expected));
  });
  t.end();
});

test("a rare bug is found too: without being told, grading takes all seeds", (t) => {
  const rare = Object.entries(expectations()).flatMap(([student, labs]) =>
    Object.entries(labs).flatMap(([lab, expectation]) => (isRare(expectation) ? [{ student, lab }] : [])),
  );
  t.ok(rare.length > 0, "there is one in the class");
  for (const { student, lab } of rare)
    grade(["--lab", lab, path.join(SAMPLES, student)], (out) => {
      const [submission] = labResult(out, lab).submissions;
      checkOutcome(t, submission, expectations()[student][lab]);
    });
  t.end();
});

function expectations(): Expected {
  return JSON.parse(readFileSync(path.join(SAMPLES, "expected.json"), "utf8"));
}

function isRare(expectation: Expectation | undefined): boolean {
  return expectation !== undefined && "isRare" in expectation;
}

/** Calls `npm run grade`; then `look` gets the folder that it has written, and what it has said. */
function grade(args: readonly string[], look: (out: string, said: string) => void): void {
  const out = mkdtempSync(path.join(tmpdir(), "grade-"));
  try {
    const said = execFileSync(process.execPath, [...CLI, "--out", out, ...args], {
      cwd: ROOT,
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1" },
    });
    look(out, said);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function labResult(out: string, number: string): ClassResult {
  return JSON.parse(readFileSync(path.join(out, `lab-${number}.json`), "utf8"));
}

test("mistakes on the command line are explained, with exit code 2", (t) => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [["no/such/folder"], /There is no folder no\/such\/folder/],
    [["--lab", "99"], /There is no lab “99”. There are: 1-election/],
    [["--seeds", "many"], /Expected a whole number/],
    [["--sedes", "3"], /unknown option/],
  ];
  for (const [args, message] of cases) {
    const { status, stderr } = spawnSync(process.execPath, [...CLI, ...args], {
      cwd: ROOT,
      encoding: "utf8",
    });
    t.equal(status, 2, args.join(" "));
    t.match(stderr, message);
  }
  t.end();
});

function checkOutcome(
  t: test.Test,
  submission: SubmissionResult,
  expectation: Expectation | undefined,
): void {
  const { student, lab, graded } = submission;
  const who = `${student}, lab ${lab}`;
  const look = firstLookOf(submission);
  if (expectation === undefined) {
    t.equal(graded.kind, "not-handed-in", `${who} is not handed in`);
  } else if ("problem" in expectation) {
    t.equal(graded.kind, "problem", who);
    t.ok(look.includes(expectation.problem), `${who}: ${look}`);
  } else {
    const [low, high] = expectation.points;
    const found = pointsOf(submission) ?? Number.NaN;
    t.ok(found >= low && found <= high, `${who}: ${found} points, ${low} to ${high} expected`);
    t.ok(look.includes(expectation.firstLook), `${who}: ${look}`);
  }
}

/** The overview has everybody, with sums that are those of the labs. */
function checkSums(t: test.Test, out: string, table: string, students: readonly string[]): void {
  const data = JSON.parse(readFileSync(path.join(out, "class.json"), "utf8"));
  const page = readFileSync(path.join(out, "class.html"), "utf8");
  t.equal(data.labs.length, LABS.length, "the overview has all labs");
  for (const [row, student] of students.entries()) {
    const { labs, total } = data.students[row];
    const sum = labs.reduce((points: number, lab: { points: number }) => points + lab.points, 0);
    t.equal(total, sum, `${student} has ${sum} points in all`);
    t.match(table, new RegExp(`│ ${student} .* ${sum} │`), "the table says so");
    t.match(page, new RegExp(`<bdi>${student}</bdi>`), "and so does the page");
  }
}
