import path from "node:path";
import { ROOT } from "../course/labs";

/** One check of the gate: a command, and which of its lines to show when it went well. */
export interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Lines that close the command's report. */
  readonly closing: RegExp;
}

const bin = (name: string): string => path.join(ROOT, "node_modules", ".bin", name);
const own = (script: string, ...args: string[]): Pick<Step, "command" | "args"> => ({
  command: process.execPath,
  args: ["-r", "ts-node/register", path.join(ROOT, "grader", script), ...args],
});
const tape = (...globs: string[]): Pick<Step, "command" | "args"> => ({
  command: bin("tape"),
  args: ["-r", "ts-node/register", ...globs],
});
const TAP_CLOSING = /^# (tests|pass|fail|skip)|# SKIP/;

/** Tests of what the machine does for the grader: as long as all others together. */
const MACHINE = "walls|infrastructure|every-machine";

/** All checks, the long ones first, so that two lanes end together. */
export const STEPS: readonly Step[] = [
  { name: "grader tests (tape)", ...tape(`grader/tests/!(${MACHINE}).test.ts`), closing: TAP_CLOSING },
  {
    name: "walls around submissions (tape)",
    ...tape(`grader/tests/@(${MACHINE}).test.ts`),
    closing: TAP_CLOSING,
  },
  { name: "correct programs score 100 %", ...own("catalogue/correct.ts"), closing: /points|^Correct/ },
  { name: "types (tsc)", command: bin("tsc"), args: ["-p", ROOT], closing: /^Found/ },
  { name: "lint and format (biome)", command: bin("biome"), args: ["ci", "."], closing: /^Checked/ },
  { name: "kit tests (tape)", ...tape("labs/kit/tests/*.test.ts"), closing: TAP_CLOSING },
  {
    name: "practice tests against the solutions (jest)",
    command: bin("jest"),
    args: ["--config", "labs/runner/solutions.config.cjs"],
    closing: /^(Tests|Test Suites):/,
  },
  {
    name: "practice tests against the variants (jest)",
    command: bin("jest"),
    args: ["--config", "grader/catalogue/variants.jest.cjs"],
    closing: /^(Tests|Test Suites):/,
  },
  { name: "every bug is caught (mutants)", ...own("catalogue/mutants.ts"), closing: /^Mutants/ },
];
