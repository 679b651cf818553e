import { LABS, type Lab } from "../course/labs";
import { basesOf, lookalikeOf } from "../submission/lab-home";
import { openTree } from "../submission/source-tree/open-tree";
import { type Entry, joined, type SourceTree } from "../submission/source-tree/source-tree";

/** Which labs a submission holds, as far as names tell. Whether their files can be graded the judge finds out. */
export interface Contents {
  /** Numbers of the labs that have a folder of their name with files of theirs, in order. */
  readonly labs: readonly string[];
  /** A lab's file that lies in no lab's folder, by the name that it should have. */
  readonly loose?: string | undefined;
}

/** What a place holds; undefined if it cannot be looked into. The judge will say why. */
export async function contentsAt(place: string): Promise<Contents | undefined> {
  try {
    return contentsOf(await openTree(place, () => false));
  } catch {
    return undefined;
  }
}

/** What a submission holds. */
export function contentsOf(tree: SourceTree): Contents {
  const bases = basesOf(tree).filter((base) => !LABS.some((lab) => isNamedLike(base, lab)));
  const labs = LABS.filter((lab) =>
    bases.some((base) => ["", "labs"].some((way) => holds(tree, joined(base, way), lab))),
  );
  const loose = bases.map((base) => looseFile(tree.list(base))).find((file) => file !== undefined);
  return { labs: labs.map(({ number }) => number), loose };
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

function looseFile(entries: readonly Entry[]): string | undefined {
  const files = LABS.flatMap((lab) => lab.files);
  return files.find((file) => lookalikeOf(entries, file) !== undefined);
}
