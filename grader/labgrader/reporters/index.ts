import type { SuiteResult } from "../result";
import { prettySummary, prettyTest } from "./pretty";
import { tapReport } from "./tap";

/** The ways to print a result. */
export const REPORTERS = ["pretty", "json", "tap"] as const;
export type ReporterName = (typeof REPORTERS)[number];

/** A whole result in one of the formats. */
export function report(result: SuiteResult, reporter: ReporterName): string {
  switch (reporter) {
    case "pretty":
      return [...result.tests.map(prettyTest), prettySummary(result)].join("\n");
    case "json":
      return JSON.stringify(result, null, 2);
    case "tap":
      return tapReport(result);
  }
}
