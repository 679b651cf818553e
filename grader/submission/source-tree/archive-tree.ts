import { printableName } from "../printable-name";
import { SubmissionProblem } from "../problem";
import { archivePath } from "./archive-path";
import {
  type Entry,
  type EntryKind,
  FILE_BYTES_MAX,
  joined,
  type SourceTree,
  tooBigWords,
} from "./source-tree";

/** Entries that an archive may have. */
export const ENTRIES_MAX = 10_000;
/** Bytes that all files of an archive may have together, unpacked. */
export const UNPACKED_BYTES_MAX = 100_000_000;
/** A lab's files lie at most this deep: "ana-main/labs/1-election/raft.ts". What is deeper is not kept in mind. */
const DEPTH_MAX = 4;

/** An entry as the archive's own list describes it. */
export interface ArchiveEntry {
  readonly name: string;
  readonly kind: EntryKind;
  /** Bytes, unpacked. */
  readonly size: number;
}

interface Known {
  readonly kind: EntryKind;
  readonly size: number;
}

/** A submission that is an archive. It is never unpacked: its readers fill this with names, and with the few files that matter. */
export class ArchiveTree implements SourceTree {
  private readonly known = new Map<string, Known>();
  private readonly contents = new Map<string, Buffer>();
  private entryCount = 0;
  private unpackedBytes = 0;

  /** @param wanted which files' contents to keep, by path */
  constructor(
    readonly name: string,
    private readonly wanted: (path: string) => boolean,
  ) {}

  /**
   * Takes note of an entry, and answers its path if the reader should bring its content.
   * @throws SubmissionProblem if the name, the sizes or the numbers are not those of an honest archive
   */
  add({ name, kind, size }: ArchiveEntry): string | undefined {
    this.entryCount += 1;
    this.unpackedBytes += size;
    if (this.entryCount > ENTRIES_MAX) throw tooMany();
    if (this.unpackedBytes > UNPACKED_BYTES_MAX) throw tooMuch();
    const path = archivePath(name);
    const parts = path.split("/");
    for (let depth = 1; depth < parts.length && depth <= DEPTH_MAX; depth++)
      this.note(parts.slice(0, depth).join("/"), { kind: "folder", size: 0 });
    if (path === "" || parts.length > DEPTH_MAX) return undefined;
    this.note(path, { kind, size });
    return kind === "file" && size <= FILE_BYTES_MAX && this.wanted(path) ? path : undefined;
  }

  /** Takes the content of a file for which `add` asked. */
  keep(path: string, bytes: Buffer): void {
    this.contents.set(path, bytes);
  }

  list(folder: string): readonly Entry[] {
    const start = folder === "" ? "" : `${folder}/`;
    return [...this.known]
      .filter(([path]) => path.startsWith(start) && !path.includes("/", start.length))
      .map(([path, { kind }]) => ({ name: path.slice(start.length), kind }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  read(file: string): Buffer {
    const size = this.known.get(file)?.size ?? 0;
    if (size > FILE_BYTES_MAX)
      throw new SubmissionProblem(tooBigWords(printableName(joined(this.name, file)), size));
    const bytes = this.contents.get(file);
    if (bytes === undefined)
      throw new Error(`${file} of ${this.name} was not kept when the archive was read.`);
    return bytes;
  }

  /** Only a folder may be named twice: which of two files counts would depend on the program that unpacks them. */
  private note(path: string, found: Known): void {
    const before = this.known.get(path);
    if (before !== undefined && (before.kind !== "folder" || found.kind !== "folder")) {
      throw new SubmissionProblem(
        `Expected each name once in the archive; found “${printableName(path)}” twice. Pack the folder again, into a new archive.`,
      );
    }
    this.known.set(path, found);
  }
}

/** The archive holds more bytes than are ever unpacked. */
export function tooMuch(): SubmissionProblem {
  return new SubmissionProblem(
    `Expected at most ${UNPACKED_BYTES_MAX} bytes when the archive is unpacked; found more. Hand in the lab's folder only, without node_modules and .git.`,
  );
}

/** The archive has more entries than are ever looked at. */
export function tooMany(): SubmissionProblem {
  return new SubmissionProblem(
    `Expected at most ${ENTRIES_MAX} entries in the archive; found more. Hand in the lab's folder only, without node_modules and .git.`,
  );
}
