import { type Interval, NEVER, type Outlook } from "./model";
import { PrefixIndex } from "./prefix-index";
import { type RegisterAction, type RegisterState, UNSEEN, type Value } from "./register";

/** No action looks. */
const NOBODY = -1;

/**
 * A value matters while an action that names it, or that names a value it may grow into by appends, has not returned.
 * A swap that never returns looks too, but only for the sake of those that will look at what it writes.
 */
export function registerOutlook(intervals: readonly Interval<RegisterAction>[]): Outlook<RegisterState> {
  const hasAppends = intervals.some(({ action }) => action.kind === "append");
  const looks = new Looks(hasAppends);
  let lastDiffer = NOBODY;
  for (const { action, returned } of intervals) {
    if (action.kind === "read" || action.kind === "differ") looks.add(action.value, returned);
    if (action.kind === "swap" && returned !== NEVER) looks.add(action.expected, returned);
    if (action.kind === "differ") lastDiffer = Math.max(lastDiffer, returned);
  }
  const openSwaps = intervals.filter(({ action, returned }) => action.kind === "swap" && returned === NEVER);
  let isSettled = openSwaps.length === 0;
  while (!isSettled) {
    isSettled = true;
    for (const { action } of openSwaps)
      if (action.kind === "swap" && looks.add(action.expected, looks.lastAt(action.value))) isSettled = false;
  }
  return {
    blank: UNSEEN,
    lastLook: (state) => (state === UNSEEN ? NOBODY : looks.lastAt(state)),
    // Whoever does not want a value to differ wants it to be a certain one, and blank is none.
    blankIsWorstFrom: lastDiffer + 1,
  };
}

/** When each value is looked at for the last time. */
class Looks {
  private readonly last = new Map<Value, number>();
  private index: PrefixIndex | undefined;

  constructor(private readonly hasAppends: boolean) {}

  /** @returns true if that is later than what was known */
  add(value: Value, position: number): boolean {
    if (position <= (this.last.get(value) ?? NOBODY)) return false;
    this.last.set(value, position);
    this.index = undefined;
    return true;
  }

  /** The last look at `value`, or at one that it may grow into. */
  lastAt(value: Value): number {
    const exactly = this.last.get(value) ?? NOBODY;
    if (!this.hasAppends) return exactly;
    this.index ??= new PrefixIndex(this.last);
    return Math.max(exactly, this.index.lastWithPrefix(value ?? ""));
  }
}
