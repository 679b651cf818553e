import path from "node:path";
import type { ClientClass, ServerClass } from "../kit";
import { loadWithCounter } from "./counted-loops";
import type { LoopCounter } from "./loop-counter";

/** Where a class that is tested was exported. */
interface Origin {
  readonly path: string;
  readonly name: string;
}

const origins = new WeakMap<object, Origin>();

/** Notes from which file a test got something. */
export function rememberOrigin(exported: object, origin: Origin): void {
  origins.set(exported, origin);
}

/** The folder of the file from which a test got a class. */
export function folderOf(exported: object): string | undefined {
  const origin = origins.get(exported);
  return origin && path.dirname(origin.path);
}

/**
 * The same class once more, with each of its loops counted.
 * @returns undefined if its source is not known
 */
export function countedClass<T extends ServerClass | ClientClass>(
  studentClass: T,
  counter: LoopCounter,
): T | undefined {
  const origin = origins.get(studentClass);
  if (origin === undefined) return undefined;
  const counted: unknown = Reflect.get(loadWithCounter(origin.path, counter), origin.name);
  return isClass<T>(counted) ? counted : undefined;
}

function isClass<T>(value: unknown): value is T {
  return typeof value === "function";
}
