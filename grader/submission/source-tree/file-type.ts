import path from "node:path";
import { printableName } from "../printable-name";

/** The archives that are opened. */
export type ArchiveType = "zip" | "tar.gz";

/** For sentences that say what may be handed in. */
export const ACCEPTED = "a folder, a .zip or a .tar.gz (.tgz)";

const OPENED = /^(?<stem>.+)\.(?<extension>zip|tar\.gz|tgz)$/i;
const NOT_OPENED =
  /^(?<stem>.+)\.(tar|tar\.(xz|bz2|zst|lzma|lz|z)|txz|tbz2?|tzst|rar|7z|gz|xz|bz2|zst|lzma|zipx|jar|cab|iso|dmg)$/i;

/** How the files begin that students take for archives, in hexadecimal digits. */
const BEGINNINGS: readonly (readonly [string, string])[] = [
  ["504b0304", "a .zip archive"],
  ["504b0506", "a .zip archive"],
  ["1f8b", "a .gz archive"],
  ["526172211a", "a .rar archive"],
  ["377abcaf271c", "a .7z archive"],
  ["fd377a585a00", "an .xz archive"],
  ["425a68", "a .bz2 archive"],
  ["25504446", "a PDF"],
  ["3c", "a web page"],
];

/** Which reader a file's name asks for; undefined if none. */
export function archiveType(place: string): ArchiveType | undefined {
  const extension = OPENED.exec(path.basename(place))?.groups?.extension?.toLowerCase();
  if (extension === undefined) return undefined;
  return extension === "zip" ? "zip" : "tar.gz";
}

/** Whether somebody meant this as an archive, of whatever kind. */
export function looksLikeArchive(place: string): boolean {
  const name = path.basename(place);
  return OPENED.test(name) || NOT_OPENED.test(name);
}

/** What a file is by its first bytes, if that is known: "a .rar archive". */
export function contentWords(bytes: Buffer): string | undefined {
  const start = bytes.subarray(0, 8).toString("hex");
  return BEGINNINGS.find(([beginning]) => start.startsWith(beginning))?.[1];
}

/** The student's name: that of the folder, or of the archive without its extension. Safe to print. */
export function nameOf(place: string): string {
  const name = path.basename(path.resolve(place));
  return printableName((OPENED.exec(name) ?? NOT_OPENED.exec(name))?.groups?.stem ?? name);
}
