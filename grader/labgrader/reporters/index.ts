import { ReasonsSoFar, reasonEntries } from "../reasons";
import type { SuiteResult, TestResult } from "../result";
import { prettySummary, prettyTest } from "./pretty";
import { printableTest } from "./printable-test";
import { tapReport } from "./tap";

/** The ways to print a result. */
export const REPORTERS = ["pretty", "json", "tap"] as const;
export type ReporterName = (typeof REPORTERS)[number];

/** A whole result in one of the formats. */
export function report(result: SuiteResult, reporter: ReporterName): string {
  const clean = { ...result, tests: result.tests.map(printableTest) };
  switch (reporter) {
    case "pretty":
      return [...prettyTests(clean.tests), prettySummary(clean)].join("\n");
    case "json":
      return JSON.stringify({ ...clean, reasons: reasonEntries(clean.tests) }, null, 2);
    case "tap":
      return tapReport(clean);
  }
}

/** All tests for a terminal; a reason is told in full where it comes first. */
export function prettyTests(tests: readonly TestResult[]): string[] {
  const reasons = new ReasonsSoFar();
  return tests.map((test) => prettyTest(test, reasons.toldBy(test)));
}
