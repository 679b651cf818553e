import type { Json } from "../../contract";

/** True if two commands say the same. Fields of undefined are as good as missing, and their order says nothing. */
export function isSameCommand(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return isSameList(a, b);
  const left = a as Readonly<Record<string, Json | undefined>>;
  const right = b as Readonly<Record<string, Json | undefined>>;
  for (const field in left) if (!isSameCommand(left[field], right[field])) return false;
  for (const field in right) if (right[field] !== undefined && left[field] === undefined) return false;
  return true;
}

function isSameList(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!isSameCommand(a[i] as Json, b[i] as Json)) return false;
  return true;
}

/** A text that two commands share if and only if they say the same. */
export function commandKey(command: Json | undefined): string {
  if (typeof command !== "object" || command === null) return JSON.stringify(command) ?? "";
  if (Array.isArray(command)) return `[${command.map(commandKey).join()}]`;
  const fields = Object.entries(command as Readonly<Record<string, Json | undefined>>)
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => `${JSON.stringify(field)}:${commandKey(value)}`);
  return `{${fields.sort().join()}}`;
}
