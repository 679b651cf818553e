import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from "node:fs";
import { SubmissionProblem } from "../problem";
import { type EntryKind, notAFileWords } from "./source-tree";

/** What `kindOf` needs to know: a Stats or a Dirent. */
type Kinds = Pick<Stats, "isFile" | "isDirectory" | "isSymbolicLink">;

/** What something on the disk is, if it was looked at without following links. */
export function kindOf(found: Kinds): EntryKind {
  if (found.isFile()) return "file";
  if (found.isDirectory()) return "folder";
  return found.isSymbolicLink() ? "link" : "other";
}

/** The same for a place; undefined if nothing is there. */
export function kindAt(place: string): EntryKind | undefined {
  try {
    return kindOf(lstatSync(place));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Nothing is there. Every other error of a disk is the grader's trouble, never a student's. */
export function isMissing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes(codeOf(error));
}

/**
 * Reads a file that may have become something else since it was looked at. It is opened without following a link and
 * without waiting for a pipe's other end, and then asked what it is.
 * @param name how its author knows it
 * @param tooBig what to say about a file of that many bytes, or undefined if they are not too many
 * @throws SubmissionProblem if it is no file, or too big
 */
export function readRegularFile(
  place: string,
  name: string,
  tooBig: (bytes: number) => string | undefined,
): Buffer {
  const file = openUnfollowed(place, name);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new SubmissionProblem(notAFileWords(name, kindOf(stat)));
    const complaint = tooBig(stat.size);
    if (complaint !== undefined) throw new SubmissionProblem(complaint);
    return readBytes(file, stat.size);
  } finally {
    closeSync(file);
  }
}

function openUnfollowed(place: string, name: string): number {
  try {
    return openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isMissing(error)) throw new SubmissionProblem(`Expected ${name}; it is missing.`);
    if (codeOf(error) === "ELOOP") throw new SubmissionProblem(notAFileWords(name, "link"));
    if (codeOf(error) === "ENXIO") throw new SubmissionProblem(notAFileWords(name, "other"));
    throw error;
  }
}

/** Never more than the file had when its size was judged. */
function readBytes(file: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let length = 0;
  while (length < size) {
    const more = readSync(file, bytes, length, size - length, null);
    if (more === 0) break;
    length += more;
  }
  return bytes.subarray(0, length);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
