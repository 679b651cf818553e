import type { Draws, KvOperation, KvResult } from "../..";
import { HistoryRecorder, type KvHistory } from "../../linearizability";
import { PlainStore } from "./plain-store";

/** What random histories are made of. */
export interface Taste {
  readonly clients: number;
  readonly operations: number;
  readonly keys: readonly string[];
  /** True: no two operations write the same, and values are as the zone test wants them. */
  readonly isUnique: boolean;
  readonly kinds: readonly KvOperation["kind"][];
  /** How likely a client never hears of an operation again; it then goes on under a new name. */
  readonly openChance: number;
}

interface Pending {
  readonly id: number;
  readonly client: number;
  readonly operation: KvOperation;
  /** "due" before it takes effect, "lost" if it never will. */
  effect: "due" | "done" | "lost";
  result: KvResult;
}

/**
 * Lets clients use a real store. Each operation takes effect at a random point between its events: such a history is
 * linearizable by the way it was made.
 */
export function randomHistory(draws: Draws, taste: Taste): KvHistory {
  const recorder = new HistoryRecorder<KvOperation, KvResult>();
  const store = new PlainStore();
  const pending: Pending[] = [];
  const names = Array.from({ length: taste.clients }, (_, i) => `C${i + 1}`);
  const seen: (string | null)[] = [null];
  let [invoked, at] = [0, 0];
  while (invoked < taste.operations || pending.length > 0) {
    at += draws.int(0, 3);
    const idle = names.map((_, i) => i).filter((i) => pending.every(({ client }) => client !== i));
    if (invoked < taste.operations && idle.length > 0 && draws.chance(0.4)) {
      const client = draws.pick(idle);
      const operation = randomOperation(draws, taste, invoked++, seen);
      const id = recorder.invoke(names[client], operation, at);
      pending.push({ id, client, operation, effect: "due", result: null });
    } else if (pending.length > 0) {
      const it = draws.pick(pending);
      if (it.effect === "due" && draws.chance(taste.openChance)) {
        if (draws.chance(0.5)) store.apply(it.operation);
        it.effect = "lost";
      } else if (it.effect === "due") {
        it.result = store.apply(it.operation);
        if (it.operation.kind === "get") seen.push(it.result as string | null);
        it.effect = "done";
        continue;
      }
      if (it.effect === "done") recorder.complete(it.id, it.result, at);
      else names[it.client] = `${names[it.client]}'`;
      pending.splice(pending.indexOf(it), 1);
    }
  }
  return recorder.history;
}

function randomOperation(
  draws: Draws,
  taste: Taste,
  n: number,
  seen: readonly (string | null)[],
): KvOperation {
  const [kind, key] = [draws.pick(taste.kinds), draws.pick(taste.keys)];
  const value = taste.isUnique ? `${n};` : draws.pick(["a", "b", "ab"]);
  switch (kind) {
    case "get":
      return { kind, key };
    case "put":
    case "append":
      return { kind, key, value };
    case "cas": {
      const recent = seen.slice(-3);
      return {
        kind,
        key,
        expected: taste.isUnique ? draws.pick(recent) : draws.pick(["a", "b", null]),
        value,
      };
    }
  }
}

/** The same history with one answer changed: to that of another get of the key, to what somebody wrote, or turned round. */
export function withWrongAnswer(draws: Draws, history: KvHistory): KvHistory {
  const told = history.filter(({ operation }) => operation.kind === "get" || operation.kind === "cas");
  const completed = told.filter((item) => item.completed !== undefined);
  if (completed.length === 0) return history;
  const item = draws.pick(completed);
  const results: KvResult[] =
    item.operation.kind === "cas"
      ? [item.completed?.result === false]
      : completed
          .filter(({ operation }) => operation.kind === "get" && operation.key === item.operation.key)
          .map((other) => other.completed?.result ?? null);
  const own = history.filter(({ operation }) => operation.key === item.operation.key);
  const written = own.map(({ operation }) => ("value" in operation ? operation.value : null));
  const result = draws.pick(item.operation.kind === "cas" || draws.chance(0.6) ? results : written);
  return history.map((other) =>
    other === item && item.completed !== undefined
      ? { ...item, completed: { ...item.completed, result } }
      : other,
  );
}
