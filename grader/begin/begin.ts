import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Lab } from "../course/labs";
import { pristinePath } from "../course/pristine";
import { SubmissionProblem } from "../submission/problem";
import { type EarlierFiles, earlierFiles, shortPath } from "./earlier-files";
import { isSameText, type MergedText, mergeFiles } from "./merge-files";
import { keepCopy, writeWhole } from "./safe-write";
import { tasksWithStubs } from "./stubs";

/** What to begin, and with what. */
export interface Beginning {
  /** The repository's folder. */
  readonly root: string;
  /** All labs, in order. */
  readonly labs: readonly Lab[];
  readonly lab: Lab;
  /** Where the files of the lab before are: a folder, "reference", or undefined for that lab's own folder. */
  readonly from?: string | undefined;
}

/** What became of a file of the lab. */
export interface BegunFile {
  readonly name: string;
  /** "labs/2-replication/raft.ts" */
  readonly place: string;
  /** What was merged; undefined if the lab before has no such file. */
  readonly merged: MergedText | undefined;
  /** Tasks of this lab that are to be written in it. */
  readonly newTasks: readonly string[];
  /** Copy of what was there before, if it was the student's own. */
  readonly copy: string | undefined;
  /** False if the file was as it should be already. */
  readonly isWritten: boolean;
}

/** A lab that has begun. */
export interface Begun {
  readonly lab: Lab;
  readonly previous: Lab;
  readonly earlier: EarlierFiles;
  readonly files: readonly BegunFile[];
}

/** One file, decided upon but not written. */
interface Draft {
  readonly name: string;
  readonly target: string;
  readonly skeleton: string;
  readonly merged: MergedText | undefined;
}

/**
 * Merges the files of the lab before into a lab's skeleton and writes the lab's files. Everything is read and merged
 * before anything is written, and nothing that a student wrote is overwritten without a copy.
 * @returns undefined for the first lab, which has nothing to merge
 * @throws SubmissionProblem where the student's files are missing, not ready, or not begun
 * @throws RangeError where skeletons are missing
 */
export async function begin({ root, labs, lab, from }: Beginning): Promise<Begun | undefined> {
  const previous = labs[labs.indexOf(lab) - 1];
  if (previous === undefined) return undefined;
  const earlier = earlierFiles({ root, labs, previous, from });
  const drafts: Draft[] = [];
  for (const name of lab.files) {
    const target = path.join(root, "labs", lab.folder, name);
    const skeleton = pristine(root, lab, name);
    const ours = earlier.files.find((file) => file.name === name);
    const merged = ours && (await mergeFiles(versionsOf(ours.text, name)));
    drafts.push({ name, target, skeleton, merged });
  }
  if (!earlier.isReference) refuseEmptyHands(drafts, previous, root);
  return { lab, previous, earlier, files: drafts.map((draft) => written(draft, root)) };

  function versionsOf(ours: string, name: string): Parameters<typeof mergeFiles>[0] {
    return {
      base: pristine(root, previous, name),
      ours,
      theirs: pristine(root, lab, name),
      oursName: earlier.name,
      theirsName: `lab ${lab.number}'s skeleton`,
    };
  }
}

/** Who has written nothing in the lab before has nothing to bring along, and may have this lab's work to lose from sight. */
function refuseEmptyHands(drafts: readonly Draft[], previous: Lab, root: string): void {
  if (!drafts.every(({ merged }) => merged === undefined || merged.isUntouched)) return;
  const own = drafts.find(
    ({ merged, target, skeleton }) => merged !== undefined && isOwnWork(target, skeleton),
  );
  if (own === undefined) return;
  throw new SubmissionProblem(
    `Nothing was changed: your lab ${previous.number} is the untouched skeleton, so there is nothing to merge, and ` +
      `${shortPath(root, own.target)} has work of yours. To begin anew, move that file away; to begin with the ` +
      `reference or with files from elsewhere, say --from.`,
  );
}

function isOwnWork(target: string, skeleton: string): boolean {
  return existsSync(target) && !isSameText(readFileSync(target, "utf8"), skeleton);
}

function pristine(root: string, lab: Lab, name: string): string {
  const file = pristinePath(root, lab, name);
  if (existsSync(file)) return readFileSync(file, "utf8");
  const place = shortPath(root, file);
  throw new RangeError(
    `Expected the skeleton of lab ${lab.number} as it was handed out, ${place}; it is missing. ` +
      `Bring it back: git checkout -- ${place}. If lab ${lab.number} is not handed out yet, wait for your course.`,
  );
}

function written({ name, target, skeleton, merged }: Draft, root: string): BegunFile {
  const place = shortPath(root, target);
  const found = existsSync(target) ? readFileSync(target, "utf8") : undefined;
  const newTasks = merged?.newTasks ?? tasksWithStubs((found ?? skeleton).split("\n"));
  const done = { name, place, merged, newTasks };
  // A file that is new in this lab has nothing to be merged with: whatever the student has there stays.
  if (found !== undefined && (merged === undefined || merged.text === found))
    return { ...done, copy: undefined, isWritten: false };
  const copy = isOwnWork(target, skeleton) ? shortPath(root, keepCopy(target)) : undefined;
  writeWhole(target, merged?.text ?? skeleton);
  return { ...done, copy, isWritten: true };
}
