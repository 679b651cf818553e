import type { KvOperation } from "../../contract";
import { millisWords } from "../../story/words";
import type { KvItem } from "../kv";

/** Longer values are shortened in the middle: their ends are what differs. */
const VALUE_LENGTH_MAX = 28;

/** A value in quotes, or "nothing" for a missing key. */
export function valueWords(value: string | null, lengthMax = VALUE_LENGTH_MAX): string {
  if (value === null) return "nothing";
  if (value.length <= lengthMax) return JSON.stringify(value);
  const end = lengthMax >> 1;
  return JSON.stringify(`${value.slice(0, lengthMax - end - 1)}…${value.slice(-end)}`);
}

/** "310–340 ms", or "310 ms" if it took no time. */
export function spanWords({ invoked, completed }: KvItem): string {
  if (completed === undefined) return `${millisWords(invoked.at)} and later`;
  if (completed.at === invoked.at) return millisWords(invoked.at);
  return `${millisWords(invoked.at).replace(" ms", "")}–${millisWords(completed.at)}`;
}

/** "C1's put of "b"". */
export function operationWords({ client, operation }: KvItem): string {
  switch (operation.kind) {
    case "get":
      return `${client}'s get`;
    case "put":
    case "append":
      return `${client}'s ${operation.kind} of ${valueWords(operation.value)}`;
    case "cas":
      return operation.expected === null
        ? `${client}'s cas from a missing key to ${valueWords(operation.value)}`
        : `${client}'s cas from ${valueWords(operation.expected)} to ${valueWords(operation.value)}`;
  }
}

/** What a client saw: "C2 read k as "a" at 310–340 ms". */
export function observationWords(item: KvItem): string {
  const { client, operation, completed } = item;
  const result = completed?.result;
  if (operation.kind === "get" && typeof result === "string")
    return `${client} read ${operation.key} as ${valueWords(result)} at ${spanWords(item)}`;
  if (operation.kind === "get" && result === null)
    return `${client} read ${operation.key} at ${spanWords(item)} and found nothing`;
  if (operation.kind === "cas" && typeof result === "boolean")
    return `${operationWords(item)} ${result ? "succeeded" : "failed"} at ${spanWords(item)}`;
  return `${operationWords(item)} completed at ${spanWords(item)}`;
}

/** When it was over: "C1's put of "b" had completed at 290 ms". */
export function hadCompletedWords(item: KvItem): string {
  return `${operationWords(item)} had completed at ${millisWords(item.completed?.at ?? 0)}`;
}

/** An operation with its answer, as short as can be: `get → "a"`. */
export function labelWords(item: KvItem, lengthMax = VALUE_LENGTH_MAX): string {
  const { operation, completed } = item;
  const asked = askedWords(operation, lengthMax);
  if (completed === undefined) return `${asked} ?`;
  const { result } = completed;
  if (operation.kind === "put" || operation.kind === "append")
    return result === null ? asked : `${asked} → ${String(result)}`;
  if (typeof result === "boolean") return `${asked} → ${result ? "yes" : "no"}`;
  return `${asked} → ${valueWords(result, lengthMax)}`;
}

function askedWords(operation: KvOperation, lengthMax: number): string {
  switch (operation.kind) {
    case "get":
      return "get";
    case "put":
    case "append":
      return `${operation.kind} ${valueWords(operation.value, lengthMax)}`;
    case "cas":
      return `cas ${valueWords(operation.expected, lengthMax)} to ${valueWords(operation.value, lengthMax)}`;
  }
}
