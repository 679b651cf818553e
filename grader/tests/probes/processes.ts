import { readdirSync, readFileSync } from "node:fs";

/** A process of this machine; its start tells it from a later one of the same number. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly startedAt: string;
  readonly words: string;
}

const LOOK_EVERY_MS = 20;

/** True where processes can be looked at. */
export const CAN_SEE_PROCESSES = process.platform === "linux";

function allProcesses(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "latin1");
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        if (fields[0] === "Z") return [];
        const words = readFileSync(`/proc/${name}/cmdline`, "latin1").replaceAll("\0", " ");
        return [{ pid: Number(name), parent: Number(fields[1]), startedAt: fields[19], words }];
      } catch {
        return []; // It has just ended.
      }
    });
}

/** A process and all that it has started, and they. */
export function familyOf(pid: number): Process[] {
  const all = allProcesses();
  const family = all.filter((process) => process.pid === pid);
  for (const member of family) family.push(...all.filter(({ parent }) => parent === member.pid));
  return family;
}

/** Those of some processes that still live after some time. */
export async function survivorsOf(processes: readonly Process[], withinMs: number): Promise<Process[]> {
  const alive = (): Process[] => {
    const all = allProcesses();
    return processes.filter((one) =>
      all.some(({ pid, startedAt }) => pid === one.pid && startedAt === one.startedAt),
    );
  };
  await until(() => alive().length === 0, withinMs);
  return alive();
}

/** Looks again and again whether something is so. @returns false if it was not so in time */
export async function until(isSo: () => boolean, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (!isSo()) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return true;
}
