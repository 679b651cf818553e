import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import test, { type Test } from "tape";
import type { World } from "../../labs/kit";
import { type Mutant, mutantsOf, referenceOf, variantsOf } from "../catalogue/catalogue";
import { LABS, type Lab, ROOT } from "../course/labs";
import { CellProcess } from "../judge/cell-process";
import { Crossing } from "../judge/crossing";
import type { Graded } from "../judge/graded";
import { type GradeOptions, judge } from "../judge/judging";
import { Abandoned } from "../judge/remote-host";
import { replayCommand } from "../labgrader/replay-command";
import { countStates, type SuiteResult } from "../labgrader/result";
import { inThisProcess, runSuite } from "../labgrader/runner";
import type { TestCase } from "../labgrader/suite";
import { bundle, wrap } from "../submission/bundle";
import { readOwnFolder, type Submission } from "../submission/intake";
import { lineMapOf } from "../submission/line-map";
import { load } from "../submission/load";
import { SubmissionProblem } from "../submission/problem";
import { suiteOf } from "../suites";

const [LAB] = LABS;
const BASE_SEED = 20_261;
const SILENCE_MAX_MS = 5_000;
/** Enough to see every test on two of its cluster sizes. */
const FEW_SEEDS = 2;
/** Bugs of one task that are compared. */
const BUGS_OF_A_TASK = 3;

/** What a grading found, and the fingerprint of each of its runs: "1.3a 4711" -> "0f3c…". */
interface Found {
  readonly graded: Graded;
  readonly hashes: ReadonlyMap<string, string>;
}

type Effort = Pick<GradeOptions, "seeds" | "only">;

async function inTheCell(submission: Submission, effort: Effort): Promise<Found> {
  const hashes = new Map<string, string>();
  const onWorld = noteHash(hashes);
  const graded = await judge(submission, { ...effort, baseSeed: BASE_SEED, onWorld });
  return { graded, hashes };
}

async function inOneProcess(submission: Submission, { seeds, only }: Effort): Promise<Found> {
  const { lab, folder } = submission;
  const hashes = new Map<string, string>();
  try {
    const { makeHost } = load(await bundle(submission), lab);
    const result = await runSuite(suiteOf(lab), {
      ...inThisProcess(makeHost, { testMaxMs: Number.POSITIVE_INFINITY }),
      baseSeed: BASE_SEED,
      seeds,
      select: ({ number }) => only === undefined || only.includes(number),
      replay: (testCase, seed) => replayCommand(lab, folder, testCase, seed),
      onWorld: noteHash(hashes),
    });
    return { graded: { kind: "graded", result }, hashes };
  } catch (error) {
    if (!(error instanceof SubmissionProblem)) throw error;
    return { graded: { kind: "problem", text: error.message }, hashes };
  }
}

function noteHash(hashes: Map<string, string>): (testCase: TestCase, world: World) => void {
  return ({ number }, world) => void hashes.set(`${number} ${world.seed}`, world.traceHash);
}

/** All of a grading but how long it took. */
function withoutTime(graded: Graded): unknown {
  if (graded.kind !== "graded") return graded;
  const { result } = graded;
  return { ...result, tests: result.tests.map(({ wallMs, ...verdict }) => verdict) };
}

/** Where two gradings are not the same, in words; nothing if they are. */
function differences(cell: Found, process: Found): string[] {
  return [...differingHashes(cell, process), ...differingVerdicts(cell.graded, process.graded)];
}

/** Runs that the cell played, but that one process never came to, are later than a failure: nobody asks for them. */
function differingHashes(cell: Found, process: Found): string[] {
  return [...process.hashes]
    .filter(([run, hash]) => cell.hashes.get(run) !== hash)
    .map(([run, hash]) => `run ${run}: trace ${cell.hashes.get(run)} in the cell, ${hash} in one process`);
}

function differingVerdicts(cell: Graded, process: Graded): string[] {
  if (cell.kind !== "graded" || process.kind !== "graded") {
    const [a, b] = [cell, process].map((graded) => JSON.stringify(withoutTime(graded)).slice(0, 2_000));
    return a === b ? [] : [`${a} in the cell, ${b} in one process`];
  }
  return differingTests(cell.result, process.result);
}

function differingTests(cell: SuiteResult, process: SuiteResult): string[] {
  const found: string[] = [];
  if (cell.points !== process.points) found.push(`${cell.points} points, not ${process.points}`);
  for (const [i, { wallMs: _, ...expected }] of process.tests.entries()) {
    for (const [field, value] of Object.entries(expected)) {
      const [a, b] = [Reflect.get(cell.tests[i], field), value].map((part) => JSON.stringify(part));
      if (a !== b) found.push(`test ${expected.number}: ${field} is ${a} in the cell, ${b} in one process`);
    }
  }
  return found;
}

/** The correct programs and the samples of a lab, and its mutants, by name. */
function programsOf(lab: Lab): { correct: Named[]; samples: Named[]; mutants: Named[] } {
  return {
    correct: [{ name: "reference", submission: referenceOf(lab) }, ...variantsOf(lab)],
    samples: samplesOf(lab),
    mutants: mutantsOf(lab).map(({ id, submission }) => ({ name: id, submission })),
  };
}

interface Named {
  readonly name: string;
  readonly submission: Submission;
}

function samplesOf(lab: Lab): Named[] {
  const folder = path.join(ROOT, "grader", "samples");
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(folder, entry.name, lab.folder)))
    .map(({ name }) => ({ name, submission: readOwnFolder(path.join(folder, name), lab) }));
}

