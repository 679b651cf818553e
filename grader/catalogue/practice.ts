import { Command } from "commander";
import pc from "picocolors";
import { LABS, labByNumber } from "../course/labs";
import { EXIT, exitAsUsual, list, runMain } from "../tools/command-line";
import { type Variant, variantsOf } from "./catalogue";
import { practiceTestsOn, practise } from "./practice-tests";

// These programs come to their end, and looking whether they do costs half of the time. It is read when the tests load.
process.env.LAB_STUCK_AFTER_MS = "Infinity";

/** Are the practice tests, those that students run with jest, as fair to correct programs as the hidden ones? */
async function main(): Promise<number> {
  const program = new Command("practice")
    .description(
      "Runs the practice tests of the labs on their variants, in this process. Exit code 1: one was failed, which is unfair.",
    )
    .argument("[names...]", "only these variants")
    .option(
      "--lab <numbers>",
      "which labs: 1 or 2,3",
      list,
      LABS.map(({ number }) => number),
    )
    .showHelpAfterError();
  exitAsUsual(program).parse();
  const { lab } = program.opts<{ readonly lab: readonly string[] }>();
  const chosen = chosenFrom(
    lab.flatMap((number) => variantsOf(labByNumber(number))),
    program.args,
  );
  let failed = 0;
  for (const variant of chosen) if (!(await isRight(variant))) failed += 1;
  console.log(`Practice tests: ${chosen.length - failed} variants passed, ${failed} failed`);
  return failed === 0 ? EXIT.passed : EXIT.failed;
}

/** @throws RangeError if a name is no variant's: nothing that was run must not look like a pass */
function chosenFrom(variants: readonly Variant[], names: readonly string[]): readonly Variant[] {
  const known = [...new Set(variants.map(({ name }) => name))];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new RangeError(`There is no ${unknown.join(", ")}. There are: ${known.join(", ")}.`);
  return names.length === 0 ? variants : variants.filter(({ name }) => names.includes(name));
}

/** Runs all tests on a variant, and tells what came of it. @returns true if all passed */
async function isRight({ name, submission }: Variant): Promise<boolean> {
  const startedAt = performance.now();
  const tests = practiceTestsOn(submission);
  const failures: string[] = [];
  for (const test of tests) {
    const why = await practise(test);
    if (why !== undefined) failures.push(`${pc.red("✗")} ${test.title}\n${why}`);
  }
  const isPassed = tests.length > 0 && failures.length === 0;
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  const counts = `${tests.length - failures.length}/${tests.length} tests in ${seconds} s`;
  console.log(
    `${isPassed ? pc.green("✓") : pc.red("✗")} ${submission.lab.number} ${name.padEnd(22)} ${counts}`,
  );
  for (const failure of failures) console.log(failure);
  return isPassed;
}

runMain(main);
