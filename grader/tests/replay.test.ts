import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "tape";
import { type RunFile, runFileOf } from "../../labs/kit";
import { mutantsOf } from "../catalogue/catalogue";
import { LABS, ROOT } from "../course/labs";
import { codeOf } from "../judge/run-files";
import { playedOn, playedOnWords } from "../replay/played-on";
import { readOwnFolder, type Submission } from "../submission/intake";
import { shrunkMutant } from "../tools/shrunk-mutant";

const [lab] = LABS;
const folder = mkdtempSync(path.join(tmpdir(), "raft-replay-"));
test.onFinish(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

function run(cwd: string, ...args: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    encoding: "utf8",
    timeout: 60_000,
  });
  return { code: status, text: `${stdout}${stderr}` };
}

/** `npm run replay` at the top of the repository. */
function replay(...args: readonly string[]): Ended {
  return run(ROOT, "-r", "ts-node/register", "grader/replay/cli.ts", ...args);
}

/** `npm run replay` in a lab's folder. */
function replayInLab(...args: readonly string[]): Ended {
  return run(path.join(ROOT, "labs", lab.folder), "../runner/replay.cjs", ...args);
}

function mutant(id: string): Submission {
  const found = mutantsOf(lab).find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`There is no mutant ${id}.`);
  return found.submission;
}

/** Lays files out as a student's. @returns their folder */
function laidOut(name: string, { files }: Submission, change = (text: string) => text): string {
  const place = path.join(folder, name);
  mkdirSync(place, { recursive: true });
  for (const file of files) writeFileSync(path.join(place, file.name), change(file.text));
  return place;
}

async function recorded(): Promise<RunFile> {
  const code = codeOf(mutant("E29"));
  const small = await shrunkMutant({ lab: lab.number, mutant: "E29", test: "1.8a" });
  return runFileOf(small, {
    lab: lab.folder,
    suite: "graded",
    test: "1.8a  Three servers elect a leader",
    code,
  });
}

function written(name: string, content: unknown): string {
  const file = path.join(folder, name);
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

test("a recorded run is played on anybody's files: the same failure, another one, or none", async (t) => {
  const file = written("1.8a.run.json", await recorded());
  const same = replay(file, "--against", laidOut("same", mutant("E29")));
  t.equal(same.code, 1);
  t.match(same.text, /^The same failure as recorded, in a run of \d+ events\.\n\nOne vote per term/);
  const mended = replay(file, "--against", path.join(ROOT, "solutions", lab.folder));
  t.equal(mended.code, 0);
  t.match(mended.text, /^This run does not fail any more\.[\s\S]*\nSame {6}up to event[\s\S]*Run all tests/);
  const throwing = (text: string) => text.replace(/^( {2}onTimer\(.*\{)$/m, '$1 throw new Error("odd");');
  const other = replay(file, "--against", laidOut("other", mutant("E29"), throwing));
  t.equal(other.code, 1);
  t.match(other.text, /^Another failure than recorded[\s\S]*\n\nS3 threw Error: odd/);
});

test("where the lab's folder is the untouched skeleton nothing is played: it is said with what to play the run", async (t) => {
  const place = path.join(folder, "diagrams", lab.folder, "ana");
  mkdirSync(place, { recursive: true });
  const file = written(path.join("diagrams", lab.folder, "ana", "1.8a.run.json"), await recorded());
  const { code, text } = replay(file);
  t.equal(code, 2);
  t.match(text, /^Not played: in labs\/1-election is the untouched skeleton/);
  t.match(text, /npm run replay -- \S+1\.8a\.run\.json --against FOLDER: what ana has handed in/);
  t.notOk(/Task 1\.1|Another failure/.test(text), "the skeleton does not run");
});

test("other files than the recorded ones are named before anything is played", async (t) => {
  const file = await recorded();
  const submission = mutant("E29");
  const changed = {
    ...submission,
    files: submission.files.map(({ name, text }) => ({ name, text: `${text}\n` })),
  };
  const skeleton = readOwnFolder(path.join(ROOT, "labs", lab.folder), lab);
  t.equal(playedOn(file, submission), "as recorded");
  t.equal(playedOn(file, changed), "changed");
  t.equal(playedOn(file, skeleton), "skeleton");
  t.equal(playedOn({ ...file, code: codeOf(skeleton) }, skeleton), "as recorded");
  t.equal(playedOnWords("x.run.json", file, "as recorded"), undefined);
  t.match(
    playedOnWords("x.run.json", file, "changed") ?? "",
    /^Played on the files in labs\/1-election, which are not those[\s\S]*FOLDER: what the student has handed in/,
  );
});

test("at the top, what cannot be replayed is refused with a reason", async (t) => {
  const file = await recorded();
  const ofPractice = { ...file, suite: "practice", play: { kind: "test", without: [] } };
  for (const [args, reason] of [
    [[path.join(folder, "nothing.json")], /Found {5}no file of this name\nNext {6}Grading keeps one/],
    [[folder], /Found {5}a folder\nNext {6}Grading keeps one/],
    [[written("lab-1.json", { title: "Lab 1", submissions: [] })], /Found {5}a grading report/],
    [[written("class.json", { labs: [], students: [] })], /Found {5}a grading report/],
    [[written("none.json", "{}")], /Where {5}format/],
    [[written("odd.json", { ...file, lab: "9-nothing" })], /Where {5}lab\nExpected {2}“1-election” or/],
    [[written("practice.json", ofPractice)], /Replay it in the folder labs\/1-election/],
    [
      [written("gone.json", { ...file, test: "1.9z  Gone", play: { kind: "test", without: [] } })],
      /The suite has changed/,
    ],
  ] as const) {
    const { code, text } = replay(...args);
    t.equal(code, 2, String(reason));
    t.match(text, reason);
  }
});

test("in a lab's folder, what cannot be replayed is refused before any test runs", async (t) => {
  const file = await recorded();
  for (const [args, reason] of [
    [[written("broken.json", "{")], /Expected {2}JSON/],
    [[written("large.json", " ".repeat(4_000_001))], /at most 4,000,000 bytes/],
    [
      [written("graded.json", file)],
      /Where {5}suite[\s\S]*top of the repository: {2}npm --prefix \.\.\/\.\. run replay -- .*graded\.json/,
    ],
    [
      [written("other.json", { ...file, lab: "2-replication" })],
      /Replay it in the folder labs\/2-replication/,
    ],
    [[written("more.json", file), "--whole"], /expected nothing more than the run file; found --whole/],
  ] as const) {
    const { code, text } = replayInLab(...args);
    t.equal(code, 2, String(reason));
    t.match(text, reason);
    t.notOk(/✓|✗/.test(text), "no test ran");
  }
});

test("a run whose own test is not there any more is no success, though others have the same number", async (t) => {
  const file: RunFile = { ...(await recorded()), suite: "practice", test: "1.3" };
  const { code, text } = replayInLab(written("renamed.json", file));
  t.equal(code, 1);
  t.match(text, /The test of this run, “1\.3”, is not there any more\./);
  t.notOk(/✓|✗/.test(text), "no test ran");
});
