import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "tape";
import { LABS, ROOT } from "../course/labs";
import { type ClassResult, firstLookOf, pointsOf } from "../grade/class-result";

interface Expectation {
  readonly points?: readonly [number, number];
  readonly firstLook?: string;
  readonly problem?: string;
}

const CLI = ["-r", "ts-node/register", path.join(ROOT, "grader", "grade", "cli.ts")];

test("the sample class is graded as expected, and nobody's mistake costs anybody else", (t) => {
  const out = mkdtempSync(path.join(tmpdir(), "grade-"));
  const expected: Readonly<Record<string, Expectation>> = JSON.parse(
    readFileSync(path.join(ROOT, "grader/samples/expected.json"), "utf8"),
  );
  try {
    const table = execFileSync(process.execPath, [...CLI, "--out", out], {
      cwd: ROOT,
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1" },
    });
    const result: ClassResult = JSON.parse(
      readFileSync(path.join(out, `lab-${LABS[0].number}.json`), "utf8"),
    );
    t.deepEqual(
      result.submissions.map(({ student }) => student),
      Object.keys(expected),
      "every student is there",
    );
    for (const submission of result.submissions) {
      const { student, graded } = submission;
      const { points, firstLook, problem } = expected[student];
      t.match(table, new RegExp(`│ ${student} `), `${student} stands in the table`);
      if (problem !== undefined) {
        t.equal(graded.kind, "problem", student);
        t.ok(firstLookOf(submission).includes(problem), `${student}: ${firstLookOf(submission)}`);
        continue;
      }
      const [low, high] = points ?? [0, 0];
      const found = pointsOf(submission) ?? Number.NaN;
      t.ok(found >= low && found <= high, `${student}: ${found} points, ${low} to ${high} expected`);
      t.ok(firstLookOf(submission).includes(firstLook ?? ""), `${student}: ${firstLookOf(submission)}`);
    }
    t.match(
      readFileSync(path.join(out, `lab-${LABS[0].number}.html`), "utf8"),
      /dilara/,
      "the report is written",
    );
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
  t.end();
});

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
