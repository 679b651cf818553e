import { LABS, type Lab } from "../course/labs";
import { findSubmissions } from "../submission/find";
import { printableName } from "../submission/printable-name";
import type { NotHandedIn } from "./class-result";
import type { Contents } from "./contents";
import { Looker } from "./looker";

/** One lab of one submission. */
export interface Item {
  /** The folder or archive. */
  readonly place: string;
  readonly lab: Lab;
  /** What is reported of it instead of a judge's verdict: there is nothing to judge. */
  readonly instead?: NotHandedIn | undefined;
}

/** What is to be graded: every lab of every student, whether it was handed in or not. */
export interface Plan {
  readonly labs: readonly Lab[];
  /** Folders and archives, one a student. */
  readonly places: readonly string[];
  /** All labs of the first student, then all of the second, and so on. */
  readonly items: readonly Item[];
}

/**
 * Decides what to grade.
 * @param paths folders and archives, or folders full of them
 * @param chosen the labs that the instructor has named; if none, all that somebody has handed in under their folders' names
 * @throws RangeError if a path is not right, or nothing tells which lab the submissions are of
 */
export async function planGrading(paths: readonly string[], chosen: readonly Lab[]): Promise<Plan> {
  const places = findSubmissions(paths, chosen.length > 0 ? chosen : LABS);
  const contents = await lookInto(places);
  const labs = chosen.length > 0 ? chosen : handedInBySomebody(places, contents);
  const isChosen = chosen.length > 0;
  const items = places.flatMap((place, i) =>
    labs.map((lab) => ({ place, lab, instead: notHandedIn(contents[i], lab, isChosen) })),
  );
  return { labs, places, items };
}

async function lookInto(places: readonly string[]): Promise<(Contents | undefined)[]> {
  const looker = new Looker();
  const contents: (Contents | undefined)[] = [];
  try {
    for (const place of places) contents.push(await looker.look(place));
  } finally {
    looker.close();
  }
  return contents;
}

/** @throws RangeError if nobody has a lab's folder: loose files do not tell which lab they are of */
function handedInBySomebody(
  places: readonly string[],
  contents: readonly (Contents | undefined)[],
): readonly Lab[] {
  const labs = LABS.filter(({ number }) => contents.some((found) => found?.labs.includes(number)));
  if (labs.length > 0) return labs;
  const loose = contents.findIndex((found) => found?.loose !== undefined);
  const found =
    loose === -1
      ? "found none of them"
      : `found ${contents[loose]?.loose} outside of them in ${printableName(places[loose])}`;
  throw new RangeError(
    `Which lab is it? Expected folders of labs in the submissions (${LABS.map(({ folder }) => folder).join(", ")}); ${found}. Name the lab: npm run grade -- --lab 1 …`,
  );
}

/**
 * Why there is nothing of a lab to judge; undefined if there is something, or a judge may know better.
 * @param isChosen whether the instructor has named the lab: loose files are taken to be of it then
 */
function notHandedIn(contents: Contents | undefined, lab: Lab, isChosen: boolean): NotHandedIn | undefined {
  if (contents === undefined || contents.labs.includes(lab.number)) return undefined;
  const { labs, loose } = contents;
  if (isChosen && (loose !== undefined || labs.length === 0)) return undefined;
  if (loose !== undefined)
    return {
      kind: "not-handed-in",
      text: `${loose} lies in no lab’s folder, which does not tell which lab it is of. Put it into ${lab.folder} or the folder of its lab.`,
    };
  const others = LABS.filter(({ number }) => labs.includes(number)).map(({ folder }) => folder);
  const found =
    others.length > 0 ? `There is ${others.join(", ")}, but no` : "There is no folder of any lab, so no";
  return { kind: "not-handed-in", text: `${found} ${lab.folder} with ${lab.files.join(", ")}.` };
}
