import { LABS } from "../course/labs";
import { basesOf, isLabFolder, labsIn, lookalikeOf } from "../submission/lab-home";
import { openTree } from "../submission/source-tree/open-tree";
import type { Entry, SourceTree } from "../submission/source-tree/source-tree";

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
  const bases = basesOf(tree).filter((base) => !isLabFolder(base));
  const labs = labsIn(tree, bases);
  const loose = bases.map((base) => looseFile(tree.list(base))).find((file) => file !== undefined);
  return { labs: labs.map(({ number }) => number), loose };
}

function looseFile(entries: readonly Entry[]): string | undefined {
  const files = LABS.flatMap((lab) => lab.files);
  return files.find((file) => lookalikeOf(entries, file) !== undefined);
}
