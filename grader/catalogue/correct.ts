import { Command } from "commander";
import pc from "picocolors";
import { plural } from "../../labs/kit/story/words";
import { LABS, type Lab, labByNumber } from "../course/labs";
import { prettyTests } from "../labgrader/reporters";
import { countStates } from "../labgrader/result";
import type { TestCase } from "../labgrader/suite";
import { suiteOf } from "../suites";
import {
  DEFAULT_BASE_SEED,
  EXIT,
  exitAsUsual,
  list,
  positiveNumber,
  progress,
  runMain,
  seedHint,
  wholeNumber,
} from "../tools/command-line";
import { laterReferencesOf, referenceOf, type Variant, variantsOf } from "./catalogue";
import { gradeOwn } from "./check";

interface Options {
  readonly lab: readonly string[];
  readonly seeds?: number;
  readonly baseSeed: number;
  /** Numbers of the tests to run. Without: all. */
  readonly tests?: readonly string[];
}

/** `npm run reference` and `npm run variants`: do all correct programs get all points? */
async function main(): Promise<number> {
  const program = new Command("correct")
    .description(
      "Runs the whole suite on correct programs: a lab's reference, those of later labs, and variants. Exit code 1: one of them was failed, which is unfair.",
    )
    .argument("[names...]", "“reference”, “variants”, or variants by name", ["reference", "variants"])
    .option(
      "--lab <numbers>",
      "which labs: 1 or 2,3",
      list,
      LABS.map(({ number }) => number),
    )
    .option("--seeds <count>", "runs of each test, instead of what the suite says", positiveNumber)
    .addOption(seedHint())
    .option("--base-seed <seed>", "the seed from which all others come", wholeNumber, DEFAULT_BASE_SEED)
    .option("--tests <numbers>", "only these tests: 1.8n,2.8l", list)
    .showHelpAfterError();
  exitAsUsual(program).parse();
  const options = program.opts<Options>();
  const chosen = options.lab.flatMap((number) =>
    programsOf(labByNumber(number), program.processedArgs[0] as readonly string[]),
  );
  refuseUnknown(program.args, chosen);
  let failed = 0;
  for (const one of chosen) if (!(await isRight(one, options))) failed += 1;
  console.log(`Correct programs: ${chosen.length - failed} passed, ${failed} failed`);
  return failed === 0 ? EXIT.passed : EXIT.failed;
}

/** The correct programs of a lab that were asked for. */
function programsOf(lab: Lab, wanted: readonly string[]): readonly Variant[] {
  const references = [{ name: "reference", submission: referenceOf(lab) }, ...laterReferencesOf(lab)];
  const variants = variantsOf(lab);
  return [
    ...(wanted.includes("reference") ? references : []),
    ...variants.filter(({ name }) => wanted.includes("variants") || wanted.includes(name)),
  ];
}

function refuseUnknown(names: readonly string[], chosen: readonly Variant[]): void {
  const unknown = names.filter(
    (name) => name !== "reference" && name !== "variants" && !chosen.some((program) => program.name === name),
  );
  if (unknown.length === 0) return;
  const all = LABS.flatMap((lab) => variantsOf(lab).map(({ name }) => name));
  throw new RangeError(
    `There is no ${unknown.join(", ")}. There are: reference, ${[...new Set(all)].join(", ")}.`,
  );
}

/** Runs a program, and tells what came of it. @returns true if it got all points */
async function isRight({ name, submission }: Variant, options: Options): Promise<boolean> {
  const { number } = submission.lab;
  const isWanted = (test: TestCase): boolean => options.tests?.includes(test.number) ?? true;
  const total = suiteOf(submission.lab).tests.filter(isWanted).length;
  if (total === 0) throw new RangeError(`Lab ${number} has no test ${options.tests?.join(", ")}.`);
  let done = 0;
  const startedAt = performance.now();
  const { tests, points, maxPoints } = await gradeOwn(submission, {
    ...options,
    select: isWanted,
    onEvent: (event) => {
      if (event.kind === "test-end") done += 1;
      if (event.kind === "test-start")
        progress(`  lab ${number}, ${name}: test ${event.test.number}, ${done} of ${total} done`);
    },
  });
  progress("");
  const runs = tests.reduce((sum, test) => sum + test.seedsRun, 0);
  const wall = performance.now() - startedAt;
  const passed = countStates(tests).passed === total;
  const mark = passed ? pc.green("✓") : pc.red("✗");
  console.log(
    `${mark} ${number} ${name.padEnd(16)} ${points}/${maxPoints} points, ${plural(runs, "run")} in ${(wall / 1000).toFixed(1)} s`,
  );
  for (const told of prettyTests(tests.filter(({ state }) => state !== "passed"))) console.log(told);
  return passed;
}

runMain(main);
