import { type Bounds, DEFAULT_BOUNDS, Meter } from "./bounds";
import { findCore } from "./core";
import { decide } from "./decide";
import type { History, HistoryItem } from "./history";
import { type Model, NEVER, type Primitive } from "./model";
import { intervalsOf, type Part, partsOf } from "./part";
import { type Prefix, shortestPrefix } from "./shortest-prefix";

/** What a check finds. "unknown" is not a pass: the bounds did not suffice. */
export type Verdict<Operation, Result> =
  | { readonly kind: "ok" }
  | Illegal<Operation, Result>
  | { readonly kind: "unknown"; readonly why: string };

/** No order of the operations explains their answers. Here is how far one must read to see it, and what matters. */
export interface Illegal<Operation, Result> {
  readonly kind: "illegal";
  /** The part of the store that it is about. */
  readonly part: string;
  /** The shortest prefix of the history that is illegal, whatever the operations that are open at its end did. */
  readonly prefix: Prefix;
  /** The operation whose return ends the prefix. */
  readonly offender: HistoryItem<Operation, Result>;
  /**
   * The operations that contradict each other, the offender among them, in the order of their invocations, as they were
   * known at the end of the prefix. The others do not matter: had each of them happened at any time, or never, these
   * could still not be explained.
   */
  readonly core: readonly HistoryItem<Operation, Result>[];
  /** True if every operation of the core is needed. */
  readonly isMinimal: boolean;
  /** All the operations on this part that were invoked within the prefix, likewise. */
  readonly items: readonly HistoryItem<Operation, Result>[];
}

/**
 * Checks that the history is linearizable: that each operation can have taken effect in one instant between its
 * invocation and its return, so that every answer is what the model answers. A verdict depends on nothing but the
 * arguments.
 * @param bounds for each part; and once more for finding the prefix, and for finding the core
 */
export function check<Operation, Result, State extends Primitive, Action>(
  history: History<Operation, Result>,
  model: Model<Operation, Result, State, Action>,
  bounds: Bounds = DEFAULT_BOUNDS,
): Verdict<Operation, Result> {
  const illegal: { readonly part: Part<Operation, Result>; readonly prefix: Prefix }[] = [];
  let unknown: { readonly kind: "unknown"; readonly why: string } | undefined;
  for (const part of partsOf(history, model)) {
    const decision = decide(intervalsOf(part.items, NEVER, model), model.machine, new Meter(bounds));
    if (decision.kind === "unknown") unknown ??= { kind: "unknown", why: `“${part.name}”: ${decision.why}` };
    if (decision.kind === "illegal")
      illegal.push({ part, prefix: shortestPrefix(part, model, new Meter(bounds)) });
  }
  if (illegal.length === 0) return unknown ?? { kind: "ok" };
  const { part, prefix } = illegal.reduce((a, b) => (b.prefix.end < a.prefix.end ? b : a));
  return explain(part, unknown === undefined ? prefix : { ...prefix, isShortest: false }, model, bounds);
}

function explain<Operation, Result, State extends Primitive, Action>(
  part: Part<Operation, Result>,
  prefix: Prefix,
  model: Model<Operation, Result, State, Action>,
  bounds: Bounds,
): Illegal<Operation, Result> {
  const items = part.items
    .filter(({ invoked }) => invoked.position < prefix.end)
    .map((item) => knownAt(prefix.end, item));
  const offender = items.find(({ completed }) => completed?.position === prefix.end);
  if (offender === undefined)
    throw new Error(`No operation returns at ${prefix.end}, the end of the prefix.`);
  const core = findCore(items, offender, model, new Meter(bounds));
  return {
    kind: "illegal",
    part: part.name,
    prefix,
    offender,
    core: core.items,
    isMinimal: core.isMinimal,
    items,
  };
}

/** What was known of an operation at a position: if it returned later, it was still open. */
function knownAt<Operation, Result>(
  position: number,
  item: HistoryItem<Operation, Result>,
): HistoryItem<Operation, Result> {
  const isKnown = item.completed === undefined || item.completed.position <= position;
  return isKnown ? item : { ...item, completed: undefined };
}
