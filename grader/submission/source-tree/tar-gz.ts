import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { type Extract, extract, type Header } from "tar-stream";
import { type ArchiveTree, tooMuch } from "./archive-tree";
import { readingError } from "./damage";
import type { EntryKind } from "./source-tree";
import { guardedTar } from "./tar-guard";

const KINDS: ReadonlyMap<Header["type"], EntryKind> = new Map([
  ["file", "file"],
  ["contiguous-file", "file"],
  ["directory", "folder"],
  ["link", "link"],
  ["symlink", "link"],
]);

/**
 * Fills a tree from a .tar.gz, piece by piece: a bomb is noticed before it has gone off.
 * @throws SubmissionProblem if it is damaged, or refused by the tree
 */
export async function readTarGz(bytes: Buffer, tree: ArchiveTree): Promise<void> {
  const entries = extract();
  try {
    await Promise.all([
      pipeline(Readable.from([bytes]), createGunzip(), guardedTar, entries),
      takeAll(entries, tree),
    ]);
  } catch (error) {
    throw readingError(error);
  }
}

async function takeAll(entries: Extract, tree: ArchiveTree): Promise<void> {
  for await (const entry of entries) {
    const { name, type, size, pax } = entry.header;
    // A description gives the size only where the header has no room for it: from 8 GB on. It would mislead the guard.
    if (typeof pax === "object" && pax !== null && "size" in pax) throw tooMuch();
    const path = tree.add({ name, kind: kindOf(name, type), size });
    if (path === undefined) entry.resume();
    else tree.keep(path, await buffer(entry));
  }
}

/** Old programs write a folder as a file whose name ends with a slash. */
function kindOf(name: string, type: Header["type"]): EntryKind {
  return name.endsWith("/") ? "folder" : (KINDS.get(type) ?? "other");
}
