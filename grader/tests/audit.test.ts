import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "tape";
import { type Audit, type AuditOptions, audit, type MutantAudit } from "../audit/audit";
import { limitsOf } from "../audit/coverage";
import { examine } from "../audit/examine";
import { auditPage } from "../audit/html/audit-page";
import { chosenFrom, refuseUnknownTests, type Subject, subjectsOfLabs } from "../audit/subject";
import { worthOf } from "../audit/test-worth";
import { exitCodeOf, isWeak, judgementOf, tallyOf } from "../audit/verdict";
import { summaryWords } from "../audit/words";
import { WorkerPool } from "../audit/worker-pool";
import { type Mutant, mutantsOf, referenceOf } from "../catalogue/catalogue";
import { LABS, ROOT } from "../course/labs";
import type { Submission } from "../submission/intake";
import { EXIT } from "../tools/command-line";

const [LAB] = LABS;
const REFERENCE = referenceOf(LAB);
const OPTIONS: AuditOptions = { baseSeed: 7, rounds: 1, seeds: 2, isQuick: true, jobs: 1 };

/** A mutant of the catalogue, perhaps with another test that is meant to catch it. */
function mutant(id: string, caughtBy?: string): Subject {
  const found = mutantsOf(LAB).find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`There is no mutant ${id}.`);
  return { kind: "mutant", mutant: { ...found, caughtBy: caughtBy ?? found.caughtBy } };
}

function madeUpMutant(id: string, submission: Submission): Subject {
  const made: Mutant = { id, bug: "<b>Made up</b>", rule: "None.", caughtBy: "1.1a", submission };
  return { kind: "mutant", mutant: made };
}

function variant(name: string, submission: Submission): Subject {
  return { kind: "variant", variant: { name, submission } };
}

/** The reference with a line more in start(). */
function startingWith(line: string): Submission {
  const files = REFERENCE.files.map(({ name, text }) => ({
    name,
    text: text.replace("  start(): void {\n", `  start(): void {\n    ${line}\n`),
  }));
  if (files[0].text === REFERENCE.files[0].text) throw new Error("The reference has no such start().");
  return { ...REFERENCE, files };
}

const programOf = (subject: Subject): Submission =>
  (subject.kind === "mutant" ? subject.mutant : subject.variant).submission;

function auditOf(subjects: readonly Subject[], options: Partial<AuditOptions> = {}): Promise<Audit> {
  return audit(subjects, { ...OPTIONS, ...options }, examine);
}

const names = (subjects: readonly { readonly name: string }[]): string[] => subjects.map(({ name }) => name);

/** An audit as if the lab had no more mutants, and its tests no more runs. */
function asWhole({ labs, ...rest }: Audit): Audit {
  const whole = labs.map((lab) => ({
    ...lab,
    mutantsInAll: lab.mutants.length,
    tests: lab.tests.map((test) => ({ ...test, seedsInSuite: test.seeds })),
  }));
  return { ...rest, labs: whole };
}

/** Everything but the time that it took. */
function outcomes({ labs }: Audit): unknown {
  return labs.flatMap(({ mutants, variants }) =>
    [...mutants, ...variants].map(({ name, rounds }) => ({
      name,
      rounds: rounds.map(({ baseSeed, tests }) => ({
        baseSeed,
        tests: tests.map(({ number, state, seedsRun, seed }) => [number, state, seedsRun, seed]),
      })),
    })),
  );
}

test("a mutant that its test catches, and a correct program that passes, make an audit pass", async (t) => {
  const result = await auditOf([mutant("E02"), variant("reference", REFERENCE)], { rounds: 2 });

  t.equal(exitCodeOf(result), EXIT.passed);
  const [lab] = result.labs;
  const [{ tests }] = lab.mutants[0].rounds;
  t.deepEqual(
    tests.map(({ number, state }) => [number, state]),
    [["1.6c", "failed"]],
    "in a quick audit the intended test comes first, and is enough",
  );
  t.equal(lab.variants[0].rounds[0].tests.length, lab.tests.length, "a correct program runs the whole suite");
  t.match(summaryWords(result), /Mutants: {2}1 of 1 caught in each of 2 rounds, 1 by the intended test/);
  t.match(summaryWords(result), /Variants: 1 of 1 passed/);
});

