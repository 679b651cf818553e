import { readdirSync } from "node:fs";
import path from "node:path";
import { printableName } from "../printable-name";
import { nameOf } from "./file-type";
import { isMissing, kindOf, readRegularFile } from "./regular-file";
import { type Entry, FILE_BYTES_MAX, joined, type SourceTree, tooBigWords } from "./source-tree";

/** A submission that is a folder. Only the folders that are asked for are looked at: node_modules may be huge. */
export class FolderTree implements SourceTree {
  readonly name: string;

  constructor(private readonly root: string) {
    this.name = nameOf(root);
  }

  list(folder: string): readonly Entry[] {
    try {
      return readdirSync(path.join(this.root, folder), { withFileTypes: true })
        .map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  read(file: string): Buffer {
    const name = printableName(joined(this.name, file));
    return readRegularFile(path.join(this.root, file), name, (bytes) =>
      bytes > FILE_BYTES_MAX ? tooBigWords(name, bytes) : undefined,
    );
  }
}
