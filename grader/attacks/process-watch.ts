import { readdirSync, readFileSync } from "node:fs";

const LOOK_EVERY_MS = 200;

interface Process {
  readonly parent: number;
  /** When it began, in ticks of the system's clock: a number that is given out again is another process. */
  readonly startedAt: string;
}

/** Notes all processes below this one as they come, to tell later which of them are still there. Linux only. */
export class ProcessWatch {
  private readonly seen = new Map<number, string>();
  private readonly timer = setInterval(() => this.look(), LOOK_EVERY_MS);

  /** How many there were so far. */
  get count(): number {
    return this.seen.size;
  }

  /** Waits until all of them have ended, but no longer than that. @returns the command lines of those that have not */
  async end(withinMs: number): Promise<readonly string[]> {
    clearInterval(this.timer);
    for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
      const now = processes();
      const left = [...this.seen].filter(([pid, startedAt]) => now.get(pid)?.startedAt === startedAt);
      if (left.length === 0 || waitedMs >= withinMs) return left.map(([pid]) => commandLine(pid));
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  private look(): void {
    const all = processes();
    for (const [pid, { startedAt }] of all) if (isBelow(pid, process.pid, all)) this.seen.set(pid, startedAt);
  }
}

function processes(): ReadonlyMap<number, Process> {
  const found = new Map<number, Process>();
  for (const name of namesIn("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    // "pid (command) state parent …": the command may have anything in it.
    const fields = textOf(`/proc/${name}/stat`)
      .replace(/^[\s\S]*\) /, "")
      .split(" ");
    if (fields.length > 19 && fields[0] !== "Z")
      found.set(Number(name), { parent: Number(fields[1]), startedAt: fields[19] });
  }
  return found;
}

function isBelow(pid: number, ancestor: number, all: ReadonlyMap<number, Process>): boolean {
  for (let at = all.get(pid)?.parent; at !== undefined && at > 1; at = all.get(at)?.parent)
    if (at === ancestor) return true;
  return false;
}

function commandLine(pid: number): string {
  return `${pid} ${textOf(`/proc/${pid}/cmdline`).replaceAll("\0", " ")}`;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // another system
  }
}

/** @returns "" if the process has gone meanwhile */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
