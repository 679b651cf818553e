import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Failure, type Play, RUN_FILE_BYTES_MAX, runFileOf, type World } from "../kit";
import type { Classes } from "./run";
import { folderOf } from "./student-files";

/** What the name of a run file ends with; before that it is the name of the run's diagram. */
export const RUN_FILE_ENDING = ".run.json";

/** A failed run that is to be kept. */
export interface Kept {
  readonly world: World;
  readonly failure: Failure;
  readonly play: Play;
}

/**
 * Writes a failed run into a file of its own, for `npm run replay`.
 * @param file where, seen from the lab's folder: "report/1.3-7.run.json"
 * @returns false if that was not possible; a story does not need it
 */
export function writeRunFile(
  labFolder: string,
  file: string,
  test: string,
  kept: Kept,
  classes: Classes,
): boolean {
  const lab = path.basename(labFolder);
  const data = runFileOf(kept, { lab, suite: "practice", test, code: codeOf(classes) });
  const text = `${JSON.stringify(data, null, 1)}\n`;
  if (Buffer.byteLength(text) > RUN_FILE_BYTES_MAX) return false;
  try {
    mkdirSync(path.dirname(path.join(labFolder, file)), { recursive: true });
    writeFileSync(path.join(labFolder, file), text);
    return true;
  } catch {
    return false;
  }
}

/** A fingerprint of the student's files: of all in the folder of the class that is tested, but the tests. */
export function codeOf({ server }: Classes): string {
  const folder = folderOf(server);
  if (folder === undefined) return "unknown";
  const hash = createHash("sha256");
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  for (const file of files.sort()) hash.update(`${file}\n${readFileSync(path.join(folder, file), "utf8")}\n`);
  return hash.digest("hex").slice(0, 16);
}
