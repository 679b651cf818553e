import { plural } from "../../labs/kit/story/words";
import type { Audit, LabAudit } from "./audit";

/**
 * What limits an audit of a lab, in short clauses: "2 of 54 mutants". Empty: every mutant of the lab met every test with
 * all its runs. Only then does a test that caught nothing say that a bug is missing.
 */
export function limitsOf(lab: LabAudit, audit: Pick<Audit, "isQuick">): string[] {
  const { mutants, mutantsInAll } = lab;
  const some =
    mutants.length < mutantsInAll ? [`${mutants.length} of ${plural(mutantsInAll, "mutant")}`] : [];
  return [...some, ...limitsOfRows(lab, audit)];
}

/** What limits each row. Empty: every mutant that was examined met every test with all its runs. */
export function limitsOfRows({ tests, mutants }: LabAudit, { isQuick }: Pick<Audit, "isQuick">): string[] {
  const limits: string[] = [];
  if (tests.some(({ seeds, seedsInSuite }) => seeds < seedsInSuite)) {
    const most = Math.max(...tests.map(({ seeds }) => seeds));
    limits.push(`${plural(most, "run")} of each test`);
  }
  if (isQuick) return [...limits, "each mutant only up to its first detection"];
  const cutOff = mutants.filter(({ rounds }) => rounds.some((round) => round.tests.length < tests.length));
  return cutOff.length === 0 ? limits : [...limits, `not every test for ${plural(cutOff.length, "mutant")}`];
}
