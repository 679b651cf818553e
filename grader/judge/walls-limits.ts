/** Limits of one cell, which the system sees to. */
export const LIMITS = {
  /** V8's heap. */
  heapMb: 512,
  /** Everything that a process can write to in memory: the heap, buffers, stacks of threads. */
  dataMb: 1_536,
  /** Processor time over a cell's whole life: a backstop behind the judge's own. */
  cpuSeconds: 900,
  openFiles: 64,
  /** Processes and threads, where the system counts those of a cell by themselves. */
  processes: 64,
};

export type Limits = typeof LIMITS;

/** The command within limits that a shell sets: any POSIX shell understands these words. Stricter limits stay. */
export function limited(
  command: readonly string[],
  limits: Limits,
): { file: string; args: readonly string[] } {
  const words = [
    ["t", limits.cpuSeconds],
    ["c", 0],
    ["f", 0],
    ["n", limits.openFiles],
    ["d", limits.dataMb * 1_024],
  ].map(([letter, value]) => `{ ulimit -${letter} ${value} || [ "$(ulimit -H -${letter})" -le ${value} ]; }`);
  return { file: "/bin/sh", args: ["-c", [...words, 'exec "$@"'].join(" && "), "cell", ...command] };
}
