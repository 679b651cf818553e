/** What an entry is. A link is never followed, wherever it leads. */
export type EntryKind = "file" | "folder" | "link" | "other";

/** Something that lies in a folder of a submission. */
export interface Entry {
  /** "raft.ts", without the folder */
  readonly name: string;
  readonly kind: EntryKind;
}

/**
 * A submission to look around in, whether it is a folder or an archive. Paths are written "labs/1-election/raft.ts";
 * the root is "".
 */
export interface SourceTree {
  /** The student, as far as the grader knows: the folder's name, or the archive's without its extension. */
  readonly name: string;
  /** What lies directly in a folder, by name; nothing if there is no such folder. */
  list(folder: string): readonly Entry[];
  /**
   * The bytes of a file that `list` showed.
   * @throws SubmissionProblem if it has more than {@link FILE_BYTES_MAX}, or is no file any more
   */
  read(file: string): Buffer;
}

/** Bytes that one source file may have. */
export const FILE_BYTES_MAX = 1_000_000;

/** Joins parts of a path; "" is the root. */
export function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("/");
}

/** What systems and tools leave behind. Nobody hands it in on purpose. */
export function isLeftBehind(name: string): boolean {
  return name.startsWith(".") || name === "__MACOSX" || name === "node_modules";
}

const KIND_WORDS: Readonly<Record<EntryKind, string>> = {
  file: "a file",
  folder: "a folder",
  link: "a link",
  other: "a device or pipe",
};

/** Says that something should be a file, what it is instead, and what to do. */
export function notAFileWords(name: string, kind: EntryKind): string {
  return `Expected ${name} to be a file; found ${KIND_WORDS[kind]}. Put your file itself there: nothing else is followed or opened.`;
}

/** Says that a source file is too big to be one. */
export function tooBigWords(name: string, bytes: number): string {
  return `${name} has ${bytes} bytes; at most ${FILE_BYTES_MAX} are read. Did something else end up in this file?`;
}
