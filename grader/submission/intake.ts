import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Lab } from "../course/labs";

/** A student's file, as it was handed in. */
export interface SourceFile {
  /** "raft.ts" */
  readonly name: string;
  readonly text: string;
}

/** The files of one lab in one submission. */
export interface Submission {
  /** Where it was found, as given. */
  readonly folder: string;
  /** The folder's name: the student, as far as the grader knows. */
  readonly student: string;
  readonly lab: Lab;
  readonly files: readonly SourceFile[];
}

/** Why a submission cannot be graded; written for its author. */
export class SubmissionProblem extends Error {
  override readonly name = "SubmissionProblem";
}

/** Bytes that one source file may have. */
const FILE_BYTES_MAX = 1_000_000;

/** The folder of a submission in which a lab's files lie, or undefined if there are none of that lab. */
export function labFolder(submission: string, lab: Lab): string | undefined {
  const candidates = [
    path.join(submission, lab.folder),
    path.join(submission, "labs", lab.folder),
    submission,
  ];
  return candidates.find((folder) => lab.files.some((file) => existsSync(path.join(folder, file))));
}

/**
 * Reads the allow-listed files of a lab, and nothing else of the folder.
 * @throws SubmissionProblem with what was expected and what was found
 */
export function readSubmission(folder: string, lab: Lab): Submission {
  const student = path.basename(path.resolve(folder));
  if (!existsSync(folder) || !lstatSync(folder).isDirectory()) {
    throw new SubmissionProblem(`There is no folder ${folder}.`);
  }
  const home = labFolder(folder, lab);
  if (home === undefined) {
    const found = readdirSync(folder).slice(0, 10).join(", ") || "an empty folder";
    throw new SubmissionProblem(
      `Expected ${lab.files.join(", ")} in ${student}/ or ${student}/${lab.folder}/; found ${found}. ` +
        "Hand in the folder of the lab, with the file names of the skeleton.",
    );
  }
  return { folder, student, lab, files: lab.files.map((name) => readSource(home, name, student)) };
}

function readSource(home: string, name: string, student: string): SourceFile {
  const file = path.join(home, name);
  if (!existsSync(file))
    throw new SubmissionProblem(
      `Expected ${name} beside the lab's other files of ${student}; it is missing.`,
    );
  const stat = lstatSync(file);
  if (!stat.isFile())
    throw new SubmissionProblem(
      `Expected ${name} to be a file; found a ${stat.isSymbolicLink() ? "link" : "folder or device"}.`,
    );
  if (stat.size > FILE_BYTES_MAX)
    throw new SubmissionProblem(`${name} has ${stat.size} bytes; at most ${FILE_BYTES_MAX} are read.`);
  const bytes = readFileSync(file);
  if (bytes[0] === 0xff || bytes[0] === 0xfe)
    throw new SubmissionProblem(`${name} is UTF-16. Save it as UTF-8.`);
  const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
  if (text.trim() === "")
    throw new SubmissionProblem(
      `${name} is empty. Hand in your file, or the skeleton if you have not begun.`,
    );
  return { name, text };
}
