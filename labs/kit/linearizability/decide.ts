import type { Meter } from "./bounds";
import type { Interval, Machine, Primitive } from "./model";
import { search } from "./search/search";

/** Whether some order explains the actions of one part. */
export type Decision =
  | { readonly kind: "ok" }
  | { readonly kind: "illegal" }
  | { readonly kind: "unknown"; readonly why: string };

/**
 * Decides one part: by the machine's shortcut if that understands the history, else by search.
 * @param meter may have counted other work before: what is left of its steps is what this may cost
 */
export function decide<State extends Primitive, Action>(
  intervals: readonly Interval<Action>[],
  machine: Machine<State, Action>,
  meter: Meter,
): Decision {
  const fast = machine.shortcut?.(intervals);
  if (fast !== undefined) return { kind: fast ? "ok" : "illegal" };
  meter.configurationsHeld = 0;
  const found = search(intervals, machine, meter);
  return found === "unknown" ? { kind: found, why: meter.exhausted ?? "" } : { kind: found };
}
