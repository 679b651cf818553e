import { createContext, Script } from "node:vm";

/** Thrown where work was not done in time. */
export class OutOfTime extends Error {
  override readonly name = "OutOfTime";
}

/** Code that runs in this context can be stopped from outside, even in the middle of a function that does not return. */
const context = createContext({ work: (): unknown => undefined });
const call = new Script("work()");

/**
 * Does something at once, and stops it if it takes too long; its `finally` blocks do not run then.
 * @throws OutOfTime
 */
export function atOnceInTime<T>(withinMs: number, work: () => T): T {
  context.work = work;
  try {
    return call.runInContext(context, { timeout: withinMs }) as T;
  } catch (error) {
    if (Reflect.get(Object(error), "code") === "ERR_SCRIPT_EXECUTION_TIMEOUT") throw new OutOfTime();
    throw error;
  }
}

/**
 * Waits for something, but not too long.
 * @throws OutOfTime
 */
export async function inTime<T>(withinMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new OutOfTime()), withinMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
