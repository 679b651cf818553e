import type { AnyMessage } from "../host/reaction";

/** The term counts more than all the rest: more than a message has fields. */
const TERM_WEIGHT = 100;

/** How much of a message another one says too: -1 if it is of another type. Of lists only the length is looked at. */
export function likenessOf(message: AnyMessage, other: AnyMessage): number {
  if (other.type !== message.type) return -1;
  let same = other.term === message.term ? TERM_WEIGHT : 0;
  for (const [field, value] of Object.entries(message))
    if (isAlike(value, Reflect.get(other, field))) same += 1;
  return same;
}

function isAlike(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length;
  return a === b;
}

/** True if two pieces of plain data say the same. */
export function isSameData(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const fields = Object.keys(a);
  if (fields.length !== Object.keys(b).length) return false;
  return fields.every((field) => isSameData(Reflect.get(a, field), Reflect.get(b, field)));
}
