import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "tape";
import { LABS, ROOT } from "../course/labs";
import { failureWords } from "../grade/failure-words";
import { gradeAll } from "../grade/grade-all";
import type { Job } from "../judge/jobs";
import { classDeterminismWords, determinismWords } from "../labgrader/reporters/determinism-words";
import { suiteResult, type TestFailure, type TestResult } from "../labgrader/result";
import { EXIT } from "../tools/command-line";

const [LAB] = LABS;

/** A test that was decided after some runs. */
function decided(number: string, seedsRun: number, failure?: TestFailure): TestResult {
  return {
    number,
    title: "Made up",
    path: [],
    visibility: "hidden",
    state: failure === undefined ? "passed" : "failed",
    points: failure === undefined ? 1 : 0,
    maxPoints: 1,
    seedsRun,
    seedsPlanned: 5,
    events: 0,
    virtualMs: 0,
    wallMs: 0,
    failure,
  };
}

const DIFFERS = { text: "Seed 17 gave two different runs, one after the other.", seed: 17 };
const HANGS = { text: "S1.onMessage(…) does not return.", seed: 17 };

test("npm run grade -- --check-determinism has every judge make each run twice", async (t) => {
  for (const checksDeterminism of [true, false]) {
    const jobs: Job[] = [];
    const places = ["ana", "ben"];
    await gradeAll(
      { labs: [LAB], places, items: places.map((place) => ({ place, lab: LAB })) },
      { baseSeed: 1, jobs: 1, checksDeterminism },
      () => {},
      {
        judge: async (job) => {
          jobs.push(job);
          return { graded: { kind: "graded", result: suiteResult("s", []) }, reduced: undefined };
        },
        close: () => {},
      },
    );
    t.deepEqual(
      jobs.map(({ place, options }) => [place, options.checksDeterminism]),
      places.map((place) => [place, checksDeterminism]),
    );
  }
});

test("whose runs differ is said once for all labs; if nobody's do, how many were compared", (t) => {
  const words = classDeterminismWords([
    { student: "ana", tests: [decided("1.1a", 5), decided("1.2a", 3, DIFFERS)] },
    { student: "ben", tests: [decided("1.1a", 5)] },
    { student: "ana", tests: [decided("2.1a", 1, DIFFERS)] },
  ]);
  t.equal(words, "Determinism: two different runs on one seed from ana (1.2a, 2.1a).");
  const same = classDeterminismWords([
    { student: "ana", tests: [decided("1.1a", 5), decided("1.2a", 3, HANGS)] },
  ]);
  t.match(
    same,
    /^Determinism: 7 runs were made twice, and each was the same/,
    "one that hung was not compared",
  );
  t.match(determinismWords([decided("1.1a", 1)]), /^Determinism: 1 run was made twice, and it was the same/);
  t.equal(failureWords(DIFFERS), "the same seed gave two different runs", "a hidden test says no more");
  t.end();
});

test("a class is graded with each run made twice", (t) => {
  const out = mkdtempSync(path.join(tmpdir(), "grade-"));
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      ...["-r", "ts-node/register", path.join(ROOT, "grader", "grade", "cli.ts")],
      ...["--lab", "1", "--seeds", "1", "--out", out, "--check-determinism", path.join(ROOT, "solutions")],
    ],
    { cwd: ROOT, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
  );
  rmSync(out, { recursive: true });
  t.equal(status, EXIT.passed);
  t.match(stdout, /│ 100 +│/, "for all points");
  t.match(stdout, /^Determinism: \d+ runs were made twice, and each was the same, event for event\.$/m);
  t.end();
});
