import { accessSync, constants, mkdirSync } from "node:fs";
import path from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import pc from "picocolors";
import { SubmissionProblem } from "../submission/problem";
import { printable } from "./printable";

/** What the shell learns from every command of the grader. */
export const EXIT = {
  /** All is well. For `grade`: everything was graded, whatever the points. */
  passed: 0,
  /** A test failed, a bug got away, a correct program was failed. */
  failed: 1,
  /** The command line or its folders are not right. */
  usage: 2,
  /** The grader itself failed. */
  grader: 3,
} as const;

/** The base seed where no course has set its own. */
export const DEFAULT_BASE_SEED = 1;

/** For commander: a whole number, 0 or more. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("Expected a whole number, 0 or more.");
  return Number(text);
}

/** For commander: a whole number, 1 or more. No run at all must not look like a pass. */
export function positiveNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text) || Number(text) === 0)
    throw new InvalidArgumentError("Expected a whole number, 1 or more.");
  return Number(text);
}

/**
 * For commands that have `--base-seed` and `--seeds`: an option `--seed` that only says which of them is meant. Without
 * it commander suggests `--seeds`, and `--seeds 4` means four runs of each test.
 */
export function seedHint(): Option {
  return new Option("--seed <seed>").hideHelp().argParser((): never => {
    throw new InvalidArgumentError(
      "Say --base-seed for the number from which all seeds come; --seeds is how many runs each test has.",
    );
  });
}

const NO_FOLDER: ReadonlyMap<string, string> = new Map([
  ["EEXIST", "is a file"],
  ["ENOTDIR", "lies below a file"],
]);

/**
 * Sees to it that there is a folder to write to, before any work is done for it.
 * @throws RangeError that says why there cannot be one
 */
export function makeOutFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const shown = path.relative(process.cwd(), folder) || ".";
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const why = NO_FOLDER.get(String(code)) ?? `cannot be made or written to: ${code}`;
    throw new RangeError(`Expected a folder after --out; ${shown} ${why}.`);
  }
}

/** For commander: "1" or "1,3". */
export function list(text: string): string[] {
  return text.split(",").map((item) => item.trim());
}

/** Makes a command end with {@link EXIT}.usage where its command line is not right. */
export function exitAsUsual(program: Command): Command {
  return program.exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.passed : EXIT.usage));
}

/** Runs a command to its exit code. A mistake of its user is a message, not a stack trace. */
export function runMain(main: () => Promise<number>): void {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      const isUsage = error instanceof RangeError || error instanceof SubmissionProblem;
      console.error(isUsage ? pc.red(printable(error.message)) : error);
      process.exitCode = isUsage ? EXIT.usage : EXIT.grader;
    },
  );
}

/** One line that the next one overwrites, where there is a terminal to do so. */
export function progress(text: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${pc.dim(text)}`);
}
