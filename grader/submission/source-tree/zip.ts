import { buffer } from "node:stream/consumers";
import { crc32 } from "node:zlib";
import { fromBufferPromise, getFileNameLowLevel, type Entry as ZipEntry, type ZipFile } from "yauzl";
import { printableName } from "../printable-name";
import { SubmissionProblem } from "../problem";
import type { ArchiveTree } from "./archive-tree";
import { damaged, readingError } from "./damage";
import type { EntryKind } from "./source-tree";

/** The file type in a Unix mode, which most programs write into the upper half of an entry's attributes. */
const TYPE_MASK = 0o170000;
const KINDS: ReadonlyMap<number, EntryKind> = new Map([
  [0, "file"],
  [0o100000, "file"],
  [0o040000, "folder"],
  [0o120000, "link"],
]);

/**
 * Fills a tree from a .zip: what its directory at the end says counts, and only the files that the tree wants are
 * inflated, to no more than the size that was promised.
 * @throws SubmissionProblem if it is encrypted, damaged, or refused by the tree
 */
export async function readZip(bytes: Buffer, tree: ArchiveTree): Promise<void> {
  try {
    // Names are decoded here and not by the library, which would turn backslashes into slashes and hide the difference.
    const zip = await fromBufferPromise(bytes, { decodeStrings: false });
    for await (const entry of zip.eachEntry()) await take(zip, entry, tree);
  } catch (error) {
    throw readingError(error);
  }
}

async function take(zip: ZipFile, entry: ZipEntry, tree: ArchiveTree): Promise<void> {
  const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
  if (entry.isEncrypted()) {
    throw new SubmissionProblem(
      `Expected an archive without a password; found “${printableName(name)}” encrypted. Pack the folder again without one.`,
    );
  }
  const path = tree.add({ name, kind: kindOf(name, entry), size: entry.uncompressedSize });
  if (path === undefined) return;
  const content = await buffer(await zip.openReadStreamPromise(entry));
  if (crc32(content) !== entry.crc32) throw damaged(`the checksum of ${path} does not fit`);
  tree.keep(path, content);
}

function kindOf(name: string, { externalFileAttributes }: ZipEntry): EntryKind {
  if (name.endsWith("/")) return "folder";
  return KINDS.get((externalFileAttributes >>> 16) & TYPE_MASK) ?? "other";
}
