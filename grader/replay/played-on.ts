import { readFileSync } from "node:fs";
import path from "node:path";
import type { RunFile } from "../../labs/kit";
import { ROOT } from "../course/labs";
import { pristinePath } from "../course/pristine";
import { codeOf } from "../judge/run-files";
import type { Submission } from "../submission/intake";

/** What a run would be played on if nobody names a folder. */
export type PlayedOn = "as recorded" | "changed" | "skeleton";

/** Compares the files in the lab's folder with those that a run was recorded on. */
export function playedOn({ code }: RunFile, submission: Submission): PlayedOn {
  if (codeOf(submission) === code) return "as recorded";
  return isSkeleton(submission) ? "skeleton" : "changed";
}

/** What to say before anything is played on other files than the recorded ones; undefined if there is nothing to say. */
export function playedOnWords(file: string, { lab }: RunFile, on: PlayedOn): string | undefined {
  if (on === "as recorded") return undefined;
  const place = `labs/${lab}`;
  const found =
    on === "skeleton"
      ? `Not played: in ${place} is the untouched skeleton, and this run was recorded on a written program.`
      : `Played on the files in ${place}, which are not those that this run was recorded on.`;
  const student = studentOf(file, lab);
  const whose = student === undefined ? "what the student has handed in" : `what ${student} has handed in`;
  return `${found}\nNext      npm run replay -- ${file} --against FOLDER: ${whose}, a folder or an archive`;
}

/** Grading keeps a run file in a folder of the student's name, in one of the lab's. */
function studentOf(file: string, lab: string): string | undefined {
  const folder = path.dirname(path.resolve(file));
  return path.basename(path.dirname(folder)) === lab ? path.basename(folder) : undefined;
}

function isSkeleton({ lab, files }: Submission): boolean {
  return files.every(({ name, text }) => text === pristineText(pristinePath(ROOT, lab, name)));
}

/** @returns undefined where skeletons are not kept */
function pristineText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
