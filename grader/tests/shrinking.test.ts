import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "tape";
import { Failure, type Move, RUN_FILE_BYTES_MAX, readRunFile, type Story, World } from "../../labs/kit";
import { mutantsOf } from "../catalogue/catalogue";
import { LABS } from "../course/labs";
import { judge } from "../judge/judging";
import { codeOf, RunFiles } from "../judge/run-files";
import type { TestResult } from "../labgrader/result";
import { bundle } from "../submission/bundle";
import type { Submission } from "../submission/intake";
import { load } from "../submission/load";
import { suiteOf } from "../suites";

const [lab] = LABS;
/** A server that grants a second vote to whoever asks last. */
const DOUBLE_VOTER = submissionOf("E29");
const TEST = "1.8a";

function submissionOf(id: string): Submission {
  const mutant = mutantsOf(lab).find((candidate) => candidate.id === id);
  if (mutant === undefined) throw new Error(`There is no mutant ${id}.`);
  return mutant.submission;
}

async function graded(submission: Submission, shrinks: boolean, diagrams?: string): Promise<TestResult> {
  const answer = await judge(submission, { baseSeed: 1, only: [TEST], shrinks, diagrams });
  if (answer.kind !== "graded") throw new Error(answer.text);
  return answer.result.tests[0];
}

function storyOf({ failure }: TestResult): Story {
  if (failure?.story === undefined) throw new Error("This test has no story.");
  return failure.story;
}

/** The same program, which hangs at whole milliseconds: there most events of a smaller run are, and hardly any of a test's. */
function hangingWhenShrunk(submission: Submission): Submission {
  const hang =
    "if (this.env.now() > 0 && Number.isInteger(this.env.now())) /^(a+)+$/.test('a'.repeat(50) + 'b');";
  const files = submission.files.map(({ name, text }) => ({
    name,
    text: text.replace(/^( {2}onMessage\(.*\{)$/m, `$1\n    ${hang}`),
  }));
  if (files.every(({ text }) => !text.includes(hang))) throw new Error("There is no onMessage to change.");
  return { ...submission, files };
}

test("in the judge a failure is shrunk: the verdict stays, and the story names the whole run", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "raft-shrinking-"));
  const [whole, small] = [await graded(DOUBLE_VOTER, false), await graded(DOUBLE_VOTER, true, folder)];
  const [before, after] = [storyOf(whole), storyOf(small)];
  t.deepEqual([small.state, small.points, small.seedsRun], [whole.state, whole.points, whole.seedsRun]);
  t.deepEqual(
    [after.property, after.seed, after.servers, after.traceHash],
    [before.property, before.seed, before.servers, before.traceHash],
  );
  t.ok(after.shrunk !== undefined && after.shrunk.after < after.shrunk.before, "it is smaller");
  t.match(small.failure?.text ?? "", /Shrunk {2}from/);
  const file = readRunFile(readFileSync(path.join(folder, `${TEST}.run.json`), "utf8"));
  t.deepEqual(
    [file.suite, file.lab, file.result.property, file.code, file.play.kind],
    ["graded", lab.folder, before.property, codeOf(DOUBLE_VOTER), "schedule"],
    "and it is kept in a file",
  );
  rmSync(folder, { recursive: true });
});

test("a program that hangs while it is shrunk gains and costs nothing: its failure is told as it was found", async (t) => {
  const hostile = hangingWhenShrunk(DOUBLE_VOTER);
  const startedAt = performance.now();
  const small = await graded(hostile, true);
  const seconds = (performance.now() - startedAt) / 1_000;
  t.deepEqual([small.state, small.points], ["failed", 0]);
  t.equal(storyOf(small).shrunk, undefined);
  t.equal(storyOf(small).property, storyOf(await graded(DOUBLE_VOTER, false)).property);
  t.ok(seconds < 60, `${seconds.toFixed(1)} s`);
});

test("no run file is written that could not be read again", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "raft-run-files-"));
  const files = new RunFiles(folder, DOUBLE_VOTER);
  const [anyTest] = suiteOf(lab).tests;
  const { makeHost } = load(await bundle(DOUBLE_VOTER), lab);
  const world = new World({ seed: 1, servers: 3, host: makeHost() });
  await world.runFor(10);
  const story = storyOf(await graded(DOUBLE_VOTER, false));
  const keep = (number: string, moves: readonly Move[]): void =>
    files.keep(
      { ...anyTest, number },
      { world, failure: new Failure(story), play: { kind: "schedule", isExact: false, moves } },
    );
  const proposal = (command: string): Move => ({ kind: "propose", node: "S1", command });
  keep("1.1a", [proposal("x".repeat(RUN_FILE_BYTES_MAX))]);
  keep(
    "1.1b",
    Array.from({ length: 20_001 }, () => proposal("x")),
  );
  keep("1.1c", [proposal("x")]);
  t.deepEqual(readdirSync(folder), ["1.1c.run.json"]);
  rmSync(folder, { recursive: true });
});
