import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { Command } from "commander";
import pc from "picocolors";
import { LABS, type Lab, labByNumber, ROOT } from "../course/labs";
import { labFolder, readSubmission, SubmissionProblem } from "../submission/intake";
import { suiteOf } from "../suites";
import {
  DEFAULT_BASE_SEED,
  EXIT,
  exitAsUsual,
  positiveNumber,
  runMain,
  wholeNumber,
} from "../tools/command-line";
import { type ClassResult, pointsOf, type SubmissionResult } from "./class-result";
import { classTable } from "./class-table";
import { htmlReport } from "./html-report";
import { gradeSubmission, maxPointsOf } from "./supervise";

const SAMPLES = path.join(ROOT, "grader", "samples");
const OUT = path.join(ROOT, "grader", "out");

interface Options {
  readonly lab: string;
  readonly baseSeed: number;
  readonly seeds?: number;
  readonly out: string;
  readonly jobs: number;
}

/** `npm run grade`: grades submission folders and shows the result. */
async function main(): Promise<number> {
  const program = new Command("grade")
    .description(
      "Grades submissions: a folder each, with the student's files of one or more labs. Without folders: the bundled sample class.",
    )
    .argument("[folders...]", "submission folders; a folder of such folders counts as a class")
    .option("--lab <number>", "which lab", LABS[0].number)
    .option(
      "--base-seed <seed>",
      "the course's secret number, from which all seeds come",
      wholeNumber,
      DEFAULT_BASE_SEED,
    )
    .option("--seeds <count>", "runs of each test, instead of what the suite says", positiveNumber)
    .option("--out <folder>", "where the reports go", OUT)
    .option("--jobs <count>", "submissions graded at the same time", positiveNumber, availableParallelism())
    .showHelpAfterError();
  exitAsUsual(program);
  program.parse();
  const options = program.opts<Options>();
  const lab = labByNumber(options.lab);
  const folders = submissionFolders(program.args.length > 0 ? program.args : [SAMPLES], lab);

  console.log(
    pc.bold(`${suiteOf(lab).title}: grading ${folders.length} submission${folders.length === 1 ? "" : "s"}`),
  );
  const submissions = await inParallel(folders, Math.max(1, options.jobs), (folder) =>
    gradeFolder(folder, lab, options),
  );
  const result: ClassResult = { title: suiteOf(lab).title, maxPoints: maxPointsOf(lab), submissions };

  mkdirSync(options.out, { recursive: true });
  const html = path.join(options.out, `lab-${lab.number}.html`);
  const json = path.join(options.out, `lab-${lab.number}.json`);
  writeFileSync(html, htmlReport(result));
  writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
  console.log(classTable(result));
  console.log(
    `Report  ${path.relative(process.cwd(), html)}   (open it in a browser: every student's stories)`,
  );
  console.log(`Data    ${path.relative(process.cwd(), json)}`);
  return submissions.every((submission) => pointsOf(submission) !== undefined) ? EXIT.passed : EXIT.grader;
}

async function gradeFolder(folder: string, lab: Lab, options: Options): Promise<SubmissionResult> {
  const student = path.basename(path.resolve(folder));
  const result = async (): Promise<SubmissionResult["graded"]> => {
    try {
      return await gradeSubmission(readSubmission(folder, lab), options);
    } catch (error) {
      if (error instanceof SubmissionProblem) return { kind: "problem", text: error.message };
      return {
        kind: "grader-error",
        text: error instanceof Error ? (error.stack ?? error.message) : String(error),
      };
    }
  };
  const submission: SubmissionResult = { student, lab: lab.number, graded: await result() };
  console.log(`  ${student.padEnd(24)} ${pointsOf(submission) ?? "not graded"}`);
  return submission;
}

/** @throws RangeError that says what was expected of each argument */
function submissionFolders(paths: readonly string[], lab: Lab): string[] {
  return paths.flatMap((given) => {
    if (!existsSync(given))
      throw new RangeError(
        `There is no folder ${given}. Give folders that hold the files of lab ${lab.number}: ${lab.files.join(", ")}.`,
      );
    if (!statSync(given).isDirectory())
      throw new RangeError(`${given} is a file. Give the folder that it lies in.`);
    if (labFolder(given, lab) !== undefined) return [given];
    const inside = readdirSync(given, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith(".") && name !== "node_modules")
      .filter((entry) => entry.isDirectory());
    // A class folder is one in which at least one folder looks like a submission: then all of them are graded.
    const folders = inside.map((entry) => path.join(given, entry.name)).sort();
    return folders.some((folder) => labFolder(folder, lab) !== undefined) ? folders : [given];
  });
}

async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i]);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}

runMain(main);
