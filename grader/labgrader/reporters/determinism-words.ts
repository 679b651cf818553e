import type { TestResult } from "../result";

/** What a check of determinism says below the tests: those that differ have said so themselves. */
export function determinismWords(tests: readonly TestResult[]): string {
  const runs = tests.reduce((total, { seedsRun }) => total + seedsRun, 0);
  const differ = tests.filter(({ failure }) => isDifference(failure?.text));
  if (differ.length > 0)
    return `Determinism: ${differ.map(({ number }) => number).join(", ")} gave two different runs.`;
  return `Determinism: ${runs.toLocaleString("en")} runs were made twice, and each was the same, event for event.`;
}

function isDifference(text: string | undefined): boolean {
  return text !== undefined && /^Seed \d+ gave two different runs/.test(text);
}
