import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import pc from "picocolors";
import { ROOT } from "../course/labs";
import { EXIT, runMain } from "../tools/command-line";
import { printableLine } from "../tools/printable";
import { STEPS, type Step } from "./steps";

interface Ended {
  readonly step: Step;
  readonly code: number;
  readonly output: string;
  readonly millis: number;
}

/** No step may take longer: one that hangs must not hang the gate. */
const STEP_MAX_MS = 15 * 60_000;
/** Characters of arguments that are shown when they are refused. */
const ARGUMENTS_SHOWN = 80;

/** `npm test`: everything that must hold before a change lands. In CI (CI=true) no check may be skipped. */
async function main(): Promise<number> {
  refuseArguments(process.argv.slice(2));
  const waiting = [...STEPS];
  const ended: Ended[] = [];
  const lane = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const result = await run(step);
      ended.push(result);
      console.log(wordsFor(result));
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));

  const failed = ended.filter(({ code }) => code !== 0).map(({ step }) => step.name);
  const skipped = ended.flatMap(({ output }) => skipsIn(output));
  for (const skip of skipped) console.log(pc.yellow(`Skipped: ${skip}`));
  const mustNotSkip = process.env.CI === "true" && skipped.length > 0;
  if (mustNotSkip) console.log(pc.red("In CI nothing may be skipped: install what is missing."));
  for (const name of failed) console.log(pc.red(`Failed: ${name}`));
  console.log(
    `Gate: ${ended.length - failed.length} passed, ${failed.length} failed, ${skipped.length} skipped, in ${(performance.now() / 1_000).toFixed(0)} s`,
  );
  return failed.length === 0 && !mustNotSkip ? EXIT.passed : EXIT.failed;
}

/** @throws RangeError if there are any: who gives some does not want to wait ten minutes for everything */
function refuseArguments(given: readonly string[]): void {
  if (given.length === 0) return;
  const found = printableLine(given.join(" "), ARGUMENTS_SHOWN);
  throw new RangeError(
    `npm test checks the whole course here and takes no arguments; found “${found}”. For the practice tests of a lab: cd labs/1-election && npm test -- -t 1.3`,
  );
}

function run(step: Step): Promise<Ended> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = spawn(step.command, step.args, {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: STEP_MAX_MS,
      killSignal: "SIGKILL",
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    const end = (code: number, more = ""): void =>
      resolve({
        step,
        code,
        output: Buffer.concat(chunks).toString("utf8") + more,
        millis: performance.now() - startedAt,
      });
    child.on("error", (error) => end(1, String(error)));
    child.on("close", (code, signal) => end(code ?? 1, signal === null ? "" : `\nended by ${signal}`));
  });
}

/** A step that went well shows its closing lines; one that did not shows everything it said but its successes. */
function wordsFor({ step, code, output, millis }: Ended): string {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const shown =
    code === 0
      ? lines.filter((line) => step.closing.test(line))
      : lines.filter((line) => !/^ok \d/.test(line));
  const mark = code === 0 ? pc.green("✓") : pc.red("✗");
  return [
    `${mark} ${pc.bold(step.name)}  ${pc.dim(`${(millis / 1000).toFixed(1)} s`)}`,
    ...shown.map((line) => `    ${line}`),
  ].join("\n");
}

/** What TAP says of tests that were skipped as a whole, and of single assertions; and how many jest skipped. */
const SKIPS = [/^# SKIP (.+)$/gm, /^ok \d+ (.*?) *# SKIP *(.*)$/gm, /^Tests:.*?(\d+ skipped)/gm];

function skipsIn(output: string): string[] {
  return SKIPS.flatMap((skip) =>
    [...output.matchAll(skip)].map(([, what, why = ""]) => `${what} ${why}`.trim()),
  );
}

runMain(main);
