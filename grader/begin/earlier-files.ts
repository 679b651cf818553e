import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { Lab } from "../course/labs";
import { referenceOf } from "../course/skeleton";
import { SubmissionProblem } from "../submission/problem";
import { sourceText } from "../submission/source-text";
import { conflictMarkerIn } from "./merge-files";

/** What `--from` takes instead of a folder. */
export const REFERENCE = "reference";

/** The files of the lab before, from which a lab begins. */
export interface EarlierFiles {
  /** "your lab 1", for sentences and conflict markers. */
  readonly name: string;
  readonly isReference: boolean;
  readonly files: readonly EarlierFile[];
}

/** One of them. */
export interface EarlierFile {
  readonly name: string;
  /** As a message calls it. */
  readonly place: string;
  readonly text: string;
}

/** Where to look. */
export interface Whereabouts {
  /** The repository's folder. */
  readonly root: string;
  /** All labs, to tell other labs' folders. */
  readonly labs: readonly Lab[];
  /** The lab before. */
  readonly previous: Lab;
  /** A folder, {@link REFERENCE}, or undefined for the lab's own folder. */
  readonly from: string | undefined;
}

/**
 * Reads the files of the lab before.
 * @throws SubmissionProblem where one is missing or cannot be merged, with remedies
 */
export function earlierFiles(whereabouts: Whereabouts): EarlierFiles {
  return whereabouts.from === REFERENCE ? referenceFiles(whereabouts) : studentFiles(whereabouts);
}

function referenceFiles({ root, previous }: Whereabouts): EarlierFiles {
  const files = previous.files.map((name): EarlierFile => {
    const place = path.posix.join("solutions", previous.folder, name);
    const full = path.join(root, place);
    if (!existsSync(full)) throw new SubmissionProblem(noReferenceWords(previous));
    return { name, place, text: referenceOf(readFileSync(full, "utf8").replaceAll("\r\n", "\n"), place) };
  });
  return { name: `the reference of lab ${previous.number}`, isReference: true, files };
}

function noReferenceWords({ number, folder }: Lab): string {
  return (
    `Your course has not handed out the reference of lab ${number}: there is no solutions/${folder}.\n` +
    `Begin from your own files, npm run begin, or ask your instructor. (For instructors: put the folder ` +
    `solutions/${folder} into the students' repository.)`
  );
}

function studentFiles(whereabouts: Whereabouts): EarlierFiles {
  const { root, previous } = whereabouts;
  refuseOtherLab(whereabouts);
  const files = previous.files.map((name): EarlierFile => {
    const full = placesOf(whereabouts, name).find(isFile);
    const place = full === undefined ? "" : shortPath(root, full);
    const bytes = full === undefined ? undefined : readFileSync(full);
    if (bytes === undefined || bytes.toString().trim() === "")
      throw new SubmissionProblem(missingWords(whereabouts, name, place));
    const text = sourceText(bytes, place);
    const marker = conflictMarkerIn(text);
    if (marker !== undefined) throw new SubmissionProblem(`${place}:${marker}: ${MARKER_LEFT}`);
    if (/^\s*\/\/#region (task|lab) /m.test(text))
      throw new SubmissionProblem(
        `${place} is the solution, with its markers. Say --from ${REFERENCE} instead.`,
      );
    return { name, place, text };
  });
  return { name: `your lab ${previous.number}`, isReference: false, files };
}

/** Files of another lab would merge as if the student had deleted a whole lab's code. */
function refuseOtherLab({ labs, previous, from }: Whereabouts): void {
  const other = labs.find(({ folder }) => from !== undefined && folder === path.basename(from));
  if (other === undefined || other === previous) return;
  throw new SubmissionProblem(
    `Expected a folder with your files of lab ${previous.number}; found that of lab ${other.number}, ${other.folder}. ` +
      `Begin the labs in their order: each merges the files of the one just before it.`,
  );
}

function isFile(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Where a file may be: as for grading, in the folder itself, in the lab's folder there, or in labs/. */
function placesOf({ root, previous, from }: Whereabouts, name: string): string[] {
  const own = ["labs", previous.folder, name];
  if (from === undefined) return [path.join(root, ...own)];
  return [path.join(from, ...own), path.join(from, ...own.slice(1)), path.join(from, name)];
}

/** As students know it: below the repository's folder, or where it is. */
export function shortPath(root: string, full: string): string {
  const short = path.relative(root, full);
  return (short.startsWith("..") ? full : short).replaceAll(path.sep, "/");
}

function missingWords({ root, previous, from }: Whereabouts, name: string, emptyPlace: string): string {
  const { folder, number } = previous;
  const where = from === undefined ? `labs/${folder}/` : `${shortPath(root, path.resolve(from)) || "."}/`;
  const found = emptyPlace === "" ? `found none in ${where}` : `${emptyPlace} is empty`;
  const expected = `Expected your ${name} of lab ${number}; ${found}.`;
  const layouts = ["", `${folder}/`, `labs/${folder}/`].map((layout) => layout + name).join(", ");
  const remedies =
    from === undefined
      ? [
          `Bring it back: git checkout -- labs/${folder}/${name} takes what you committed last.`,
          "Is it somewhere else?  npm run begin -- --from path/to/that/folder",
        ]
      : [`The folder is searched for ${layouts}. Give the one with your files of lab ${number}.`];
  const reference = `Did your course hand out the reference of lab ${number}?  npm run begin -- --from ${REFERENCE}`;
  return [expected, ...remedies, reference].join("\n");
}

const MARKER_LEFT =
  "a conflict of an earlier merge is still open. Decide it, delete its marker lines, run that lab's tests, then begin again.";
