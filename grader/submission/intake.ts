import type { Lab } from "../course/labs";
import { entryNamed, findLabHome, type LabHome, lookalikeOf, placeWords } from "./lab-home";
import { nothingFound } from "./nothing-found";
import { printableName } from "./printable-name";
import { SubmissionProblem } from "./problem";
import { sourceText } from "./source-text";
import { FolderTree } from "./source-tree/folder-tree";
import { openTree } from "./source-tree/open-tree";
import { joined, notAFileWords, type SourceTree } from "./source-tree/source-tree";

export { SubmissionProblem };

/** A student's file, as it was handed in. */
export interface SourceFile {
  /** "raft.ts" */
  readonly name: string;
  readonly text: string;
}

/** The files of one lab in one submission. */
export interface Submission {
  /** Where it was found, as given: a folder or an archive. */
  readonly folder: string;
  /** The folder's name, or the archive's without its extension: the student, as far as the grader knows. */
  readonly student: string;
  readonly lab: Lab;
  readonly files: readonly SourceFile[];
}

/**
 * Reads the allow-listed files of a lab from a folder or an archive, and nothing else of it. Nothing is unpacked to
 * the disk, no link is followed, and no program is run in it. An error of the disk is not the student's: it stays as
 * it is.
 * @param place a folder, a .zip or a .tar.gz
 * @throws SubmissionProblem with what was expected and what was found
 */
export async function readSubmission(place: string, lab: Lab): Promise<Submission> {
  const isSource = (path: string): boolean => lab.files.includes(path.slice(path.lastIndexOf("/") + 1));
  return submissionIn(await openTree(place, isSource), place, lab);
}

/** The same for a folder of the course itself, at once. */
export function readOwnFolder(folder: string, lab: Lab): Submission {
  return submissionIn(new FolderTree(folder), folder, lab);
}

function submissionIn(tree: SourceTree, place: string, lab: Lab): Submission {
  const home = findLabHome(tree, lab);
  if (home === undefined) throw nothingFound(tree, lab);
  const files = lab.files.map((name) => readSource(tree, home, name));
  return { folder: place, student: tree.name, lab, files };
}

function readSource(tree: SourceTree, home: LabHome, name: string): SourceFile {
  const where = placeWords(tree, home.folder);
  const entry = entryNamed(home.entries, name, where);
  if (entry === undefined) throw new SubmissionProblem(missingWords(home, name, where));
  if (entry.kind !== "file") throw new SubmissionProblem(notAFileWords(name, entry.kind));
  return { name, text: sourceText(tree.read(joined(home.folder, name)), name) };
}

function missingWords({ entries }: LabHome, name: string, where: string): string {
  const found = lookalikeOf(entries, name)?.name;
  if (found === undefined)
    return `Expected ${name} in ${where}, beside the lab's other files; it is missing.`;
  const remedy = /\.[cm]?jsx?$/i.test(found)
    ? `The labs are written in TypeScript: hand in ${name} itself, not what it was compiled to.`
    : `Rename it to ${name}; upper and lower case count.`;
  return `Expected ${name} in ${where}; found ${printableName(found)}. ${remedy}`;
}
