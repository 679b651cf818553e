import path from "node:path";
import { Command, Option } from "commander";
import pc from "picocolors";
import { runText } from "../../labs/kit";
import { LABS, labByNumber, ROOT } from "../course/labs";
import { bundle } from "../submission/bundle";
import { readSubmission } from "../submission/intake";
import { load } from "../submission/load";
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
import { replayCommand } from "./replay-command";
import { REPORTERS, type ReporterName, report } from "./reporters";
import { prettySummary, prettyTest } from "./reporters/pretty";
import { inThisProcess, runSuite } from "./runner";
import type { TestCase } from "./suite";

interface Options {
  readonly lab: string;
  readonly only?: readonly string[];
  readonly seed?: number;
  readonly seeds?: number;
  readonly baseSeed: number;
  readonly reporter: ReporterName;
  readonly trace: boolean;
}

async function main(): Promise<number> {
  const program = new Command("labgrader")
    .description(
      "Runs a lab's suite on one submission, in this process. To grade strangers' code use npm run grade.",
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
    .option("--trace", "print each run event by event; best with --only and --seed", false)
    .configureHelp({ sortOptions: true })
    .showHelpAfterError();
  exitAsUsual(program);
  program.parse();
  return grade(program.args[0] ?? path.join(ROOT, "solutions"), program.opts<Options>());
}

async function grade(folder: string, options: Options): Promise<number> {
  const lab = labByNumber(options.lab);
  const suite = suiteOf(lab);
  const select = selection(options.only, suite.tests);
  const { makeHost } = load(await bundle(await readSubmission(folder, lab)), lab);
  const live = options.reporter === "pretty";
  if (live) console.log(pc.bold(suite.title));
  const result = await runSuite(suite, {
    ...inThisProcess(makeHost, { clock: () => performance.now() }),
    baseSeed: options.baseSeed,
    seeds: options.seeds,
    seed: options.seed,
    select,
    replay: (test, seed) => replayCommand(lab, folder, test, seed),
    onEvent: (event) => {
      if (!live) return;
      if (event.kind === "run-start") progress(`  … ${event.test.number} run ${event.run + 1}`);
      if (event.kind === "test-end") {
        progress("");
        console.log(prettyTest(event.result));
      }
    },
    onWorld: (test, world) => {
      if (options.trace)
        (live ? console.log : console.error)(
          `${pc.dim(`${test.number} seed ${world.seed} trace ${world.traceHash}`)}\n${printable(runText(world), Number.POSITIVE_INFINITY)}`,
        );
    },
  });
  console.log(live ? prettySummary(result) : report(result, options.reporter));
  if (result.tests.some(({ state }) => state === "error")) return EXIT.grader;
  return result.tests.every(({ state }) => state === "passed") ? EXIT.passed : EXIT.failed;
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
