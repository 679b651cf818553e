import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "tape";
import { mutantsOf, variantsOf } from "../catalogue/catalogue";
import { gradeOwn } from "../catalogue/check";
import { handedOut } from "../course/generate";
import { LABS, type Lab, ROOT } from "../course/labs";
import { referenceOf, type Stub, skeletonOf } from "../course/skeleton";
import { readOwnFolder } from "../submission/intake";
import { suiteOf } from "../suites";

const taskOf = (number: string): string => number.replace(/[a-z]+$/, "");

/** Whether a task is one of the lab's own, and not one that its files brought along. */
const isOwnOf =
  (lab: Lab) =>
  ({ task }: Stub): boolean =>
    task.startsWith(`${lab.number}.`);

/** The first line in which two texts differ, as found and as expected. */
function firstDifference(found: string, expected: string): string | undefined {
  const [lines, wanted] = [found.split("\n"), expected.split("\n")];
  const index = wanted.findIndex((line, at) => line !== lines[at]);
  if (index >= 0)
    return `line ${index + 1}: expected ${JSON.stringify(wanted[index])}, found ${JSON.stringify(lines[index])}`;
  return lines.length === wanted.length
    ? undefined
    : `expected ${wanted.length} lines, found ${lines.length}`;
}

for (const lab of LABS) {
  const folder = path.join(ROOT, "labs", lab.folder);
  const handout = (): string => readFileSync(path.join(folder, "README.md"), "utf8");
  const publicTests = (): string =>
    readdirSync(folder)
      .filter((file) => file.endsWith(".test.ts"))
      .map((file) => readFileSync(path.join(folder, file), "utf8"))
      .join("\n");

  test(`lab ${lab.number}: the committed skeletons are in step with the solutions`, (t) => {
    for (const { path: target, pristine, text } of handedOut(lab)) {
      for (const file of [target, pristine]) {
        const found = existsSync(file) ? readFileSync(file, "utf8") : "";
        const place = path.relative(ROOT, file);
        t.equal(firstDifference(found, text), undefined, `${place}: run “npm run skeletons” if this differs`);
      }
    }
    const kept = path.join(ROOT, "labs/pristine", lab.folder);
    t.deepEqual(
      existsSync(kept) ? readdirSync(kept).sort() : [],
      lab.files.map((file) => `${file}.txt`).sort(),
      "just these files are kept for begin",
    );
    t.end();
  });

  // Stubs of earlier tasks are checked in their own lab; chain.test.ts proves that they are the same here.
  test(`lab ${lab.number}: every stub has a task, its rule, a size, a command, a section, and tests`, (t) => {
    for (const { stubs, path: file } of handedOut(lab)) {
      for (const { task, instruction, line, referenceLines } of stubs.filter(isOwnOf(lab))) {
        const where = `${path.basename(file)}, region of line ${line}`;
        t.ok(instruction.startsWith(`TODO ${task}. `), `${where}: says its task first`);
        t.match(instruction, /Keep true: \S/, `${where}: says what must stay true`);
        t.match(instruction, /§\d|Figure 2/, `${where}: names the paper's section`);
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
  const task = `//#region task 1.1\n${stub}\n//#endregion`;
  for (const [text, error] of [
    [
      `//#region task 1.1\n${stub}`,
      /x\.ts:1: this region is never closed\. Add \/\/#endregion after its stub/,
    ],
    [`//#region lab 2\n${task}`, /x\.ts:1: this region is never closed\. Add \/\/#endregion after the lab's/],
    [`a();\n//#region lab 2\n//#region task 2.1\n${stub}`, /x\.ts:3: this region is never closed/],
    ["//#endregion", /x\.ts:1: \/\/#endregion without/],
    [`${task}\n//#endregion`, /x\.ts:4: \/\/#endregion without/],
    ["//#region task 1.1\n//#endregion", /x\.ts:1: the stub must end with/],
    [
      "//#region lab 2\n//#region task 2.1\n//#endregion\n//#endregion",
      /x\.ts:2: the stub must end with.*"2\.1"/,
    ],
    [
      `//#region task 1.1\n//#region task 1.2\n${stub}`,
      /x\.ts:2: a region inside the one of line 1, task 1\.1/,
    ],
    [`//#region task 1.1\n//#region lab 2\n${stub}`, /x\.ts:2: a region inside the one of line 1, task 1\.1/],
    [
      "//#region lab 2\n//#region lab 2",
      /x\.ts:2: a region of lab 2 inside the one of line 1, of lab 2\. .*Close/,
    ],
    [
      "//#region lab 3\n//#region lab 2",
      /x\.ts:2: a region of lab 2 inside the one of line 1, of lab 3\. .*Close/,
    ],
    ["//#region lab 1\n//#endregion", /x\.ts:1: no lab comes before lab 1/],
    ["a();\n//- b();", /x\.ts:2: \/\/- outside of a lab region\. Put it between/],
    [`//#region task 1.1\n//- b();\n${stub}\n//#endregion`, /x\.ts:2: \/\/- outside of a lab region/],
    [
      "//#region lab2\n//#endregion",
      /x\.ts:1: “\/\/#region lab2” is no marker\. There are \/\/#region task N\.M/,
    ],
    ["  // #region task 1.1", /x\.ts:1: “\/\/ #region task 1\.1” is no marker/],
    ["//#region lab 2\n//#endRegion", /x\.ts:2: “\/\/#endRegion” is no marker/],
    [
      `//#region lab 3\n//#endregion`,
      /x\.ts:1: a region of lab 3 in a file of lab 2\. Move it to the solution of lab 3/,
    ],
    [task.replaceAll("1.1", "3.1"), /x\.ts:1: a region of task 3\.1 in a file of lab 2/],
  ] as const)
    t.throws(() => skeletonOf(text, "x.ts", 2), error, text.replaceAll("\n", " ⏎ "));
  t.end();
});

test("a lab region stays without its markers, and what it replaced is in no skeleton", (t) => {
  const solution = [
    'import { a } from "../../labs/kit/contract";',
    "  //#region lab 2",
    "  b();",
    "  //| // for students only",
    "  //#region lab 3",
    "  c();",
    "  //#region task 3.1",
    "  d();",
    '  //| throw new NotImplemented("3.1");',
    "  //#endregion",
    "  //- old();",
    "  //#endregion",
    "  //- older();",
    "  //#endregion",
    "e();",
  ].join("\n");
  const head = 'import { a } from "../kit/contract";\n  b();\n  // for students only\n  c();\n';
  const { text, stubs } = skeletonOf(solution, "x.ts", 3);
  t.equal(text, `${head}  throw new NotImplemented("3.1");\ne();`);
  t.deepEqual(stubs, [{ task: "3.1", line: 7, instruction: "", referenceLines: 1 }]);
  t.equal(
    referenceOf(solution, "x.ts"),
    `${head}  d();\ne();`,
    "the reference has the code in the stub's place",
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
