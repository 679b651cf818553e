import path from "node:path";
import { Command } from "commander";
import { HistoryTooHard, outcomeText, type RunFile, RunFileProblem, replay } from "../../labs/kit";
import { readRun } from "../../labs/runner/replay-own";
import { LABS, type Lab, ROOT } from "../course/labs";
import { CellLost, LoadingLost } from "../judge/cell-end";
import { codeOf } from "../judge/run-files";
import { withPlace } from "../judge/with-place";
import { playWithout } from "../labgrader/run";
import type { TestCase } from "../labgrader/suite";
import { readSubmission } from "../submission/intake";
import { suiteOf } from "../suites";
import { EXIT, exitAsUsual, runMain } from "../tools/command-line";
import { printable } from "../tools/printable";
import { playedOn, playedOnWords } from "./played-on";

/** Where a grader finds a run file. */
const NEXT =
  "Grading keeps one beside each diagram: grader/out/diagrams/1-election/NAME/1.3a.run.json, or where --out says.";

interface Options {
  readonly against?: string;
}

/** `npm run replay -- FILE`: does a run that failed still fail, on today's files or on those of somebody else? */
async function main(): Promise<number> {
  const program = new Command("replay")
    .description(
      "Plays the run of a run file again, on today's code. Exit code 1: it still fails, in the same way or another.",
    )
    .argument("<file>", "a run file, as a failed test writes it: 1.3a.run.json")
    .option("--against <folder>", "the student's files. Without: those in the lab's folder")
    .showHelpAfterError();
  exitAsUsual(program).parse();
  try {
    return await replayOn(String(program.args[0]), program.opts<Options>());
  } catch (error) {
    if (error instanceof RunFileProblem) throw new RangeError(error.message);
    if (error instanceof HistoryTooHard)
      throw new RangeError(
        "Nobody can say whether this run still fails: what its clients see is too hard to check.",
      );
    if (error instanceof CellLost || error instanceof LoadingLost)
      return told(
        "This run ends in another way now: a handler does not return, or ends the whole program.",
        EXIT.failed,
      );
    throw error;
  }
}

async function replayOn(file: string, { against }: Options): Promise<number> {
  const run = readRun(file, NEXT);
  const lab = labOf(run);
  const test = testOf(run, lab);
  const submission = await readSubmission(against ?? path.join(ROOT, "labs", lab.folder), lab);
  const on = against === undefined ? playedOn(run, submission) : "as recorded";
  const words = playedOnWords(file, run, on);
  if (on === "skeleton") return told(words ?? "", EXIT.usage);
  if (words !== undefined) console.log(`${printable(words)}\n`);
  const outcome = await withPlace(submission, (place) =>
    replay(run, { ...place, again: test && ((without) => playWithout(test, run.seed, place, without)) }),
  );
  const isMended = outcome.kind === "mended";
  return told(outcomeText(run, outcome, codeOf(submission)), isMended ? EXIT.passed : EXIT.failed);
}

function told(text: string, code: number): number {
  console.log(printable(text));
  return code;
}

function labOf({ lab }: RunFile): Lab {
  const found = LABS.find(({ folder }) => folder === lab);
  if (found !== undefined) return found;
  throw new RunFileProblem({
    where: "lab",
    expected: LABS.map(({ folder }) => `“${folder}”`).join(" or "),
    found: `“${lab}”`,
  });
}

/** The test that has to play a run itself; undefined if the run can be played without it. */
function testOf({ play, suite, test }: RunFile, lab: Lab): TestCase | undefined {
  if (play.kind === "schedule") return undefined;
  if (suite === "practice")
    throw new RunFileProblem({
      where: "play",
      expected: "a schedule, or the run of a graded test",
      found: "the run of a practice test, which only the test itself can play",
      next: `Replay it in the folder labs/${lab.folder}.`,
    });
  const [number] = test.split(" ");
  const found = suiteOf(lab).tests.find((candidate) => candidate.number === number);
  if (found !== undefined) return found;
  throw new RunFileProblem({
    where: "test",
    expected: `a test of lab ${lab.number}`,
    found: `“${test}”`,
    next: "The suite has changed since then. Grade again to get new run files.",
  });
}

runMain(main);
