import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { Command } from "commander";
import pc from "picocolors";
import { LABS, type Lab, labByNumber, ROOT } from "../course/labs";
import type { Answer } from "../judge/jobs";
import { JudgePool } from "../judge/judge-pool";
import { findSubmissions } from "../submission/find";
import { nameOf } from "../submission/source-tree/file-type";
import { SUITE_POINTS, suiteOf } from "../suites";
import {
  DEFAULT_BASE_SEED,
  EXIT,
  exitAsUsual,
  positiveNumber,
  runMain,
  wholeNumber,
} from "../tools/command-line";
import { type ClassResult, pointsOf, printableSubmission, type SubmissionResult } from "./class-result";
import { classTable } from "./class-table";
import { htmlReport } from "./html-report";
import { writeStudentFiles } from "./student-files";

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
      "Grades submissions: a folder, .zip or .tar.gz each, with the student's files of one or more labs. Without any: the bundled sample class.",
    )
    .argument("[submissions...]", "folders and archives; a folder full of them counts as a class")
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
  const folders = findSubmissions(program.args.length > 0 ? program.args : [SAMPLES], lab);

  const { title } = suiteOf(lab);
  const maxPoints = wholePointsOf(lab);

  console.log(pc.bold(`${title}: grading ${folders.length} submission${folders.length === 1 ? "" : "s"}`));
  const judges = new JudgePool();
  const answers = await inParallel(folders, Math.max(1, options.jobs), (folder) =>
    gradeFolder(folder, lab, options, judges),
  ).finally(() => judges.close());
  const submissions = answers.map(({ submission }) => submission);
  const reducedIsolation = answers.find(({ reduced }) => reduced !== undefined)?.reduced;
  const result: ClassResult = { title, maxPoints, submissions, reducedIsolation };

  mkdirSync(options.out, { recursive: true });
  const html = path.join(options.out, `lab-${lab.number}.html`);
  const json = path.join(options.out, `lab-${lab.number}.json`);
  writeFileSync(html, htmlReport(result));
  writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
  const copies = path.join(options.out, "students");
  writeStudentFiles(copies, result);
  console.log(classTable(result));
  console.log(
    `Report  ${path.relative(process.cwd(), html)}   (open it in a browser: every student's stories)`,
  );
  console.log(`Data    ${path.relative(process.cwd(), json)}`);
  console.log(
    `Copies  ${path.relative(process.cwd(), copies)}   (one for each student, without what would betray hidden tests)`,
  );
  if (reducedIsolation !== undefined) console.log(pc.yellow(`Isolation is reduced: ${reducedIsolation}`));
  return submissions.every((submission) => pointsOf(submission) !== undefined) ? EXIT.passed : EXIT.grader;
}

interface GradedFolder {
  readonly submission: SubmissionResult;
  readonly reduced: Answer["reduced"];
}

async function gradeFolder(
  folder: string,
  lab: Lab,
  { baseSeed, seeds }: Options,
  judges: JudgePool,
): Promise<GradedFolder> {
  const job = { place: folder, lab: lab.number, options: { baseSeed, seeds } };
  const { graded, reduced } = await judges.judge(job);
  const submission = printableSubmission({ student: nameOf(folder), lab: lab.number, graded });
  console.log(`  ${submission.student.padEnd(24)} ${pointsOf(submission) ?? "not graded"}`);
  return { submission, reduced };
}

/** @throws RangeError if the hidden tests are not here: grading by the public ones alone would look like a whole grade */
function wholePointsOf(lab: Lab): number {
  const points = suiteOf(lab).tests.reduce((total, test) => total + test.points, 0);
  if (points === SUITE_POINTS) return points;
  throw new RangeError(
    `The hidden tests of lab ${lab.number} are not in grader/suites/${lab.folder}/hidden: only ${points} of ${SUITE_POINTS} points are here. For the public tests alone there is npm run check.`,
  );
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
