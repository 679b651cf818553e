/** How often things may happen on one path of a search. What is not named does not happen at all. */
export interface SearchBudget {
  /** Timers that run out. */
  readonly timers?: number | undefined;
  /** Commands that leaders are given, counted from the very beginning: each is given once. */
  readonly proposals?: number | undefined;
  /** Stops with a restart, between two events or in the middle of one. */
  readonly reboots?: number | undefined;
  /** Messages that arrive and stay on their way as well. */
  readonly duplicates?: number | undefined;
  /** Messages that get lost. One that never arrives is as good as lost: a search for violations needs none. */
  readonly drops?: number | undefined;
}

const KINDS = ["timers", "proposals", "reboots", "duplicates", "drops"] as const;

/** What was used of a budget is packed into one number: so many bits for each kind. */
const BITS = 6;
const MOST = (1 << BITS) - 1;

export type BudgetKind = (typeof KINDS)[number];

const SHIFT: Readonly<Record<BudgetKind, number>> = {
  timers: 0,
  proposals: 6,
  reboots: 12,
  duplicates: 18,
  drops: 24,
};

/** How often a kind of thing has happened. */
export function usedOf(used: number, kind: BudgetKind): number {
  return (used >> SHIFT[kind]) & MOST;
}

/** A kind of thing has happened so often, and nothing else. */
export function onlyUsed(kind: BudgetKind, times: number): number {
  return times << SHIFT[kind];
}

/** One more thing of a kind has happened. */
export function useOne(used: number, kind: BudgetKind): number {
  return used + (1 << SHIFT[kind]);
}

/** @throws RangeError where a number is too large to be counted */
export function checkBudget(budget: SearchBudget): void {
  for (const kind of KINDS) {
    const most = budget[kind] ?? 0;
    if (!Number.isSafeInteger(most) || most < 0 || most > MOST)
      throw new RangeError(`A search has 0 to ${MOST} ${kind}, not ${most}.`);
  }
}
