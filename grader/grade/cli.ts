import { availableParallelism } from "node:os";
import path from "node:path";
import { Command, Option } from "commander";
import pc from "picocolors";
import { LABS, type Lab, labByNumber, ROOT } from "../course/labs";
import { classDeterminismWords } from "../labgrader/reporters/determinism-words";
import {
  DEFAULT_BASE_SEED,
  EXIT,
  exitAsUsual,
  makeOutFolder,
  positiveNumber,
  runMain,
  seedHint,
  wholeNumber,
} from "../tools/command-line";
import { pointsOf } from "./class-result";
import { classTable } from "./class-table";
import { gradeAll } from "./grade-all";
import { planGrading } from "./plan";
import type { LabResult } from "./standings";
import { summaryTable } from "./summary-table";
import { type Written, writeReports } from "./write-reports";

const SAMPLES = path.join(ROOT, "grader", "samples");
const OUT = path.join(ROOT, "grader", "out");

interface Options {
  readonly lab: readonly string[];
  readonly baseSeed: number;
  readonly seeds?: number;
  readonly out: string;
  readonly diagrams: boolean;
  readonly checkDeterminism: boolean;
  readonly jobs: number;
}

/** `npm run grade`: grades submissions and shows the result. */
async function main(): Promise<number> {
  const program = new Command("grade")
    .description(
      "Grades submissions: a folder, .zip or .tar.gz each, with the student's files of one or more labs. Without any: the bundled sample class.",
    )
    .argument("[submissions...]", "folders and archives; a folder full of them counts as a class")
    .addOption(
      new Option("--lab <number>", "which lab; several times for several labs")
        .argParser((text: string, before: readonly string[]) => [...before, ...text.split(",")])
        .default([], "all that somebody has handed in"),
    )
    .option(
      "--base-seed <seed>",
      "the course's secret number, from which all seeds come",
      wholeNumber,
      DEFAULT_BASE_SEED,
    )
    .option("--seeds <count>", "runs of each test, instead of what the suite says", positiveNumber)
    .addOption(seedHint())
    .option("--out <folder>", "where the reports go", OUT)
    .option("--no-diagrams", "draw no diagrams of failed runs: they take most of the space of a large class")
    .option("--check-determinism", "run every seed twice: both runs must be the same, event for event", false)
    .option("--jobs <count>", "gradings at the same time", positiveNumber, availableParallelism())
    .showHelpAfterError();
  exitAsUsual(program);
  program.parse();
  const { lab, out, diagrams, checkDeterminism, ...options } = program.opts<Options>();
  const plan = await planGrading(program.args.length > 0 ? program.args : [SAMPLES], chosenLabs(lab));
  makeOutFolder(out);
  const how = { ...options, checksDeterminism: checkDeterminism, diagrams: diagrams ? out : undefined };
  const labs = await gradeAll(plan, how, (line) => console.log(line));
  const written = writeReports(out, labs);
  console.log(labs.length === 1 ? classTable(labs[0].result) : summaryTable(labs));
  for (const line of closingLines(written, labs)) console.log(line);
  if (checkDeterminism) console.log(classDeterminismWords(gradedIn(labs)));
  const all = labs.flatMap(({ result }) => result.submissions);
  return all.every((submission) => pointsOf(submission) !== undefined) ? EXIT.passed : EXIT.grader;
}

/** The tests of everybody who was graded, lab by lab. */
function gradedIn(labs: readonly LabResult[]): Parameters<typeof classDeterminismWords>[0] {
  return labs
    .flatMap(({ result }) => result.submissions)
    .flatMap(({ student, graded }) =>
      graded.kind === "graded" ? [{ student, tests: graded.result.tests }] : [],
    );
}

/** In the order of the course, each one once. */
function chosenLabs(numbers: readonly string[]): readonly Lab[] {
  const chosen = numbers.map((number) => labByNumber(number.trim()));
  return LABS.filter((lab) => chosen.includes(lab));
}

function closingLines({ report, data, copies }: Written, labs: readonly LabResult[]): string[] {
  const shown = (file: string): string => path.relative(process.cwd(), file);
  const reduced = labs.map(({ result }) => result.reducedIsolation).find((words) => words !== undefined);
  const told = labs.length === 1 ? "every student's stories" : "it leads to every student's stories";
  return [
    `Report  ${shown(report)}   (open it in a browser: ${told})`,
    `Data    ${shown(data)}`,
    `Copies  ${shown(copies)}   (one for each student, without what would betray hidden tests)`,
    ...(reduced === undefined ? [] : [pc.yellow(`Isolation is reduced: ${reduced}`)]),
  ];
}

runMain(main);
