import type { Limit } from "./limit";

/** What came of trying a candidate. */
export interface Tried<Result> {
  /** Undefined if it does not do. */
  readonly result: Result | undefined;
  /** Events of the run that was played. */
  readonly events: number;
}

/**
 * Tries some candidates side by side. What counts is their order, not which of them is quicker: the result is the same as
 * if they had been tried one by one, up to the end of the work that may be done.
 * @returns the first that does; undefined if none does, or nothing more may be tried
 */
export async function firstOf<Candidate, Result>(
  candidates: readonly Candidate[],
  attempt: (candidate: Candidate) => Promise<Tried<Result>>,
  limit: Limit,
): Promise<{ readonly index: number; readonly result: Result } | undefined> {
  const affordable = candidates.slice(0, limit.left);
  const tried = await Promise.all(affordable.map(attempt));
  for (const [index, { result, events }] of tried.entries()) {
    if (limit.isSpent) return undefined;
    limit.take(events);
    if (result !== undefined) return { index, result };
  }
  return undefined;
}
