import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import type { Lab } from "../course/labs";
import { basesOf, findLabHome, isLabFolder, labsIn } from "./lab-home";
import { printableName } from "./printable-name";
import { ACCEPTED, looksLikeArchive, nameOf } from "./source-tree/file-type";
import { FolderTree } from "./source-tree/folder-tree";
import { isLeftBehind } from "./source-tree/source-tree";

/**
 * The submissions that an instructor means, of whichever of these labs they are: each path is one of them, or a class
 * folder full of them.
 * @throws RangeError that says what was expected of a path, or which two submissions have the same name
 */
export function findSubmissions(paths: readonly string[], labs: readonly Lab[]): string[] {
  const places = paths.flatMap((given) => submissionsAt(given, labs));
  refuseSameNames(places);
  return places;
}

function submissionsAt(given: string, labs: readonly Lab[]): string[] {
  const stat = statSync(given, { throwIfNoEntry: false });
  if (stat === undefined)
    throw new RangeError(
      `There is no folder ${given}. Give folders or archives that hold ${wantedWords(labs)}.`,
    );
  if (stat.isDirectory()) return submissionsInFolder(given, labs);
  if (looksLikeArchive(given)) return [given];
  throw new RangeError(
    `${given} is a file. Give the folder that it lies in, or an archive of it: ${ACCEPTED}.`,
  );
}

function wantedWords(labs: readonly Lab[]): string {
  if (labs.length > 1)
    return `the files of one or more labs, in the folders ${labs.map(({ folder }) => folder).join(", ")}`;
  return labs.map(({ number, files }) => `the files of lab ${number}: ${files.join(", ")}`).join();
}

/** A class folder is one in which at least one thing looks like a submission: then all of them are graded. */
function submissionsInFolder(given: string, labs: readonly Lab[]): string[] {
  if (isOneSubmission(given, labs)) return [given];
  const inside = readdirSync(given, { withFileTypes: true })
    .filter(({ name }) => !isLeftBehind(name))
    .map((entry) => ({ entry, place: path.join(given, entry.name) }))
    // A link is taken along so that its student hears of it, instead of being forgotten in silence.
    .filter(({ entry, place }) => looksLikeArchive(entry.name) || entry.isDirectory() || leadsToFolder(place))
    .map(({ place }) => place)
    .sort();
  return inside.some((place) => isSomebodys(place, labs)) ? inside : [given];
}

/**
 * Files of a lab that is wanted, or the folder of any lab: whoever has handed in others than the wanted one is one
 * student, and not a class with a student for each lab.
 */
function isOneSubmission(given: string, labs: readonly Lab[]): boolean {
  return looksLike(given, (tree) => holdsAny(tree, labs, [""]));
}

/** Something in a class folder from which it is seen to be one. A lab's folder is no student's, whatever is in it. */
function isSomebodys(place: string, labs: readonly Lab[]): boolean {
  if (looksLikeArchive(place)) return true;
  if (isLabFolder(path.basename(place))) return false;
  return looksLike(place, (tree) => holdsAny(tree, labs, basesOf(tree)));
}

function holdsAny(tree: FolderTree, labs: readonly Lab[], bases: readonly string[]): boolean {
  return labs.some((lab) => findLabHome(tree, lab, bases) !== undefined) || labsIn(tree, bases).length > 0;
}

/** What cannot be looked at counts as a submission: reading it will tell why, and costs only that one. */
function looksLike(folder: string, isSubmission: (tree: FolderTree) => boolean): boolean {
  try {
    return isSubmission(new FolderTree(folder));
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
