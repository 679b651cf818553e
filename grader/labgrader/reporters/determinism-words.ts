import { plural } from "../../../labs/kit/story/words";
import type { TestResult } from "../result";

/** How the failure of a test begins of which a run, made twice, was not the same. */
export const DIFFERENCE = /^Seed \d+ gave two different runs/;

/** What a check of determinism says below the tests: those that differ have said so themselves. */
export function determinismWords(tests: readonly TestResult[]): string {
  const differ = differing(tests);
  if (differ.length > 0)
    return `Determinism: ${differ.map(({ number }) => number).join(", ")} gave two different runs.`;
  return sameWords(tests);
}

/** The same for a class: whose tests differ, if any do. Names are printable. */
export function classDeterminismWords(
  submissions: readonly { readonly student: string; readonly tests: readonly TestResult[] }[],
): string {
  const differ = new Map<string, string[]>();
  for (const { student, tests } of submissions)
    for (const { number } of differing(tests)) differ.set(student, [...(differ.get(student) ?? []), number]);
  if (differ.size === 0) return sameWords(submissions.flatMap(({ tests }) => tests));
  const who = [...differ].map(([student, numbers]) => `${student} (${numbers.join(", ")})`);
  return `Determinism: two different runs on one seed from ${who.join(", ")}.`;
}

function differing(tests: readonly TestResult[]): readonly TestResult[] {
  return tests.filter(({ failure }) => failure !== undefined && DIFFERENCE.test(failure.text));
}

function sameWords(tests: readonly TestResult[]): string {
  const runs = tests.reduce((total, test) => total + runsMadeTwice(test), 0);
  const were = runs === 1 ? "was made twice, and it was" : "were made twice, and each was";
  return `Determinism: ${plural(runs, "run")} ${were} the same, event for event.`;
}

/** Where time or a crash put an end to a run, there is nothing to compare. */
function runsMadeTwice({ seedsRun, failure }: TestResult): number {
  const isCutShort = failure !== undefined && failure.story === undefined;
  return isCutShort ? Math.max(0, seedsRun - 1) : seedsRun;
}
