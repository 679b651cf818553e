import { statSync } from "node:fs";
import type { Lab } from "../course/labs";
import { findSubmissions } from "../submission/find";
import { findLabHome } from "../submission/lab-home";
import { printableName } from "../submission/printable-name";
import { nameOf } from "../submission/source-tree/file-type";
import { FolderTree } from "../submission/source-tree/folder-tree";

/**
 * The submissions that an instructor means, of whichever of these labs they are: each path is one of them, or a class
 * folder full of them.
 * @throws RangeError that says what was expected of a path, or which two submissions have the same name
 */
export function findClass(paths: readonly string[], labs: readonly Lab[]): string[] {
  const places = paths.flatMap((given) => placesAt(given, labs));
  refuseSameNames(places);
  return places;
}

/** A folder that is a submission of one lab is none of another lab's class folders. */
function placesAt(given: string, labs: readonly Lab[]): readonly string[] {
  if (labs.length > 1 && labs.some((lab) => isSubmission(given, lab))) return [given];
  const found = labs.map((lab) => findSubmissions([given], lab));
  return found.find((places) => places.length !== 1 || places[0] !== given) ?? [given];
}

function isSubmission(given: string, lab: Lab): boolean {
  if (!statSync(given, { throwIfNoEntry: false })?.isDirectory()) return false;
  try {
    return findLabHome(new FolderTree(given), lab, [""]) !== undefined;
  } catch {
    return true; // Reading it will tell why it cannot be looked at.
  }
}

function refuseSameNames(places: readonly string[]): void {
  const byName = new Map<string, string>();
  for (const place of places) {
    const before = byName.get(nameOf(place));
    if (before !== undefined)
      throw new RangeError(
        `Two submissions are called “${nameOf(place)}”: ${printableName(before)} and ${printableName(place)}. Rename one, or take it away.`,
      );
    byName.set(nameOf(place), place);
  }
}
