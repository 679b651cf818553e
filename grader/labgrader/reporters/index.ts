import type { SuiteResult } from "../result";
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
      return [...clean.tests.map(prettyTest), prettySummary(clean)].join("\n");
    case "json":
      return JSON.stringify(clean, null, 2);
    case "tap":
      return tapReport(clean);
  }
}
