import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import type { Lab } from "../course/labs";
import { findLabHome } from "./lab-home";
import { printableName } from "./printable-name";
import { ACCEPTED, looksLikeArchive, nameOf } from "./source-tree/file-type";
import { FolderTree } from "./source-tree/folder-tree";
import { isLeftBehind } from "./source-tree/source-tree";

/**
 * The submissions that an instructor means: each path is one of them, or a class folder full of them.
 * @throws RangeError that says what was expected of a path, or which two submissions have the same name
 */
export function findSubmissions(paths: readonly string[], lab: Lab): string[] {
  const places = paths.flatMap((given) => submissionsAt(given, lab));
  refuseSameNames(places);
  return places;
}

function submissionsAt(given: string, lab: Lab): string[] {
  const stat = statSync(given, { throwIfNoEntry: false });
  if (stat === undefined)
    throw new RangeError(
      `There is no folder ${given}. Give folders or archives that hold the files of lab ${lab.number}: ${lab.files.join(", ")}.`,
    );
  if (stat.isDirectory()) return submissionsInFolder(given, lab);
  if (looksLikeArchive(given)) return [given];
  throw new RangeError(
    `${given} is a file. Give the folder that it lies in, or an archive of it: ${ACCEPTED}.`,
  );
}

/** A class folder is one in which at least one thing looks like a submission: then all of them are graded. */
function submissionsInFolder(given: string, lab: Lab): string[] {
  if (looksLikeSubmission(given, lab, [""])) return [given];
  const inside = readdirSync(given, { withFileTypes: true })
    .filter(({ name }) => !isLeftBehind(name))
    .map((entry) => ({ entry, place: path.join(given, entry.name) }))
    // A link is taken along so that its student hears of it, instead of being forgotten in silence.
    .filter(({ entry, place }) => looksLikeArchive(entry.name) || entry.isDirectory() || leadsToFolder(place))
    .map(({ place }) => place)
    .sort();
  const isClass = inside.some((place) => looksLikeArchive(place) || looksLikeSubmission(place, lab));
  return isClass ? inside : [given];
}

/** What cannot be looked at counts as a submission: reading it will tell why, and costs only that one. */
function looksLikeSubmission(folder: string, lab: Lab, bases?: readonly string[]): boolean {
  try {
    return findLabHome(new FolderTree(folder), lab, bases) !== undefined;
  } catch {
    return true;
  }
}

function leadsToFolder(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Results are told apart by the student's name, so “ana” and “ana.zip” cannot both be graded. */
function refuseSameNames(places: readonly string[]): void {
  const byName = new Map<string, string>();
  for (const place of places) {
    const name = nameOf(place);
    const before = byName.get(name);
    if (before !== undefined)
      throw new RangeError(
        `Two submissions are called “${name}”: ${printableName(before)} and ${printableName(place)}. Rename one, or take it away.`,
      );
    byName.set(name, place);
  }
}
