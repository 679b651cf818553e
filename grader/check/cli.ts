import path from "node:path";
import { Command, Option } from "commander";
import pc from "picocolors";
import { LABS, type Lab, labByNumber, ROOT } from "../course/labs";
import { reducedIsolation } from "../judge/walls";
import { selection } from "../labgrader/cli";
import { prettyTests } from "../labgrader/reporters";
import { determinismWords } from "../labgrader/reporters/determinism-words";
import { reasonLines } from "../labgrader/reporters/pretty";
import type { SuiteResult } from "../labgrader/result";
import type { TestCase } from "../labgrader/suite";
import { readSubmission, SubmissionProblem } from "../submission/intake";
import { publicSuiteOf } from "../suites";
import { EXIT, exitAsUsual, positiveNumber, runMain, wholeNumber } from "../tools/command-line";
import { clearDiagrams, diagramsOf } from "./diagrams";
import { gradePublicTests } from "./grade-public-tests";
import { seeAgain } from "./see-again";
import { withCommand } from "./with-command";
import { closingWords, graderErrorWords, problemWords, shownWords } from "./words";

interface Options {
  readonly lab: string;
  readonly only?: readonly string[];
  readonly seeds?: number;
  readonly seed?: number;
  readonly trace: boolean;
  readonly checkDeterminism: boolean;
}

/** `npm run check`: a lab's public tests on the student's own files, by the judge that grades them. */
async function main(): Promise<number> {
  const program = new Command("npm run check --")
    .description("Runs the public tests as grading does: the same tests, by the same judge, with points.")
    .argument("[folder]", "folder with your files, if not the lab's own")
    .option("--lab <number>", "which lab", LABS[0].number)
    .option("--only <numbers...>", "run these tests: 1.3 for those of task 1.3, 1.3b for one")
    .option("--seeds <count>", "runs of each test, instead of what the test says", positiveNumber)
    .addOption(
      new Option("--seed <seed>", "show the run of this seed again, in this process")
        .argParser(wholeNumber)
        .conflicts("seeds"),
    )
    .option("--trace", "print each run event by event, in this process; best with --only and --seed", false)
    .option("--check-determinism", "run every seed twice: both runs must be the same, event for event", false)
    .showHelpAfterError();
  exitAsUsual(program);
  program.parse();
  const [folder] = program.processedArgs as [string | undefined];
  const options = program.opts<Options>();
  const lab = labByNumber(options.lab);
  const { title, tests } = publicSuiteOf(lab);
  const chosen = chosenFrom(tests, options.only);

  console.log(pc.bold(title));
  try {
    const submission = await readSubmission(homeOf(lab, folder), lab);
    if (options.trace || options.seed !== undefined) {
      const result = await seeAgain(submission, chosen, options);
      console.log(shownWords());
      return exitCodeOf(result);
    }
    clearDiagrams(lab, chosen);
    const graded = await gradePublicTests(submission, chosen, options, diagramsOf(lab));
    if (graded.kind === "problem") throw new SubmissionProblem(graded.text);
    if (graded.kind === "grader-error") {
      console.error(graderErrorWords(graded.text));
      return EXIT.grader;
    }
    const shown = graded.result.tests.map((test) => withCommand(test, lab, folder));
    for (const test of prettyTests(shown)) console.log(test);
    const reasons = reasonLines(shown);
    if (reasons.length > 0) console.log(["", ...reasons].join("\n"));
    if (options.checkDeterminism) console.log(`\n${determinismWords(graded.result.tests)}`);
    console.log(closingWords(lab, graded.result, chosen.length < tests.length));
    const reduced = reducedIsolation();
    if (reduced !== undefined) console.log(pc.dim(`Isolation is reduced: ${reduced}`));
    return exitCodeOf(graded.result);
  } catch (error) {
    if (!(error instanceof SubmissionProblem)) throw error;
    console.error(problemWords(error.message));
    return EXIT.usage;
  }
}

/** @throws RangeError if a number names no public test */
function chosenFrom(tests: readonly TestCase[], only: readonly string[] | undefined): readonly TestCase[] {
  try {
    return tests.filter(selection(only, tests) ?? (() => true));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(`${error.message} These are the public tests; hidden ones run when you are graded.`);
  }
}

/** Where the files are: the lab's own folder, or another one as it was typed, where npm says. */
function homeOf(lab: Lab, folder: string | undefined): string {
  if (folder === undefined) return path.join(ROOT, "labs", lab.folder);
  return path.resolve(process.env.INIT_CWD ?? process.cwd(), folder);
}

function exitCodeOf({ tests }: SuiteResult): number {
  if (tests.some(({ state }) => state === "error")) return EXIT.grader;
  return tests.every(({ state }) => state === "passed") ? EXIT.passed : EXIT.failed;
}

runMain(main);
