import path from "node:path";
import { Command } from "commander";
import { LABS, labByNumber, ROOT } from "../course/labs";
import { EXIT, exitAsUsual, runMain } from "../tools/command-line";
import { begin } from "./begin";
import { REFERENCE } from "./earlier-files";
import { begunWords, firstLabWords, isClean } from "./words";

interface Options {
  readonly lab: string;
  readonly from?: string;
}

/** `npm run begin`: a student's code of the lab before, merged into the skeleton of a lab. */
async function main(): Promise<number> {
  const program = new Command("npm run begin --")
    .description("Begins a lab: merges your files of the lab before into its skeleton.")
    .requiredOption("--lab <number>", "which lab begins")
    .option(
      "--from <folder>",
      `folder with your files of the lab before, if it is not labs/…; or “${REFERENCE}”, if your course hands it out`,
    )
    .addHelpText("after", "\nNothing of yours is overwritten without a copy beside it.")
    .showHelpAfterError();
  exitAsUsual(program);
  program.parse();
  const { lab: number, from } = program.opts<Options>();
  const lab = labByNumber(number);
  const begun = await begin({ root: ROOT, labs: LABS, lab, from: whence(from) });
  console.log(begun === undefined ? firstLabWords(lab) : begunWords(begun));
  return begun === undefined || isClean(begun) ? EXIT.passed : EXIT.failed;
}

/** A folder as it was typed, where npm says; other words stay. */
function whence(from: string | undefined): string | undefined {
  if (from === undefined || from === REFERENCE) return from;
  return path.resolve(process.env.INIT_CWD ?? process.cwd(), from);
}

runMain(main);
