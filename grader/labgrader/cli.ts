import path from "node:path";
import { Command, Option } from "commander";
import pc from "picocolors";
import { runText, type World } from "../../labs/kit";
import { LABS, labByNumber, ROOT } from "../course/labs";
import { type GradeOptions, judge } from "../judge/judging";
import { reducedIsolation } from "../judge/walls";
import { bundle } from "../submission/bundle";
import { readSubmission, type Submission } from "../submission/intake";
import { load } from "../submission/load";
import { SubmissionProblem } from "../submission/problem";
import { suiteOf } from "../suites";
import {
  DEFAULT_BASE_SEED,
  EXIT,
  exitAsUsual,
  positiveNumber,
  progress,
  runMain,
  wholeNumber,
} from "../tools/command-line";
import { printable } from "../tools/printable";
import { ReasonsSoFar } from "./reasons";
import { replayCommand } from "./replay-command";
import { REPORTERS, type ReporterName, report } from "./reporters";
import { determinismWords } from "./reporters/determinism-words";
import { prettySummary, prettyTest } from "./reporters/pretty";
import type { SuiteResult } from "./result";
import { inThisProcess, type RunEvent, type RunOptions, runSuite } from "./runner";
import { shrinkHere } from "./shrink-here";
import type { TestCase } from "./suite";

interface Options {
  readonly lab: string;
  readonly only?: readonly string[];
  readonly seed?: number;
  readonly seeds?: number;
  readonly baseSeed: number;
  readonly reporter: ReporterName;
  readonly trace: boolean;
  readonly inThisProcess: boolean;
  readonly checkDeterminism: boolean;
}

async function main(): Promise<number> {
  const program = new Command("labgrader")
    .description(
      "Runs a lab's suite on one submission and tells everything: the verdicts of npm run grade, run by run if you like.",
    )
    .argument("[submission]", "folder or archive with the student's files", path.join(ROOT, "solutions"))
    .option("--lab <number>", "which lab", LABS[0].number)
    .option("--only <numbers...>", "run these tests: 1.3 for all of task 1.3, 1.3b for one")
    .option("--seed <seed>", "run only this seed, as a failure's story names it", wholeNumber)
    .option("--seeds <count>", "runs of each test, instead of what the suite says", positiveNumber)
    .option("--base-seed <seed>", "the seed from which all others come", wholeNumber, DEFAULT_BASE_SEED)
    .addOption(
      new Option("--reporter <name>", "how to print the result").choices(REPORTERS).default("pretty"),
    )
    .option("--trace", "print each run event by event; needs --only or --seed, best both", false)
    .option("--in-this-process", "without judge and cell, for code that you trust", false)
    .option("--check-determinism", "run every seed twice: both runs must be the same, event for event", false)
    .configureHelp({ sortOptions: true })
    .showHelpAfterError();
  exitAsUsual(program);
  program.parse();
  return grade(program.args[0] ?? path.join(ROOT, "solutions"), program.opts<Options>());
}

async function grade(folder: string, options: Options): Promise<number> {
  const lab = labByNumber(options.lab);
  const suite = suiteOf(lab);
  if (options.trace && options.only === undefined && options.seed === undefined)
    throw new RangeError(
      "--trace prints every run event by event, and the suite has thousands. Say which: --only 1.3b, or better --only 1.3b --seed 7.",
    );
  const select = selection(options.only, suite.tests) ?? (() => true);
  const live = options.reporter === "pretty";
  if (live) console.log(pc.bold(suite.title));
  const submission = await readSubmission(folder, lab);
  const reasons = new ReasonsSoFar();
  const watching = {
    baseSeed: options.baseSeed,
    seeds: options.seeds,
    seed: options.seed,
    checksDeterminism: options.checkDeterminism,
    onEvent: (event: RunEvent) => {
      if (!live) return;
      if (event.kind === "run-start") progress(`  … ${event.test.number} run ${event.run + 1}`);
      if (event.kind === "test-end") {
        progress("");
        console.log(prettyTest(event.result, reasons.toldBy(event.result)));
      }
    },
    onWorld: (test: TestCase, world: World) => {
      if (options.trace) (live ? console.log : console.error)(traceWords(test, world));
    },
  };
  const startedAt = performance.now();
  const result = options.inThisProcess
    ? await runHere(submission, { ...watching, select })
    : await runInCell(submission, {
        ...watching,
        only: suite.tests.filter(select).map(({ number }) => number),
      });
  console.log(live ? prettySummary(result, performance.now() - startedAt) : report(result, options.reporter));
  if (live && options.checkDeterminism) console.log(determinismWords(result.tests));
  if (result.tests.some(({ state }) => state === "error")) return EXIT.grader;
  return result.tests.every(({ state }) => state === "passed") ? EXIT.passed : EXIT.failed;
}

async function runHere(submission: Submission, options: Omit<RunOptions, "attempt">): Promise<SuiteResult> {
  const { folder, lab } = submission;
  const { makeHost } = load(await bundle(submission), lab);
  return runSuite(suiteOf(lab), {
    ...options,
    ...inThisProcess(makeHost, { clock: () => performance.now(), seeds: options.seeds }),
    shrink: shrinkHere(makeHost),
    replay: (test, seed) => replayCommand(lab, folder, test, seed),
  });
}

async function runInCell(submission: Submission, options: GradeOptions): Promise<SuiteResult> {
  const graded = await judge(submission, { ...options, shrinks: true });
  const reduced = reducedIsolation();
  if (reduced !== undefined) console.error(pc.yellow(`Isolation is reduced: ${reduced}`));
  if (graded.kind === "problem") throw new SubmissionProblem(graded.text);
  if (graded.kind === "grader-error") throw new Error(graded.text);
  return graded.result;
}

function traceWords(test: TestCase, world: World): string {
  const head = pc.dim(`${test.number} seed ${world.seed} trace ${world.traceHash}`);
  return `${head}\n${printable(runText(world), Number.POSITIVE_INFINITY)}`;
}

/** @throws RangeError if a number names no test: a selection that runs nothing must not look like a pass */
export function selection(
  only: readonly string[] | undefined,
  tests: readonly TestCase[],
): ((test: TestCase) => boolean) | undefined {
  if (only === undefined) return undefined;
  const wanted = only.flatMap((text) => text.split(","));
  const matches = (test: TestCase, number: string) =>
    test.number === number || test.number.replace(/[a-z]+$/, "") === number;
  for (const number of wanted) {
    if (tests.some((test) => matches(test, number))) continue;
    throw new RangeError(
      `There is no test ${number}. There are: ${tests.map((test) => test.number).join(", ")}.`,
    );
  }
  return (test) => wanted.some((number) => matches(test, number));
}

if (require.main === module) runMain(main);
