import path from "node:path";
import { printableName } from "../printable-name";
import { SubmissionProblem } from "../problem";
import { ArchiveTree } from "./archive-tree";
import { ACCEPTED, type ArchiveType, archiveType, contentWords, nameOf } from "./file-type";
import { FolderTree } from "./folder-tree";
import { kindAt, readRegularFile } from "./regular-file";
import type { SourceTree } from "./source-tree";
import { readTarGz } from "./tar-gz";
import { readZip } from "./zip";

/** Bytes that an archive may have. */
const ARCHIVE_BYTES_MAX = 20_000_000;

const READERS = {
  zip: { read: readZip, content: "a .zip archive" },
  "tar.gz": { read: readTarGz, content: "a .gz archive" },
} as const;

/**
 * Opens whatever was handed in.
 * @param wanted which files of an archive to keep; they are all that can be read afterwards
 * @throws SubmissionProblem if it is neither a folder nor an archive that can be read
 */
export async function openTree(place: string, wanted: (path: string) => boolean): Promise<SourceTree> {
  // A slash at the end would make the system follow a link.
  const full = path.resolve(place);
  const shown = printableName(path.basename(full));
  switch (kindAt(full)) {
    case undefined:
      throw new SubmissionProblem(`There is no folder or archive ${printableName(place)}.`);
    case "folder":
      return new FolderTree(full);
    case "file":
      return readArchive(full, shown, wanted);
    case "link":
      throw new SubmissionProblem(
        `Expected ${ACCEPTED}; found a link, ${shown}. Links are not followed: give what it leads to.`,
      );
    case "other":
      throw new SubmissionProblem(`Expected ${ACCEPTED}; found a device or pipe, ${shown}.`);
  }
}

async function readArchive(
  place: string,
  shown: string,
  wanted: (path: string) => boolean,
): Promise<SourceTree> {
  const type = archiveType(place);
  if (type === undefined)
    throw new SubmissionProblem(`Expected ${ACCEPTED}; found ${shown}. Pack your folder as one of these.`);
  const bytes = readRegularFile(place, shown, (size) =>
    size <= ARCHIVE_BYTES_MAX
      ? undefined
      : `${shown} has ${size} bytes; at most ${ARCHIVE_BYTES_MAX} are read. Hand in the lab's folder only, without node_modules and .git.`,
  );
  checkContent(bytes, type, shown);
  const tree = new ArchiveTree(nameOf(place), wanted);
  await READERS[type].read(bytes, tree);
  return tree;
}

function checkContent(bytes: Buffer, type: ArchiveType, shown: string): void {
  const found = bytes.length === 0 ? "an empty file" : (contentWords(bytes) ?? "something else");
  if (found === READERS[type].content) return;
  throw new SubmissionProblem(
    `${shown} is called .${type} but is ${found}. Renaming does not convert: pack your folder as .zip or .tar.gz.`,
  );
}
