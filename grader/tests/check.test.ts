import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "tape";
import { sameRunsWords } from "../../labs/runner/same-run";
import { mutantsOf } from "../catalogue/catalogue";
import { LABS, ROOT } from "../course/labs";
import { publicSuiteOf, SUITE_POINTS, suiteOf } from "../suites";
import { EXIT } from "../tools/command-line";

const [LAB] = LABS;
const SOLUTION = path.join(ROOT, "solutions", LAB.folder);
const POINTS = publicSuiteOf(LAB).tests.reduce((sum, { points }) => sum + points, 0);

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** `npm run check -- …` as a student runs it, in a lab's folder. */
function check(args: readonly string[], root = ROOT): Ended {
  const { status, stdout, stderr } = spawnSync("npm", ["run", "--silent", "check", "--", ...args], {
    cwd: path.join(root, "labs", LAB.folder),
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { code: status, output: stdout + stderr };
}

/** A command of a report, typed in the lab's folder. */
function typed(command: string): Ended {
  const { status, stdout, stderr } = spawnSync(command, {
    cwd: path.join(ROOT, "labs", LAB.folder),
    encoding: "utf8",
    shell: true,
  });
  return { code: status, output: stdout + stderr };
}

/** Does `work` with a new folder, which is gone afterwards. */
function inTemporaryFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), "check-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the check on a program. */
function checkProgram(text: string, ...args: readonly string[]): Ended {
  return inTemporaryFolder((folder) => {
    writeFileSync(path.join(folder, LAB.entry.file), text);
    return check([folder, ...args]);
  });
}

/** A bug of the catalogue that one test is meant to catch. */
function mutantFor(number: string): string {
  const mutant = mutantsOf(LAB).find(({ caughtBy }) => caughtBy === number);
  if (mutant === undefined) throw new Error(`There is no mutant for ${number}.`);
  return mutant.submission.files[0].text;
}

for (const lab of LABS) {
  const taskOf = (number: string): string => number.replace(/[a-z]+$/, "");

  test(`lab ${lab.number}: the public tests are a part of the graded suite, some of every task`, (t) => {
    const whole = suiteOf(lab).tests;
    const visible = publicSuiteOf(lab).tests;
    t.deepEqual(
      visible,
      whole.filter(({ visibility }) => visibility === "visible"),
      "the same tests, in the same order",
    );
    const tasks = (tests: typeof whole) => [...new Set(tests.map(({ number }) => taskOf(number)))];
    t.deepEqual(tasks(visible), tasks(whole), "every task has one");
    const numbers = visible.map(({ number }) => number);
    for (const { number, needs } of visible)
      t.ok(
        needs.every((needed) => numbers.includes(needed)),
        `${number} needs public tests only`,
      );
    t.end();
  });

  test(`lab ${lab.number}: the handout tells what the public tests are worth`, (t) => {
    const points = publicSuiteOf(lab).tests.reduce((sum, test) => sum + test.points, 0);
    const handout = readFileSync(path.join(ROOT, "labs", lab.folder, "README.md"), "utf8");
    t.ok(points >= 30 && points <= 40, `${points} points`);
    t.ok(handout.includes(`${points} of the ${SUITE_POINTS} points`), "as the handout says");
    t.end();
  });
}

test("the check shows an untouched skeleton where to begin", (t) => {
  const { code, output } = check([]);
  t.equal(code, EXIT.failed);
  t.match(output, /^Lab 1 · Leader election: public tests\n/);
  t.ok(
    output.includes(`Public tests: 0 of ${POINTS} points. Grading runs these and hidden tests, 100 points`),
  );
  t.match(output, /Next: write task 1\.1, then try it: {2}npm test -- -t 1\.1/);
  t.doesNotMatch(output, /all tests/i);
  t.end();
});

test("who passes the public tests is told that there are others", (t) => {
  for (const [name, text] of [
    ["the reference", readFileSync(path.join(SOLUTION, LAB.entry.file), "utf8")],
    ["a bug that only a hidden test finds", mutantFor("1.6c")],
  ]) {
    const { code, output } = checkProgram(text, "--seeds", "4");
    t.equal(code, EXIT.passed, name);
    t.ok(output.includes(`Public tests: ${POINTS} of ${POINTS} points.`), "the points");
    t.match(output, /The public tests pass\. They are the plain rules\. Hidden tests try more schedules/);
    t.doesNotMatch(output, /all tests|everything|complete|well done|finished/i);
  }
  t.end();
});

test("a failure tells its story, and the command that it ends with shows the very run again", (t) => {
  inTemporaryFolder((folder) => {
    writeFileSync(path.join(folder, LAB.entry.file), mutantFor("1.3b"));
    const { code, output } = check([folder]);
    t.equal(code, EXIT.failed);
    t.match(output, /✗ 1\.3b {2}A server votes once per term +0\/3\n.*← first wrong step/s);
    t.ok(!output.includes(`Public tests: ${POINTS} of`), "its points are missing");
    t.doesNotMatch(output, /all tests|labgrader/i);

    const [, args = "", seed = ""] =
      /Replay {2}npm run check -- "[^"]+" (--only 1\.3b --seed (\d+) --trace)/.exec(output) ?? [];
    const [, hash = "none"] = /trace (\w+)/.exec(output) ?? [];
    const again = check([folder, ...args.split(" ")]);
    t.equal(again.code, EXIT.failed);
    t.ok(again.output.includes(`1.3b seed ${seed}, 5 servers, trace ${hash}\n`), "the same run");
    t.match(again.output, /0 ms {2}S5 {2}starts/, "event by event");
    t.match(again.output, /Points come from {2}npm run check/, "which is not graded");

    const [, command = ""] = /Mended\? (npm --prefix .*)/.exec(output) ?? [];
    const replayed = typed(command);
    t.equal(replayed.code, EXIT.failed);
    t.match(replayed.output, /The same failure as recorded/, "the line Mended? works as it stands");
    writeFileSync(path.join(folder, LAB.entry.file), readFileSync(path.join(SOLUTION, LAB.entry.file)));
    t.match(
      typed(command).output,
      /This run does not fail any more/,
      "and knows the files that were checked",
    );
  });
  t.end();
});

