import { LABS, type Lab } from "../course/labs";
import { basesOf, homes, placeWords } from "./lab-home";
import { printableName } from "./printable-name";
import { SubmissionProblem } from "./problem";
import { looksLikeArchive } from "./source-tree/file-type";
import { type Entry, joined, type SourceTree } from "./source-tree/source-tree";

/** Names of a folder that are listed. */
const LISTED_MAX = 10;

/** Why a submission has no files of a lab, as well as can be told from what it has instead. */
export function nothingFound(tree: SourceTree, lab: Lab): SubmissionProblem {
  return new SubmissionProblem(
    otherLabWords(tree, lab) ?? otherCaseWords(tree, lab) ?? foundWords(tree, lab),
  );
}

function otherLabWords(tree: SourceTree, lab: Lab): string | undefined {
  for (const other of LABS) {
    if (other.folder === lab.folder) continue;
    for (const { folder, entries } of homes(tree, other, basesOf(tree))) {
      if (!entries.some(({ name }) => other.files.includes(name))) continue;
      return `Expected ${lab.files.join(", ")} of lab ${lab.number}; found lab ${other.number} (${other.title}) in ${placeWords(tree, folder)}. Hand in lab ${lab.number}.`;
    }
  }
  return undefined;
}

function otherCaseWords(tree: SourceTree, lab: Lab): string | undefined {
  for (const base of basesOf(tree))
    for (const folder of [base, joined(base, "labs")])
      for (const { name, kind } of tree.list(folder)) {
        if (kind !== "folder" || name === lab.folder || name.toLowerCase() !== lab.folder) continue;
        return `Expected the folder ${lab.folder} in ${placeWords(tree, folder)}; found ${printableName(name)}. Upper and lower case count: rename it.`;
      }
  return undefined;
}

function foundWords(tree: SourceTree, lab: Lab): string {
  const base = basesOf(tree).at(-1) ?? "";
  const found = tree.list(base);
  const archive = found.find(({ name }) => looksLikeArchive(name));
  const next =
    archive === undefined
      ? "Hand in the folder of the lab, with the file names of the skeleton."
      : `An archive inside is not opened: hand in ${printableName(archive.name)} itself.`;
  const where = base === "" ? "" : ` in ${placeWords(tree, base)}`;
  return `Expected ${lab.files.join(", ")} in ${tree.name}/ or ${tree.name}/${lab.folder}/; found ${listed(found)}${where}. ${next}`;
}

function listed(entries: readonly Entry[]): string {
  if (entries.length === 0) return "an empty folder";
  const names = entries.slice(0, LISTED_MAX).map(({ name, kind }) => printableName(name) + MARKS[kind]);
  const more = entries.length - names.length;
  return names.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

const MARKS: Readonly<Record<Entry["kind"], string>> = {
  file: "",
  folder: "/",
  link: " (a link)",
  other: " (a device or pipe)",
};
