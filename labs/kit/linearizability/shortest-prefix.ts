import type { Meter } from "./bounds";
import { decide } from "./decide";
import { type Model, NEVER, type Primitive } from "./model";
import { intervalsOf, type Part } from "./part";

/** How far a part must be known to be illegal. */
export interface Prefix {
  /** The position of its last event, a return. */
  readonly end: number;
  /** True if no shorter prefix is illegal; false if for some of them the bounds did not suffice to say. */
  readonly isShortest: boolean;
}

/**
 * Finds the shortest illegal prefix of an illegal part. What is illegal stays so whatever comes later, and an
 * invocation alone makes nothing illegal: so the answer is the position of a return, found by halving.
 */
export function shortestPrefix<Operation, Result, State extends Primitive, Action>(
  part: Part<Operation, Result>,
  model: Model<Operation, Result, State, Action>,
  meter: Meter,
): Prefix {
  const ends = part.items.map(({ completed }) => completed?.position ?? NEVER).filter((end) => end !== NEVER);
  ends.sort((a, b) => a - b);
  let isShortest = true;
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    const { kind } = decide(intervalsOf(part.items, ends[middle], model), model.machine, meter);
    if (kind === "illegal") high = middle;
    else low = middle + 1;
    if (kind === "unknown") isShortest = false;
  }
  return { end: ends[high], isShortest };
}
