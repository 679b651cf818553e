import type { Limit } from "./limit";

/**
 * Tries some candidates side by side. What counts is their order, not which of them is quicker: the result is the same as
 * if they had been tried one by one.
 * @returns the first that does; undefined if none does, or there is no time
 */
export async function firstOf<Candidate, Result>(
  candidates: readonly Candidate[],
  attempt: (candidate: Candidate) => Promise<Result | undefined>,
  limit: Limit,
): Promise<{ readonly index: number; readonly result: Result } | undefined> {
  const affordable = candidates.slice(0, limit.left);
  const results = await Promise.all(affordable.map(attempt));
  const index = results.findIndex((result) => result !== undefined);
  limit.take(index === -1 ? results.length : index + 1);
  const result = results[index];
  return result === undefined ? undefined : { index, result };
}