test("a handler that never returns fails its tests, and can be seen again too", (t) => {
  const goran = path.join(ROOT, "grader/samples/goran");
  const { code, output } = check([goran, "--only", "1.6a"]);
  t.equal(code, EXIT.failed);
  t.match(output, /comes to its end|does not return/);
  const [, seed = ""] = /Replay .* --only 1\.6a --seed (\d+) --trace/.exec(output) ?? [];
  const again = check([goran, "--only", "1.6a", "--seed", seed]);
  t.equal(again.code, EXIT.failed);
  t.match(again.output, /expected a handler that comes to its end/);
  t.end();
});

test("a program that cannot be run is explained, and no test is shown", (t) => {
  const server = "start() {} onMessage() {} onTimer() {} status() {}";
  for (const [name, text, why] of [
    ["syntax error", "export class Raft {\n  start( {\n}\n", /raft\.ts:\d+: /],
    ["missing export", `class Raft {${server}}`, /Expected raft\.ts to export the class Raft/],
    [
      "forbidden import",
      `import "fs";\nexport class Raft {${server}}`,
      /raft\.ts:1: “fs” cannot be imported/,
    ],
  ] as const) {
    const { code, output } = checkProgram(text);
    t.equal(code, EXIT.usage, name);
    t.match(output, /Your program cannot be run:\n/);
    t.match(output, why);
    t.doesNotMatch(output, /[✓✗–○] 1\.|\n\s+at /, "no test, no stack");
  }
  inTemporaryFolder((folder) => {
    const { code, output } = check([folder]);
    t.equal(code, EXIT.usage, "missing file");
    t.match(output, /Expected raft\.ts in .*found an empty folder/);
  });
  t.end();
});

test("--only takes public tests, and says so of others", (t) => {
  const some = check([SOLUTION, "--only", "1.3", "1.8a", "--seeds", "2"]);
  t.equal(some.code, EXIT.passed);
  t.deepEqual(
    [...some.output.matchAll(/✓ (1\.\w+)/g)].map(([, number]) => number),
    ["1.3a", "1.3b", "1.8a"],
  );
  t.match(some.output, /These pass\. The other public tests: {2}npm run check/);
  const hidden = check(["--only", "1.6c"]);
  t.equal(hidden.code, EXIT.usage);
  t.match(hidden.output, /There is no test 1\.6c\..*These are the public tests; hidden ones run when/);
  t.end();
});

test("a student's copy, which has no hidden tests, loads and checks just as well", (t) => {
  inTemporaryFolder((copy) => {
    const kept = /^(?!(mutants|variants|samples|out|tests)$|suites\/[^/]+\/hidden$)/;
    const grader = path.join(ROOT, "grader");
    cpSync(grader, path.join(copy, "grader"), {
      recursive: true,
      filter: (source) => kept.test(path.relative(grader, source)),
    });
    mkdirSync(path.join(copy, "labs"));
    cpSync(path.join(ROOT, "labs"), path.join(copy, "labs"), { recursive: true });
    cpSync(SOLUTION, path.join(copy, "labs", LAB.folder), { recursive: true });
    for (const file of ["package.json", "tsconfig.json"])
      cpSync(path.join(ROOT, file), path.join(copy, file));
    symlinkSync(path.join(ROOT, "node_modules"), path.join(copy, "node_modules"));

    const { code, output } = check(["--seeds", "4"], copy);
    t.equal(code, EXIT.passed);
    t.ok(
      output.includes(
        `Public tests: ${POINTS} of ${POINTS} points. Grading runs these and hidden tests, 100`,
      ),
    );
    t.match(check(["--only", "1.6c"], copy).output, /There is no test 1\.6c/);
  });
  t.end();
});

test("with --check-determinism every run is made twice", (t) => {
  const judged = check([SOLUTION, "--only", "1.1a", "--seeds", "3", "--check-determinism"]);
  t.equal(judged.code, EXIT.passed);
  t.match(judged.output, /Determinism: 3 runs were made twice, and each was the same, event for event\./);
  t.end();
});

test("npm test -- --check-determinism says so too, and says nothing if a difference was found", (t) => {
  const args = [path.join(ROOT, "labs/runner/test.cjs"), "1.1"];
  const outputs = [args, [...args, "--check-determinism"]].map((all) => {
    const { stderr } = spawnSync(process.execPath, all, {
      cwd: path.join(ROOT, "labs/1-election"),
      encoding: "utf8",
    });
    return stderr;
  });
  t.match(
    outputs[1],
    /Determinism: (\d+ runs were made twice, and each|1 run was made twice, and it) was the same/,
  );
  t.doesNotMatch(outputs[0], /Determinism/, "only if it was asked for");
  t.equal(sameRunsWords({ runs: 7, different: 1 }), undefined, "its test tells of the difference");
  t.equal(sameRunsWords({ runs: 0, different: 0 }), undefined, "nothing was compared");
  t.end();
});
