import type { History, HistoryItem } from "./history";
import { type Interval, type Model, NEVER, type Primitive } from "./model";

/** The operations on one part of the store: one key. */
export interface Part<Operation, Result> {
  readonly name: string;
  /** In the order in which they were invoked. */
  readonly items: History<Operation, Result>;
}

/**
 * The parts of a history, in the order of their first operations. A history is linearizable if and only if each of its
 * parts is (Herlihy and Wing, "Linearizability", 1990, theorem 1).
 */
export function partsOf<Operation, Result, State extends Primitive, Action>(
  history: History<Operation, Result>,
  model: Model<Operation, Result, State, Action>,
): Part<Operation, Result>[] {
  const items = new Map<string, HistoryItem<Operation, Result>[]>();
  const sorted = [...history].sort((a, b) => a.invoked.position - b.invoked.position);
  for (const item of sorted) {
    const name = model.partOf(item.operation);
    const others = items.get(name);
    if (others === undefined) items.set(name, [item]);
    else others.push(item);
  }
  return Array.from(items, ([name, itsItems]) => ({ name, items: itsItems }));
}

/** What an operation means as far as it is known at `position`: if it returned later, it is still open. */
export function intervalOf<Operation, Result, State extends Primitive, Action>(
  item: HistoryItem<Operation, Result>,
  position: number,
  model: Model<Operation, Result, State, Action>,
): Interval<Action> | undefined {
  const { operation, invoked, completed } = item;
  if (invoked.position > position) return undefined;
  if (completed !== undefined && completed.position <= position) {
    const action = model.meaning(operation, completed.result);
    return { action, invoked: invoked.position, returned: completed.position };
  }
  const action = model.openMeaning(operation);
  return action === undefined ? undefined : { action, invoked: invoked.position, returned: NEVER };
}

/** The intervals of a part as they are known at `position`. */
export function intervalsOf<Operation, Result, State extends Primitive, Action>(
  items: History<Operation, Result>,
  position: number,
  model: Model<Operation, Result, State, Action>,
): Interval<Action>[] {
  const intervals: Interval<Action>[] = [];
  for (const item of items) {
    const interval = intervalOf(item, position, model);
    if (interval !== undefined) intervals.push(interval);
  }
  return intervals;
}
