import { printableLine } from "../tools/printable";
import type { Trial } from "./trial";

/** One row of a table. */
export function rowOf({ attack, verdict, points, honestPoints, wallMs }: Trial): string {
  const score = `${points ?? "?"}/${honestPoints}`;
  const seconds = `${(wallMs / 1_000).toFixed(1)} s`;
  const does = printableLine(attack.does, 70);
  return `${attack.id}  ${verdict.padEnd(12)} ${score.padStart(6)} ${seconds.padStart(7)}  ${does}`;
}

/** What is not as the catalogue expects it; undefined if all is. */
export function fitsWords({ attack, verdict, points, honestPoints, words }: Trial): string | undefined {
  if (verdict !== attack.verdict)
    return `expected: ${attack.verdict}; it was: ${verdict}. ${words.slice(0, 500)}`;
  if (points === undefined || points > honestPoints)
    return `${points} points; honest code earns ${honestPoints}`;
  if (attack.says !== undefined && !attack.says.test(words))
    return `the report should say ${attack.says}; it says: ${words.slice(0, 500)}`;
  return undefined;
}
