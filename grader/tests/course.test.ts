import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "tape";
import { mutantsOf, variantsOf } from "../catalogue/catalogue";
import { gradeOwn } from "../catalogue/check";
import { handedOut } from "../course/generate";
import { LABS, ROOT } from "../course/labs";
import { skeletonOf } from "../course/skeleton";
import { readOwnFolder } from "../submission/intake";
import { suiteOf } from "../suites";

const taskOf = (number: string): string => number.replace(/[a-z]+$/, "");

for (const lab of LABS) {
  const folder = path.join(ROOT, "labs", lab.folder);
  const handout = (): string => readFileSync(path.join(folder, "README.md"), "utf8");
  const publicTests = (): string =>
    readdirSync(folder)
      .filter((file) => file.endsWith(".test.ts"))
      .map((file) => readFileSync(path.join(folder, file), "utf8"))
      .join("\n");

  test(`lab ${lab.number}: the committed skeletons are in step with the solutions`, (t) => {
    for (const { path: file, text } of handedOut(lab)) {
      t.equal(
        readFileSync(file, "utf8"),
        text,
        `${path.relative(ROOT, file)}: run “npm run skeletons” if this differs`,
      );
    }
    t.end();
  });

  test(`lab ${lab.number}: every stub has a task, its rule, a size, a command, a section, and tests`, (t) => {
    for (const { stubs, path: file } of handedOut(lab)) {
      for (const { task, instruction, line, referenceLines } of stubs) {
        const where = `${path.basename(file)}, region of line ${line}`;
        t.ok(instruction.startsWith(`TODO ${task}. `), `${where}: says its task first`);
        t.match(instruction, /Keep true: \S/, `${where}: says what must stay true`);
        t.match(instruction, /§5|Figure 2/, `${where}: names the paper's section`);
        t.ok(instruction.includes(`npm test -- -t ${task}`), `${where}: says how to try it`);
        const size = Number(/About (\d+) lines?/.exec(instruction)?.[1]);
        t.ok(
          Math.abs(size - referenceLines) <= 4,
          `${where}: about ${size} lines, the reference has ${referenceLines}`,
        );
        t.ok(publicTests().includes(`"${task} `), `task ${task} has a public test`);
        t.ok(
          suiteOf(lab).tests.some(({ number }) => taskOf(number) === task),
          `task ${task} has a hidden test`,
        );
        t.match(
          handout(),
          new RegExp(`\\b${task.replace(".", "\\.")}\\b`),
          `task ${task} stands in the handout`,
        );
      }
    }
    t.end();
  });

  test(`lab ${lab.number}: an untouched skeleton passes no hidden test, and every task is not written yet`, async (t) => {
    const { tests, points } = await gradeOwn(readOwnFolder(folder, lab), { baseSeed: 1, seeds: 2 });
    t.equal(points, 0, "no points");
    for (const { number, state } of tests) {
      t.ok(state === "not-written" || state === "not-run", `${number} is ${state}`);
    }
  });

  test(`lab ${lab.number}: the hidden suite is worth 100 points`, (t) => {
    t.equal(
      suiteOf(lab).tests.reduce((sum, { points }) => sum + points, 0),
      100,
    );
    t.end();
  });

  test(`lab ${lab.number}: every mutant names a test that exists, and there are enough variants`, (t) => {
    const numbers = suiteOf(lab).tests.map(({ number }) => number);
    for (const { id, caughtBy } of mutantsOf(lab))
      t.ok(numbers.includes(caughtBy), `${id}: test ${caughtBy} exists`);
    t.ok(variantsOf(lab).length >= 4, "at least four correct variants");
    t.end();
  });
}

test("who has done tasks 1.1 to 1.4 passes their tests, and nothing else is called a mistake", async (t) => {
  const { tests } = await gradeOwn(readOwnFolder(path.join(ROOT, "grader/samples/chen"), LABS[0]), {
    baseSeed: 2,
  });
  for (const { number, state } of tests) {
    const isDone = ["1.1", "1.2", "1.3", "1.4"].includes(taskOf(number));
    t.ok(
      isDone ? state === "passed" : state === "not-written" || state === "not-run",
      `${number} is ${state}`,
    );
  }
});

test("a region that is not right is refused with its line and a remedy", (t) => {
  const stub = '//| throw new NotImplemented("1.1");';
  t.throws(() => skeletonOf(`//#region task 1.1\n${stub}`, "x.ts"), /x\.ts:1: this region is never closed/);
  t.throws(() => skeletonOf("//#endregion", "x.ts"), /x\.ts:1: \/\/#endregion without/);
  t.throws(() => skeletonOf("//#region task 1.1\n//#endregion", "x.ts"), /x\.ts:1: the stub must end with/);
  t.throws(
    () => skeletonOf(`//#region task 1.1\n//#region task 1.2\n${stub}`, "x.ts"),
    /x\.ts:2: a region inside/,
  );
  t.end();
});

test("a skeleton keeps what is outside of regions, and stubs instead of code", (t) => {
  const solution = [
    "a();",
    "  //#region task 1.1",
    "  b();",
    "  //| // TODO 1.1. Do b.",
    '  //| throw new NotImplemented("1.1");',
    "  //#endregion",
    "c();",
  ];
  const { text, stubs } = skeletonOf(solution.join("\n"), "x.ts");
  t.equal(text, 'a();\n  // TODO 1.1. Do b.\n  throw new NotImplemented("1.1");\nc();');
  t.deepEqual(stubs, [{ task: "1.1", line: 2, instruction: "TODO 1.1. Do b.", referenceLines: 1 }]);
  t.end();
});