test("a mutant that survives fails the audit, and is named", async (t) => {
  const result = await auditOf([mutant("E02"), madeUpMutant("X1", REFERENCE)]);

  t.equal(exitCodeOf(result), EXIT.failed);
  t.deepEqual(names(judgementOf(result).survivors), ["X1"]);
  t.match(summaryWords(result), /SURVIVED: X1 \(lab 1\)/);
  t.match(summaryWords(result), /1 of 2 caught, 1 by the intended test/);
});

test("a correct program that is failed fails the audit, with the test and its story", async (t) => {
  const result = await auditOf([variant("wrong", programOf(mutant("E02")))], { seeds: 5 });

  t.equal(exitCodeOf(result), EXIT.failed);
  t.deepEqual(names(judgementOf(result).unfair), ["wrong"]);
  t.match(summaryWords(result), /FALSE ALARM: wrong \(lab 1\)/);
  t.ok(/1\.6c failed on seed \d+: /.test(auditPage(result)), "the page tells it");
});

test("a mutant that only another test catches is told of, and fails nothing", async (t) => {
  const result = await auditOf([mutant("E02", "1.1a")]);

  t.equal(exitCodeOf(result), EXIT.passed);
  t.deepEqual(names(judgementOf(result).elsewhere), ["E02"]);
  const { others, caught, elsewhere } = tallyOf(result.labs[0].mutants[0]);
  t.deepEqual([caught, elsewhere, others], [0, 1, ["1.6c"]]);
  t.match(summaryWords(result), /Caught, but not by the intended test: E02 \(lab 1\)/);
});

test("the whole matrix runs every test, and knows what only one test catches", async (t) => {
  const result = await auditOf([mutant("E02", "1.1a"), mutant("E17")], { isQuick: false });

  const [lab] = result.labs;
  t.equal(lab.mutants[0].rounds[0].tests.length, lab.tests.length);
  t.equal(tallyOf(lab.mutants[0]).caught, 0);
  const worth = worthOf(lab);
  const only = worth.find(({ only }) => only.includes("E17"));
  t.equal(only?.test.number, lab.mutants[1].intended, "E17 is caught by its own test alone");
  t.ok(
    worth.every(({ costMs }) => costMs !== undefined),
    "what passing costs is known",
  );
});

test("a base seed gives the same audit again, and its rounds one by one", async (t) => {
  const subjects = [mutant("E02"), madeUpMutant("X1", REFERENCE)];
  const first = await auditOf(subjects, { rounds: 2 });

  t.deepEqual(outcomes(await auditOf(subjects, { rounds: 2 })), outcomes(first));
  t.notEqual(first.baseSeeds[0], first.baseSeeds[1]);
  const again = await auditOf(subjects, { baseSeed: first.baseSeeds[1] });
  const seedsOf = ({ labs }: Audit, round: number): unknown =>
    labs[0].mutants.map(({ rounds }) => rounds[round].tests.map(({ seed }) => seed));
  t.deepEqual(seedsOf(again, 0), seedsOf(first, 1), "the second round, as a first one");
});

test("a program that never ends is caught like any other; one that cannot be loaded is no result", async (t) => {
  const endless = madeUpMutant("endless", startingWith("for (;;) {}"));
  t.equal(exitCodeOf(await auditOf([endless])), EXIT.passed);

  const unreadable = { ...REFERENCE, files: [{ name: "raft.ts", text: "class {" }] };
  const workers = new WorkerPool();
  const result = await audit([madeUpMutant("broken", unreadable)], OPTIONS, (task) => workers.examine(task));
  workers.close();
  t.equal(exitCodeOf(result), EXIT.grader, "neither caught nor survived");
  t.deepEqual(names(judgementOf(result).lost), ["broken"]);
  t.match(summaryWords(result), /NO RESULT: broken/);
  t.match(summaryWords(result), /Mutants: {2}0 of 1 caught/);
});

