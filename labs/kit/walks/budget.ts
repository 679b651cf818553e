/** How often things may happen in one walk. What is not named does not happen at all; timers run out without a bound. */
export interface WalkBudget {
  /** Commands that leaders are given. Without: as many as there are. */
  readonly proposals?: number | undefined;
  /** Servers that stop for good: always a minority. Not together with reboots. */
  readonly stops?: number | undefined;
  /** Servers that stop and start again later, between two events or in the middle of one. From lab 3 on. */
  readonly reboots?: number | undefined;
  /** Messages that arrive and stay on their way as well. */
  readonly duplicates?: number | undefined;
  /** Messages that get lost. Those that wait until a walk is over are so, too. */
  readonly drops?: number | undefined;
}

/** What may go wrong in a walk besides the order of events. */
export type Mishap = "stops" | "reboots" | "duplicates" | "drops";
export const MISHAPS: readonly Mishap[] = ["stops", "reboots", "duplicates", "drops"];

const MOST = 1_000;

/** @throws RangeError where a number is none that can be counted up to */
export function checkBudget(budget: WalkBudget): void {
  for (const kind of ["proposals", ...MISHAPS] as const) {
    const most = budget[kind] ?? 0;
    if (!Number.isSafeInteger(most) || most < 0 || most > MOST)
      throw new RangeError(`A walk has 0 to ${MOST} ${kind}, not ${most}.`);
  }
  if ((budget.stops ?? 0) > 0 && (budget.reboots ?? 0) > 0)
    throw new RangeError("In a walk servers stop for good or start again, not both.");
}
