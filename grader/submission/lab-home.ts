import { LABS, type Lab } from "../course/labs";
import { printableName } from "./printable-name";
import { SubmissionProblem } from "./problem";
import { type Entry, isLeftBehind, joined, type SourceTree } from "./source-tree/source-tree";

/** The folder of a submission in which a lab's files lie, or should. */
export interface LabHome {
  /** "labs/1-election", or "" for the root. */
  readonly folder: string;
  readonly entries: readonly Entry[];
}

/**
 * Where a lab's files lie; undefined if nothing is like them. A folder with a file of the right name comes before one
 * in which it is only nearly right.
 * @param bases folders below which to look
 * @throws SubmissionProblem if a folder on the way is a link, or has a twin that differs in case
 */
export function findLabHome(tree: SourceTree, lab: Lab, bases = basesOf(tree)): LabHome | undefined {
  const isRight = ({ name }: Entry): boolean => lab.files.includes(name);
  const isNear = ({ name }: Entry): boolean => lab.files.some((file) => isLookalike(name, file));
  for (const test of [isRight, isNear])
    for (const home of homes(tree, lab, bases)) if (home.entries.some(test)) return home;
  return undefined;
}

/** The root, and the one folder in it if there is just one: what GitHub packs lies one level deeper. */
export function basesOf(tree: SourceTree): readonly string[] {
  const folders = tree.list("").filter(({ name, kind }) => kind === "folder" && !isLeftBehind(name));
  // The folder of a lab is no wrapping: in it another lab's files of the same names would be found.
  const isWrapping = folders.length === 1 && !LABS.some(({ folder }) => folder === folders[0].name);
  return isWrapping ? ["", folders[0].name] : [""];
}

/** The folders that may hold a lab's files, if they are there. */
export function* homes(tree: SourceTree, lab: Lab, bases: readonly string[]): Generator<LabHome> {
  for (const base of bases)
    for (const way of [[lab.folder], ["labs", lab.folder], []]) {
      const folder = follow(tree, base, way);
      if (folder !== undefined) yield { folder, entries: tree.list(folder) };
    }
}

/**
 * The entry of just that name.
 * @throws SubmissionProblem if another one differs from it in case only: which of them was meant is not ours to guess
 */
export function entryNamed(entries: readonly Entry[], name: string, where: string): Entry | undefined {
  const twins = entries.filter((entry) => entry.name.toLowerCase() === name.toLowerCase());
  if (twins.length > 1) {
    throw new SubmissionProblem(
      `Expected one ${name} in ${where}; found ${twins.map((twin) => twin.name).join(" beside ")}. ` +
        `Many computers take them for the same. Keep the one you mean, and call it ${name}.`,
    );
  }
  return twins.find((entry) => entry.name === name);
}

/** Whether a file was probably meant to be `file`: other case, JavaScript, a second download, an extension too many. */
function isLookalike(found: string, file: string): boolean {
  const [name, wanted] = [found.toLowerCase(), file.toLowerCase()];
  const stem = wanted.replace(/\.ts$/, "");
  if (name === wanted) return true;
  return (
    name.startsWith(stem) &&
    /^( ?\(\d+\)\.ts|\.([cm]?js|jsx|tsx|[cm]ts|ts\.txt|txt))$/.test(name.slice(stem.length))
  );
}

/** What was probably meant to be `file`. */
export function lookalikeOf(entries: readonly Entry[], file: string): Entry | undefined {
  return entries.find(({ name }) => isLookalike(name, file));
}

/** The labs that have a folder of their name with files of theirs, as far as names tell. */
export function labsIn(tree: SourceTree, bases: readonly string[]): readonly Lab[] {
  const places = bases.flatMap((base) => [base, joined(base, "labs")]);
  return LABS.filter((lab) => places.some((place) => holds(tree, place, lab)));
}

/** Whether a folder has the lab's folder in it, with something that was meant to be one of its files. */
function holds(tree: SourceTree, folder: string, lab: Lab): boolean {
  return tree
    .list(folder)
    .filter(({ name }) => isNamedLike(name, lab))
    .some(({ name, kind }) => {
      // What a link leads to is not looked at: the judge will ask for the folder itself.
      if (kind === "link") return true;
      const entries = tree.list(joined(folder, name));
      return kind === "folder" && lab.files.some((file) => lookalikeOf(entries, file) !== undefined);
    });
}

/** Upper and lower case count, but who got them wrong has handed in, and shall hear of it. */
function isNamedLike(name: string, { folder }: Lab): boolean {
  return name.toLowerCase() === folder;
}

/** Whether a folder is a lab's by its name: such a one is nobody's submission, and no wrapping around one. */
export function isLabFolder(name: string): boolean {
  return LABS.some((lab) => isNamedLike(name, lab));
}

/** How its author knows a folder: "ana/labs/1-election/". */
export function placeWords(tree: SourceTree, folder: string): string {
  return `${joined(tree.name, printableName(folder))}/`;
}

function follow(tree: SourceTree, base: string, way: readonly string[]): string | undefined {
  let folder = base;
  for (const name of way) {
    const entry = entryNamed(tree.list(folder), name, placeWords(tree, folder));
    folder = joined(folder, name);
    if (entry?.kind === "link") {
      throw new SubmissionProblem(
        `Expected ${joined(tree.name, folder)} to be a folder; found a link. Links are not followed: hand in the folder itself.`,
      );
    }
    if (entry?.kind !== "folder") return undefined;
  }
  return folder;
}