test("the chance of a miss is estimated from all runs of all rounds", (t) => {
  const caughtIn = (...seeds: readonly number[]): MutantAudit => ({
    kind: "mutant",
    lab: "1",
    name: "X",
    bug: "",
    rule: "",
    intended: "1.1a",
    rounds: seeds.map((seedsRun, baseSeed) => ({
      baseSeed,
      cpuMs: 0,
      tests: [
        {
          number: "1.1a",
          state: seedsRun > 10 ? "passed" : "failed",
          seedsRun: Math.min(10, seedsRun),
          seedsPlanned: 10,
          cpuMs: 1,
        },
      ],
    })),
  });

  const sure = tallyOf(caughtIn(1, 1, 1));
  t.deepEqual([sure.missChance, isWeak(sure, 3)], [0, false]);
  const lucky = tallyOf(caughtIn(2, 1, 3));
  t.equal(lucky.missChance.toFixed(6), (0.5 ** 10).toFixed(6));
  t.deepEqual([lucky.medianSeeds, lucky.worstSeeds, isWeak(lucky, 3)], [2, 3, true]);
  const missed = tallyOf(caughtIn(1, 11, 1));
  t.deepEqual([missed.caught, missed.survived, isWeak(missed, 3)], [2, 1, true]);
  t.end();
});

test("the page is escaped, and a test that catches nothing is listed", async (t) => {
  const result = asWhole(
    await auditOf([mutant("E02"), madeUpMutant("X1", REFERENCE)], { isQuick: false, seeds: 1 }),
  );
  const page = auditPage(result);

  t.ok(page.includes("&lt;b&gt;Made up&lt;/b&gt;") && !page.includes("<b>Made up"), "words are only words");
  t.ok(
    /default-src &#39;none&#39;; style-src &#39;sha256-\S+; script-src &#39;sha256-/.test(page),
    "nothing else runs",
  );
  t.ok(/\d+ of \d+ tests catch nothing:/.test(page));
  t.ok(page.indexOf('id="mutant-1-X1"') < page.indexOf('id="mutant-1-E02"'), "the survivor comes first");
  t.ok(page.includes('class="meant missed" title="the intended test: not caught in 1 run"'));
});

test("only a whole audit says that a test catches nothing; a part says what it was", async (t) => {
  const part = await auditOf([mutant("E02")], { isQuick: false, seeds: 1 });
  const whole = asWhole(part);
  const limits = (result: Audit): string[] => limitsOf(result.labs[0], result);
  const all = mutantsOf(LAB).length;

  t.deepEqual(limits(part), [`1 of ${all} mutants`, "1 run of each test"]);
  const page = auditPage(part);
  t.ok(page.includes(`Not the whole audit:</b> 1 of ${all} mutants, 1 run of each test.`));
  t.notOk(page.includes("catch nothing:"), "nobody is told to do without a test");
  t.notOk(page.includes('type="radio"'), "there is no choice of one lab");
  t.deepEqual(limits(whole), []);
  t.ok(auditPage(whole).includes("catch nothing:"));
  t.notOk(auditPage(whole).includes("Not the whole audit"));

  const [lab] = whole.labs;
  t.equal(limits({ ...whole, isQuick: true }).length, 1, "a quick one");
  t.equal(limits({ ...whole, labs: [{ ...lab, mutantsInAll: all }] }).length, 1, "one without some mutants");
  const lost = lab.mutants.map((one) => ({ ...one, rounds: [{ ...one.rounds[0], tests: [] }] }));
  t.deepEqual(limits({ ...whole, labs: [{ ...lab, mutants: lost }] }), ["not every test for 1 mutant"]);
  const fewer = lab.tests.map((test, i) => (i === 0 ? { ...test, seedsInSuite: test.seeds + 1 } : test));
  t.equal(limits({ ...whole, labs: [{ ...lab, tests: fewer }] }).length, 1, "one run too few of one test");
});

