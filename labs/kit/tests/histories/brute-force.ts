import type { KvHistory, KvItem } from "../../linearizability";
import { PlainStore } from "./plain-store";

/** Tries every order of the operations, and every choice of open ones that happened. For a handful of operations. */
export function isLinearizableByForce(history: KvHistory): boolean {
  return canGoOn(history, new PlainStore());
}

function canGoOn(left: KvHistory, store: PlainStore): boolean {
  if (left.every(({ completed }) => completed === undefined)) return true;
  return left.some((item) => {
    if (left.some((other) => precedes(other, item))) return false;
    const next = store.copy();
    const answer = next.apply(item.operation);
    if (item.completed !== undefined && item.completed.result !== answer) return false;
    return canGoOn(
      left.filter((other) => other !== item),
      next,
    );
  });
}

function precedes(a: KvItem, b: KvItem): boolean {
  return a.completed !== undefined && a.completed.position < b.invoked.position;
}

/** The history as it was known at a position: what returned later is open. */
export function knownAt(history: KvHistory, position: number): KvHistory {
  return history
    .filter(({ invoked }) => invoked.position <= position)
    .map((item) =>
      item.completed === undefined || item.completed.position <= position
        ? item
        : { ...item, completed: undefined },
    );
}
