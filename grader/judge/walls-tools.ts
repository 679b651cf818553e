import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { release } from "node:os";
import path from "node:path";

/**
 * A tool's full name: the cell's environment is empty, and has no PATH.
 * @throws Error if it is not there
 */
export function whereIs(tool: string): string {
  const file = find(tool);
  if (file === undefined) throw new Error(`${tool} is not installed`);
  return file;
}

function find(tool: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(path.isAbsolute);
  return folders.map((folder) => path.join(folder, tool)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

let guard: readonly string[] | undefined;

/** What a command begins with so that it ends when its judge is killed; nothing where no tool does that. */
export function dyingWithParent(): readonly string[] {
  if (guard !== undefined) return guard;
  const setpriv = find("setpriv");
  const words = ["--pdeathsig", "KILL", "--no-new-privs"];
  const isThere = setpriv !== undefined && spawnSync(setpriv, [...words, "true"]).status === 0;
  guard = isThere ? [setpriv, ...words] : [];
  return guard;
}

/**
 * True if a limit on processes can be for those of a cell alone. Older systems count all that a user has anywhere: a
 * limit would hit whoever has many others.
 */
export function countsByNamespace(): boolean {
  const [major, minor] = release().split(".").map(Number);
  return major > 5 || (major === 5 && minor >= 14);
}
