import { randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { Command } from "commander";
import pc from "picocolors";
import { plural } from "../../labs/kit/story/words";
import { LABS, ROOT } from "../course/labs";
import { InOrder } from "../grade/in-order";
import {
  exitAsUsual,
  list,
  makeOutFolder,
  positiveNumber,
  progress,
  runMain,
  seedHint,
  wholeNumber,
} from "../tools/command-line";
import { type Audit, type AuditOptions, audit } from "./audit";
import { dataOf } from "./data";
import { auditPage } from "./html/audit-page";
import { tellProgress } from "./progress";
import { chosenFrom, nameOf, refuseUnknownTests, type Subject, subjectsOfLabs } from "./subject";
import { exitCodeOf } from "./verdict";
import { subjectWords, summaryWords } from "./words";
import { WorkerPool } from "./worker-pool";

interface Options {
  readonly lab: readonly string[];
  readonly only?: readonly string[];
  readonly baseSeed?: number;
  readonly rounds: number;
  readonly seeds?: number;
  readonly quick: boolean;
  readonly jobs: number;
  readonly out?: string;
}

const ALL_LABS = LABS.map(({ number }) => number);

/** Base seeds are drawn from so many. */
const BASE_SEEDS = 2 ** 32;

/** `npm run audit`: do the hidden suites catch every bug and pass every correct program, on seeds that nobody has seen? */
async function main(): Promise<number> {
  const program = new Command("audit")
    .description(
      "Runs every mutant and every variant against its lab's whole suite, on fresh random seeds. Exit code 1: a mutant survived, or a correct program was failed.",
    )
    .option("--lab <numbers>", "which labs: 1 or 2,3", list, ALL_LABS)
    .option("--only <names...>", "these mutants and variants: E02 pre-vote; or “mutants”, or “variants”")
    .option("--base-seed <seed>", "repeats an audit (default: drawn anew, and printed)", wholeNumber)
    .option("--rounds <count>", "audits, each with a base seed of its own", positiveNumber, 1)
    .option("--seeds <count>", "runs of each test, instead of what the suite says", positiveNumber)
    .addOption(seedHint())
    .option("--quick", "stop at a mutant's first detection; its intended test comes first", false)
    .option("--jobs <count>", "programs at the same time", positiveNumber, availableParallelism())
    .option(
      "--out <folder>",
      "where the page and the data go (default: grader/out/audit; with --lab, --only, --seeds or --quick: grader/out/audit-part)",
    )
    .allowExcessArguments()
    .showHelpAfterError();
  exitAsUsual(program).parse();
  if (program.args.length > 0)
    throw new RangeError(`Names go behind --only: did you mean --only ${program.args.join(" ")}?`);
  const { lab, only = [], quick, ...options } = program.opts<Options>();
  const subjects = chosenFrom(subjectsOfLabs(lab), only);
  refuseUnknownTests(subjects);
  const isPartial = quick || options.seeds !== undefined || subjects.length < subjectsOfLabs(ALL_LABS).length;
  const out = options.out ?? path.join(ROOT, "grader", "out", isPartial ? "audit-part" : "audit");
  makeOutFolder(out);
  const baseSeed = options.baseSeed ?? randomInt(BASE_SEEDS);
  console.log(openingWords(subjects, { ...options, baseSeed, isQuick: quick }));
  const result = await auditAll(subjects, { ...options, baseSeed, isQuick: quick });
  console.log(summaryWords(result));
  for (const line of write(result, out)) console.log(line);
  if (isPartial && options.out === undefined)
    console.log("          A part of the whole audit. That one has a folder of its own: grader/out/audit.");
  return exitCodeOf(result);
}

function openingWords(
  subjects: readonly Subject[],
  { baseSeed, rounds, seeds, isQuick }: AuditOptions,
): string {
  const count = (kind: Subject["kind"]): number => subjects.filter((subject) => subject.kind === kind).length;
  const how = [
    plural(rounds, "round"),
    ...(seeds === undefined ? [] : [`${plural(seeds, "run")} of each test`]),
    isQuick ? "quick: each mutant up to its first detection" : "every test on each of them",
  ].join(", ");
  return `${pc.bold(`Audit: ${plural(count("mutant"), "mutant")}, ${plural(count("variant"), "correct program")}`)}, ${how}\nBase seed ${baseSeed}   (the same audit again: --base-seed ${baseSeed})`;
}

/** Tells each subject in its order, as soon as that is possible. */
async function auditAll(subjects: readonly Subject[], options: AuditOptions): Promise<Audit> {
  const inOrder = new InOrder((text) => {
    progress("");
    console.log(text);
  });
  const workers = new WorkerPool();
  try {
    return await audit(subjects, options, (task) => workers.examine(task), {
      onAudited: (audited, place) => inOrder.add(place, subjectWords(audited)),
      onExamined: (done, all, subject) => tellProgress(done, all, nameOf(subject)),
    });
  } finally {
    progress("");
    workers.close();
  }
}

function write(result: Audit, out: string): string[] {
  const files = { page: path.join(out, "index.html"), data: path.join(out, "audit.json") };
  writeFileSync(files.page, auditPage(result));
  writeFileSync(files.data, `${JSON.stringify(dataOf(result))}\n`);
  const shown = (file: string): string => path.relative(process.cwd(), file);
  return [
    `Page      ${shown(files.page)}   (which test earns its keep: open it in a browser)`,
    `Data      ${shown(files.data)}`,
  ];
}

runMain(main);
