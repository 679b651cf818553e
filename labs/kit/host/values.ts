const TEXT_MAX = 40;

/** True for 0, 1, 2, …: a term, an index, a sequence number. */
export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** A value of a student's, in a word or two: for messages that say what was found. */
export function describeShortly(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, TEXT_MAX));
  if (typeof value === "object") return value === null ? "null" : "an object";
  return typeof value === "function" ? "a function" : String(value).slice(0, TEXT_MAX);
}
