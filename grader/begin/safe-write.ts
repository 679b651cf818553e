import { constants, copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Copies of one file that are kept: more would mean that something goes round in circles. */
const COPIES_MAX = 1000;

/** Writes a file as a whole or not at all: whoever reads it meanwhile sees the old text or the new one. */
export function writeWhole(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`);
  writeFileSync(draft, text);
  renameSync(draft, file);
}

/**
 * Copies a file beside itself, as `raft.before-begin.ts.txt`, with a number if there are earlier copies. No compiler
 * or test runner takes these for programs.
 * @returns where the copy is
 */
export function keepCopy(file: string): string {
  const { dir, name, ext } = path.parse(file);
  for (let number = 1; number <= COPIES_MAX; number += 1) {
    const copy = path.join(dir, `${name}.before-begin${number === 1 ? "" : `-${number}`}${ext}.txt`);
    if (existsSync(copy)) continue;
    copyFileSync(file, copy, constants.COPYFILE_EXCL);
    return copy;
  }
  throw new RangeError(`${dir} holds ${COPIES_MAX} copies of ${name}${ext}. Delete those you do not need.`);
}
