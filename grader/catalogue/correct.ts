import { Command } from "commander";
import pc from "picocolors";
import { LABS, labByNumber } from "../course/labs";
import { prettyTest } from "../labgrader/reporters/pretty";
import { countStates } from "../labgrader/result";
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
import { referenceOf, variantsOf } from "./catalogue";
import { gradeOwn } from "./check";

interface Options {
  readonly lab: string;
  readonly seeds?: number;
  readonly baseSeed: number;
}

/** `npm run reference` and `npm run variants`: do all correct programs get all points? */
async function main(): Promise<number> {
  const program = new Command("correct")
    .description(
      "Runs the hidden suite on correct programs. Exit code 1: one of them was failed, which is unfair.",
    )
    .argument("[names...]", "“reference”, “variants”, or variants by name", ["reference", "variants"])
    .option("--lab <number>", "which lab", LABS[0].number)
    .option("--seeds <count>", "runs of each test, instead of what the suite says", positiveNumber)
    .option("--base-seed <seed>", "the seed from which all others come", wholeNumber, DEFAULT_BASE_SEED)
    .showHelpAfterError();
  exitAsUsual(program).parse();
  const options = program.opts<Options>();
  const lab = labByNumber(options.lab);
  const reference = { name: "reference", submission: referenceOf(lab) };
  const programs = [reference, ...variantsOf(lab)];
  const wanted = program.processedArgs[0] as readonly string[];
  const unknown = wanted.filter(
    (name) => name !== "variants" && !programs.some((candidate) => candidate.name === name),
  );
  if (unknown.length > 0)
    throw new RangeError(
      `There is no ${unknown.join(", ")}. There are: ${programs.map(({ name }) => name).join(", ")}.`,
    );

  let failed = 0;
  const chosen = programs.filter(
    ({ name }) => wanted.includes(name) || (name !== "reference" && wanted.includes("variants")),
  );
  for (const { name, submission } of chosen) {
    const total = suiteOf(lab).tests.length;
    let done = 0;
    const result = await gradeOwn(submission, {
      ...options,
      onEvent: (event) => {
        if (event.kind === "test-end") done += 1;
        if (event.kind === "test-start")
          progress(`  ${name}: test ${event.test.number}, ${done} of ${total} done`);
      },
    });
    progress("");
    const runs = result.tests.reduce((sum, test) => sum + test.seedsRun, 0);
    const wall = result.tests.reduce((sum, test) => sum + test.wallMs, 0);
    const isRight = countStates(result.tests).passed === total;
    if (!isRight) failed += 1;
    const mark = isRight ? pc.green("✓") : pc.red("✗");
    console.log(
      `${mark} ${name.padEnd(16)} ${result.points}/${result.maxPoints} points, ${runs.toLocaleString("en")} runs in ${(wall / 1000).toFixed(1)} s`,
    );
    for (const test of result.tests) if (test.state !== "passed") console.log(prettyTest(test));
  }
  console.log(`Correct programs: ${chosen.length - failed} passed, ${failed} failed`);
  return failed === 0 ? EXIT.passed : EXIT.failed;
}

runMain(main);
