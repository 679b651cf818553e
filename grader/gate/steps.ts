import path from "node:path";
import { LABS, ROOT } from "../course/labs";

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

/** Test files that take long, and have steps of their own. */
const HEAVY = ["samples", "same-verdict", "attacks", "infrastructure", "walls", "every-machine"];

/** All checks, the long ones first, so that two lanes end together. */
export const STEPS: readonly Step[] = [
  {
    name: "the same verdict in the cell and in one process (tape)",
    ...tape("grader/tests/same-verdict.test.ts"),
    closing: TAP_CLOSING,
  },
  { name: "the sample class (tape)", ...tape("grader/tests/samples.test.ts"), closing: TAP_CLOSING },
  {
    name: "grader tests (tape)",
    ...tape(`grader/tests/!(${HEAVY.join("|")}).test.ts`),
    closing: TAP_CLOSING,
  },
  { name: "attacks (tape)", ...tape("grader/tests/attacks.test.ts"), closing: TAP_CLOSING },
  ...LABS.map(({ number }) => ({
    name: `correct programs score 100 % in lab ${number}`,
    ...own("catalogue/correct.ts", "--lab", number),
    closing: /points|^Correct/,
  })),
  {
    name: "practice tests against the variants",
    ...own("catalogue/practice.ts"),
    closing: /^Practice/,
  },
  {
    name: "what goes wrong with the machine (tape)",
    ...tape("grader/tests/infrastructure.test.ts"),
    closing: TAP_CLOSING,
  },
  {
    name: "walls around submissions (tape)",
    ...tape("grader/tests/@(walls|every-machine).test.ts"),
    closing: TAP_CLOSING,
  },
  { name: "types (tsc)", command: bin("tsc"), args: ["-p", ROOT], closing: /^Found/ },
  { name: "kit tests (tape)", ...tape("labs/kit/tests/*.test.ts"), closing: TAP_CLOSING },
  { name: "diagrams (tape)", ...tape("labs/diagram/tests/*.test.ts"), closing: TAP_CLOSING },
  {
    name: "practice tests against the solutions (jest)",
    command: bin("jest"),
    args: ["--config", "labs/runner/solutions.config.cjs"],
    closing: /^(Tests|Test Suites):/,
  },
  { name: "every bug is caught (mutants)", ...own("catalogue/mutants.ts"), closing: /^Mutants/ },
  { name: "lint and format (biome)", command: bin("biome"), args: ["ci", "."], closing: /^Checked/ },
];
