import { Command } from "commander";
import pc from "picocolors";
import { plural } from "../../labs/kit/story/words";
import { LABS, labByNumber } from "../course/labs";
import {
  DEFAULT_BASE_SEED,
  EXIT,
  exitAsUsual,
  list,
  positiveNumber,
  runMain,
  seedHint,
  wholeNumber,
} from "../tools/command-line";
import { type Mutant, mutantsOf } from "./catalogue";
import { tryMutant, type Verdict } from "./check";

interface Options {
  readonly lab: readonly string[];
  readonly everyTest: boolean;
  readonly seeds?: number;
  readonly baseSeed: number;
}

/** `npm run mutants`: is every bug of the catalogue caught, and by the test that is meant to catch it? */
async function main(): Promise<number> {
  const program = new Command("mutants")
    .description("Runs the hidden suite on every bug of the catalogue. Exit code 1: a bug got away.")
    .argument("[ids...]", "only these mutants: E02 E23")
    .option(
      "--lab <numbers>",
      "which labs: 1 or 2,3",
      list,
      LABS.map(({ number }) => number),
    )
    .option("--every-test", "run the whole suite, not only the test that is meant to catch the bug", false)
    .option("--seeds <count>", "runs of each test, instead of what the suite says", positiveNumber)
    .addOption(seedHint())
    .option("--base-seed <seed>", "the seed from which all others come", wholeNumber, DEFAULT_BASE_SEED)
    .showHelpAfterError();
  exitAsUsual(program).parse();
  const options = program.opts<Options>();
  const all = options.lab.flatMap((number) => mutantsOf(labByNumber(number)));
  const mutants = chosen(all, program.args);
  let escaped = 0;
  for (const mutant of mutants) {
    const verdict = await tryMutant(mutant, options, !options.everyTest);
    if (!isCaught(verdict)) escaped += 1;
    console.log(line(verdict, options.everyTest));
  }
  console.log(`Mutants: ${mutants.length - escaped} passed, ${escaped} failed`);
  return escaped === 0 ? EXIT.passed : EXIT.failed;
}

/** Caught as meant: the intended test failed. */
function isCaught({ intended }: Verdict): boolean {
  return intended?.state === "failed";
}

/** "✓ E02  1.6c  1 seed   Votes are counted as replies …", and below it what else caught the bug, or how the story begins. */
function line(verdict: Verdict, everyTest: boolean): string {
  const { mutant, intended, caughtBy } = verdict;
  const seeds = intended === undefined ? "no such test" : plural(intended.seedsRun, "seed");
  const mark = isCaught(verdict) ? pc.green("✓") : pc.red("✗");
  const head = `${mark} ${mutant.submission.lab.number} ${mutant.id.padEnd(5)} ${mutant.caughtBy.padEnd(6)} ${seeds.padEnd(9)} ${mutant.bug}`;
  const others = caughtBy.filter(({ number }) => number !== mutant.caughtBy).map(({ number }) => number);
  const story = intended?.failure?.text.split("\n")[0] ?? "It got away.";
  return `${head}\n${" ".repeat(25)}${pc.dim(everyTest ? `also caught by ${others.join(" ") || "nothing else"}` : story)}`;
}

function chosen(mutants: readonly Mutant[], ids: readonly string[]): readonly Mutant[] {
  const unknown = ids.filter((id) => !mutants.some((mutant) => mutant.id === id));
  if (unknown.length > 0)
    throw new RangeError(
      `There is no mutant ${unknown.join(", ")}. There are: ${mutants.map(({ id }) => id).join(", ")}.`,
    );
  return ids.length === 0 ? mutants : mutants.filter(({ id }) => ids.includes(id));
}

runMain(main);
