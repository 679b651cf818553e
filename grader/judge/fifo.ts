import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** The two ends of a pipe between this process and another one, as file descriptors that block. */
export interface Ends {
  readonly reading: number;
  readonly writing: number;
}

/** Makes pipes. Node's own are made for callbacks: reading from one at once is not possible. */
export function makePipes(count: number): Ends[] {
  const folder = mkdtempSync(path.join(tmpdir(), "raft-pipe-"));
  try {
    const names = Array.from({ length: count }, (_, i) => path.join(folder, String(i)));
    execFileSync("mkfifo", ["-m", "600", ...names], { stdio: ["ignore", "ignore", "pipe"] });
    return names.map(openBothEnds);
  } catch (error) {
    if (Reflect.get(Object(error), "code") !== "ENOENT") throw error;
    throw new Error("The command mkfifo is needed; it is part of coreutils.", { cause: error });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Opening one end waits for the other: a third descriptor, open for both, keeps either from waiting. */
function openBothEnds(name: string): Ends {
  const both = openSync(name, constants.O_RDWR);
  try {
    return { reading: openSync(name, constants.O_RDONLY), writing: openSync(name, constants.O_WRONLY) };
  } finally {
    closeSync(both);
  }
}