async function compare(t: Test, { name, submission }: Named, effort: Effort): Promise<Found> {
  const process = await inOneProcess(submission, effort);
  t.deepEqual(differences(await inTheCell(submission, effort), process), [], name);
  return process;
}

for (const lab of LABS) {
  const { correct, samples } = programsOf(lab);
  const [reference, ...variants] = correct;
  const numbers = suiteOf(lab).tests.map(({ number }) => number);

  test(`lab ${lab.number}: the reference gets the same in the cell and in one process`, async (t) => {
    const { hashes } = await compare(t, reference, { seeds: FEW_SEEDS });
    t.equal(hashes.size, numbers.length * FEW_SEEDS, "every run was compared");
  });

  test(`lab ${lab.number}: so do the variants, which share all tests out among them`, async (t) => {
    const met = new Set<string>();
    for (const [i, program] of variants.entries()) {
      const only = everyThird(numbers, i);
      const { hashes } = await compare(t, program, { seeds: 1, only });
      t.equal(hashes.size, only.length, "every run was compared");
      for (const number of only) met.add(number);
    }
    t.equal(met.size, numbers.length, "every test has met a variant");
  });

  test(`lab ${lab.number}: so do the sample submissions, whatever is wrong with them`, async (t) => {
    for (const program of samples) await compare(t, program, { seeds: 1 });
    t.ok(samples.length >= 3, `${samples.length} samples`);
  });

  test(`lab ${lab.number}: so do bugs of every task, in the test that is meant to catch them`, async (t) => {
    for (const { id, caughtBy, submission } of bugsOfEveryTask(lab)) {
      const found = await compare(t, { name: id, submission }, { only: [caughtBy] });
      t.equal(passedTests(found), 0, "it is caught, and the story is the same");
    }
  });
}

/** With EVERYTHING=1 every variant meets every test, and every bug of the catalogue is compared: that takes twice as long. */
function everyThird<T>(items: readonly T[], first: number): readonly T[] {
  return process.env.EVERYTHING === "1" ? items : items.filter((_, i) => i % 3 === first % 3);
}

/** A few mutants for each task, each for another test: the programs differ little, what the tests see does. */
function bugsOfEveryTask(lab: Lab): readonly Mutant[] {
  const all = mutantsOf(lab);
  if (process.env.EVERYTHING === "1") return all;
  const firsts = all.filter(({ caughtBy }, i) => all.findIndex((one) => one.caughtBy === caughtBy) === i);
  const taskOf = ({ caughtBy }: Mutant): string => caughtBy.replace(/[a-z]+$/, "");
  return firsts.filter(
    (mutant) => firsts.filter((one) => taskOf(one) === taskOf(mutant)).indexOf(mutant) < BUGS_OF_A_TASK,
  );
}

function passedTests({ graded }: Found): number | undefined {
  return graded.kind === "graded" ? countStates(graded.result.tests).passed : undefined;
}

const { correct, mutants } = programsOf(LAB);

test("so do some with all their seeds, on the tests that find out most", async (t) => {
  const only = suiteOf(LAB)
    .tests.filter(({ number }) => /^1\.[1-7]/.test(number))
    .map(({ number }) => number);
  for (const program of [correct[0], mutants[0]]) await compare(t, program, { only });
});

test("how many runs are side by side in a cell does not matter", async (t) => {
  const [{ submission }] = mutants;
  const only = ["1.3", "1.6", "1.8"];
  const alone = await sideBySide(submission, only, 1);
  t.ok(
    alone.result.points > 0 && alone.result.points < alone.result.maxPoints,
    "something passes, something fails",
  );
  for (const runs of [4, 24]) {
    const { result, hashes } = await sideBySide(submission, only, runs);
    t.deepEqual(result, alone.result, `${runs} runs`);
    for (const [run, hash] of alone.hashes) t.equal(hashes.get(run), hash, `${runs} runs, ${run}`);
  }
});

/** So many runs at once in one cell, of the tests whose tasks are named. */
async function sideBySide(submission: Submission, tasks: readonly string[], runs: number) {
  const { lab } = submission;
  const { code, name, sourceMap } = await bundle(submission);
  const order = { code: wrap(code), name, lines: lineMapOf(sourceMap), entry: lab.entry };
  const cell = await CellProcess.load(order);
  if (typeof cell === "string") throw new Error(cell);
  const crossing = new Crossing(cell, SILENCE_MAX_MS, false);
  const hashes = new Map<string, string>();
  try {
    const result = await runSuite(suiteOf(lab), {
      baseSeed: BASE_SEED,
      seeds: 8,
      select: ({ number }) => tasks.some((task) => number.startsWith(task)),
      attempt: (_, at) => at({ makeHost: () => crossing.makeHost(), driver: crossing.drive }),
      breadth: () => ({ runs, tests: Number.POSITIVE_INFINITY }),
      isInterruption: (error) => error instanceof Abandoned,
      onWorld: noteHash(hashes),
    });
    return { result, hashes };
  } finally {
    crossing.close();
  }
}

test("two gradings of one submission are the same, but for the time they took", async (t) => {
  const [{ submission }] = mutants;
  const effort = { seeds: FEW_SEEDS };
  const first = await inTheCell(submission, effort);
  const second = await inTheCell(submission, effort);
  t.equal(JSON.stringify(withoutTime(second.graded)), JSON.stringify(withoutTime(first.graded)));
  t.ok(JSON.stringify(first.graded).includes('"wallMs"'), "their time stands in them too");
});
