import { type Reason, reasonKey, reasonsOf, type ToldFailure } from "../../labs/kit";
import type { TestVerdict } from "./result";

/** Tests that fail for one reason, as data for reports: each test keeps its own result besides. */
export interface ReasonEntry {
  /** The test whose story tells it, and all that fail for it, in the order of the suite. */
  readonly first: string;
  readonly tests: readonly string[];
  readonly headline: string;
}

/** The reasons for which tests failed. A withheld test has none: what it had in common with others would betray it. */
export function reasonsIn<Test extends TestVerdict>(tests: readonly Test[]): Reason<Test>[] {
  return reasonsOf(tests, comparable);
}

/** The same as data. */
export function reasonEntries(tests: readonly TestVerdict[]): ReasonEntry[] {
  return reasonsIn(tests).map(({ first, all }) => ({
    first: first.number,
    tests: all.map(({ number }) => number),
    headline: headlineOf(first),
  }));
}

/** For tests that come one after the other: which test has told the reason before. */
export class ReasonsSoFar {
  private readonly tellers = new Map<string, string>();

  /** @returns the number of the earlier test that failed for the same reason, or undefined if this is the first */
  toldBy(test: TestVerdict): string | undefined {
    const failure = comparable(test);
    if (failure === undefined) return undefined;
    const key = reasonKey(failure);
    const teller = this.tellers.get(key);
    if (teller === undefined) this.tellers.set(key, test.number);
    return teller;
  }
}

/** The first line of a failure. */
export function headlineOf({ failure, title }: TestVerdict): string {
  return failure?.text.split("\n", 1)[0] ?? title;
}

function comparable({ state, failure, isWithheld }: TestVerdict): ToldFailure | undefined {
  return state === "failed" && isWithheld !== true ? failure : undefined;
}
