import { readFileSync, statSync } from "node:fs";
import { RUN_FILE_BYTES_MAX, type RunFile, RunFileProblem, readRunFile } from "../kit";
import { commandAtTop } from "./command-at-top";

/** Where a student finds a run file. */
const NEXT = "The line “Mended?” of a failed test names its run file.";

/**
 * Reads a run file from disk.
 * @param next where its reader finds one
 * @throws RunFileProblem if there is none, or what is there is none
 */
export function readRun(file: string, next = NEXT): RunFile {
  const text = textOf(file, next);
  if (isReport(text))
    throw new RunFileProblem({
      where: file,
      expected: "a run file, such as 1.3-7.run.json",
      found: "a grading report, which has results but no runs",
      next,
    });
  return readRunFile(text);
}

/**
 * Reads a run file of one of a lab's practice tests.
 * @throws RunFileProblem if it is of another lab, or of a test that is graded
 */
export function readOwnRun(file: string, lab: string): RunFile {
  const run = readRun(file);
  if (run.lab !== lab)
    throw new RunFileProblem({
      where: "lab",
      expected: `“${lab}”, for this is its folder`,
      found: `“${run.lab}”`,
      next: `Replay it in the folder labs/${run.lab}.`,
    });
  if (run.suite !== "practice")
    throw new RunFileProblem({
      where: "suite",
      expected: "“practice”: the run of a test that is in this folder",
      found: `“${run.suite}”`,
      next: `The graded tests are at the top of the repository:  ${commandAtTop(file, process.cwd())}`,
    });
  return run;
}

function textOf(file: string, next: string): string {
  const problem = (found: string): RunFileProblem =>
    new RunFileProblem({ where: file, expected: "a run file, such as 1.3-7.run.json", found, next });
  let bytes: number;
  try {
    const found = statSync(file);
    if (found.isDirectory()) throw problem("a folder");
    bytes = found.size;
    if (bytes <= RUN_FILE_BYTES_MAX) return readFileSync(file, "utf8");
  } catch (error) {
    throw error instanceof RunFileProblem ? error : problem(unreadableWords(error));
  }
  throw new RunFileProblem({
    where: file,
    expected: `at most ${RUN_FILE_BYTES_MAX.toLocaleString("en")} bytes`,
    found: bytes.toLocaleString("en"),
    next,
  });
}

function unreadableWords(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "no reason";
  if (code === "ENOENT" || code === "ENOTDIR") return "no file of this name";
  return `something that cannot be read (${code})`;
}

/** True for what a grading writes: its report, that of a whole class, or a student's copy. */
function isReport(text: string): boolean {
  try {
    const data: unknown = JSON.parse(text);
    if (typeof data !== "object" || data === null) return false;
    return "submissions" in data || ("labs" in data && "students" in data);
  } catch {
    return false;
  }
}