test("tests that caught none of the mutants have no column, and are counted", async (t) => {
  const result = await auditOf([mutant("E02")], { isQuick: false, seeds: 2 });
  const page = auditPage(result);

  const told = worthOf(result.labs[0]).filter(
    ({ catches, intendedFor }) => catches.length + intendedFor.length > 0,
  );
  const columns = page.match(/<span class="test">/g) ?? [];
  t.equal(columns.length, told.length);
  t.ok(page.includes(`No column: ${result.labs[0].tests.length - told.length} tests that`));
});

test("names that nobody has, and tests that are not there, are refused", (t) => {
  t.deepEqual(chosenFrom([mutant("E02"), mutant("E08")], ["E08"]).length, 1);
  t.throws(
    () => chosenFrom([mutant("E02")], ["E99"]),
    /^RangeError: There is no E99\. Names are/,
    "no list of all that there are",
  );
  t.throws(() => chosenFrom([mutant("E02")], ["mutant"]), /There is no mutant\. Did you mean mutants\?/);
  t.throws(() => chosenFrom([mutant("E02")], ["e02"]), /There is no e02\. Did you mean E02\?/);
  t.throws(
    () => chosenFrom(subjectsOfLabs(["2"]), ["E02"]),
    /E02 is in lab 1, and this audit is of lab 2\. Try --lab 1\./,
  );
  t.equal(subjectsOfLabs(["1", "1"]).length, subjectsOfLabs(["1"]).length, "each lab once");
  t.throws(
    () => refuseUnknownTests([mutant("E02", "1.99z")]),
    /“Caught-by: 1\.99z”, and .* has no such test/,
  );
  t.end();
});

test("npm run audit examines in other processes, writes page and data, and says how to repeat it", (t) => {
  const out = mkdtempSync(path.join(tmpdir(), "audit-"));
  const cli = ["-r", "ts-node/register", path.join(ROOT, "grader", "audit", "cli.ts")];
  const { status, stdout } = spawnSync(
    process.execPath,
    [...cli, "--lab", "1", "--only", "E02", "E08", "--quick", "--seeds", "2", "--jobs", "2", "--out", out],
    { cwd: ROOT, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
  );
  const written: Audit = JSON.parse(readFileSync(path.join(out, "audit.json"), "utf8"));
  const page = readFileSync(path.join(out, "index.html"), "utf8");
  rmSync(out, { recursive: true });

  t.equal(status, EXIT.passed);
  t.equal(/--base-seed (\d+)/.exec(stdout)?.[1], String(written.baseSeeds[0]));
  t.match(stdout, /^✓ 1 E02 .*\n✓ 1 E08 /m, "in the order of the catalogue");
  t.deepEqual(names(written.labs[0].mutants), ["E02", "E08"]);
  t.ok(page.includes('id="mutant-1-E08"'));
  t.end();
});

test("npm run audit: a part of an audit leaves the folder of the whole one alone; names need --only", (t) => {
  const cli = ["-r", "ts-node/register", path.join(ROOT, "grader", "audit", "cli.ts")];
  const said = (...args: readonly string[]): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, [...cli, ...args], {
      cwd: ROOT,
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1" },
    });

  const part = said("--only", "E02", "--quick", "--seeds", "1");
  t.equal(part.status, EXIT.passed);
  t.match(String(part.stdout), /Page {6}grader\/out\/audit-part\/index\.html/);
  t.match(String(part.stdout), /A part of the whole audit/);
  const names = said("E02");
  t.equal(names.status, EXIT.usage);
  t.match(String(names.stderr), /did you mean --only E02\?/);
  t.end();
});
