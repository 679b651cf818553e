/** A frame of a stack as V8 writes it, "at Raft.onMessage (/my labs/raft.ts:57:9)", or as the others do, "onMessage@…". */
const FRAME = /^(?:at (?:.*? \()?(?:async )?|[^@]*@)(.+):(\d+):\d+\)?$/;

/** Frames that are never the student's: this kit, the runtime, installed packages. */
const FOREIGN = /[\\/]labs[\\/]kit[\\/]|^node:|[\\/]node_modules[\\/]|^internal[\\/]|^<anonymous>|^eval at /;

/**
 * The line of the student's own code in which an error began: "raft.ts:57".
 * @returns undefined where the platform gives no stack, or none of it is the student's
 */
export function studentLine(error: unknown): string | undefined {
  const stack: unknown = error instanceof Error ? error.stack : undefined;
  if (typeof stack !== "string") return undefined;
  for (const line of stack.split("\n")) {
    const [, file, row] = FRAME.exec(line.trim()) ?? [];
    if (file === undefined || row === undefined || FOREIGN.test(file)) continue;
    return `${file.replace(/^.*[\\/]/, "")}:${row}`;
  }
  return undefined;
}
