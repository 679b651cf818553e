import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { HONEST, type Pieces, withPieces } from "./honest";

/** Stands for the absolute path of a file that no submission may read. */
export const SECRET_FILE = "{secret file}";
/** Stands for the absolute path of a file that no submission may write. */
export const MARKER_FILE = "{marker file}";

/** What the two names stand for in one grading. */
export interface Places {
  readonly secretFile: string;
  readonly markerFile: string;
}

/** Something that is handed in: it lays itself into a class folder under a name. */
export type Submission = (classFolder: string, name: string, places: Places) => Promise<void> | void;

export type Files = Readonly<Record<string, string | Buffer>>;

/** The reference solution with something inserted. */
export function raft(pieces: Pieces): Submission {
  return file(withPieces(pieces));
}

/** A raft.ts of its own. */
export function file(content: string | Buffer): Submission {
  return folder({ "raft.ts": content });
}

/** Files beside the reference solution. */
export function beside(files: Files): Submission {
  return folder({ "raft.ts": HONEST, ...files });
}

/** A folder of files, and of links by their targets. */
export function folder(files: Files, links: Readonly<Record<string, string>> = {}): Submission {
  return (classFolder, name, places) => {
    const root = path.join(classFolder, name);
    const at = (inside: string): string => {
      const place = path.join(root, inside);
      mkdirSync(path.dirname(place), { recursive: true });
      return place;
    };
    for (const [inside, content] of Object.entries(files))
      writeFileSync(at(inside), filledIn(content, places), { mode: 0o755 });
    for (const [inside, target] of Object.entries(links))
      symlinkSync(String(filledIn(target, places)), at(inside));
  };
}

/** A folder with a pipe instead of a file: whoever opens it waits for ever. */
export function pipe(inside: string): Submission {
  return (classFolder, name) => {
    mkdirSync(path.join(classFolder, name));
    execFileSync("mkfifo", [path.join(classFolder, name, inside)]);
  };
}

/** An archive, made when it is needed. */
export function archive(extension: ".zip" | ".tar.gz", make: () => Promise<Buffer> | Buffer): Submission {
  return async (classFolder, name) => writeFileSync(path.join(classFolder, name + extension), await make());
}

function filledIn(content: string | Buffer, { secretFile, markerFile }: Places): string | Buffer {
  if (typeof content !== "string") return content;
  return content.replaceAll(SECRET_FILE, secretFile).replaceAll(MARKER_FILE, markerFile);
}
