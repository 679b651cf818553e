import { readFileSync, statSync } from "node:fs";
import { RUN_FILE_BYTES_MAX, type RunFile, RunFileProblem, readRunFile } from "../kit";

/**
 * Reads a run file from disk.
 * @throws RunFileProblem if there is none, or what is there is none
 */
export function readRun(file: string): RunFile {
  return readRunFile(textOf(file));
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
      next: "Replay it at the top of the repository, where the graded tests are.",
    });
  return run;
}

function textOf(file: string): string {
  let bytes: number;
  try {
    bytes = statSync(file).size;
    if (bytes <= RUN_FILE_BYTES_MAX) return readFileSync(file, "utf8");
  } catch (error) {
    throw new RunFileProblem({
      where: file,
      expected: "a run file, such as report/1.3-7.run.json",
      found: error instanceof Error ? error.message : String(error),
      next: "The line “Mended?” of a failed test names its run file.",
    });
  }
  throw new RunFileProblem({
    where: file,
    expected: `at most ${RUN_FILE_BYTES_MAX.toLocaleString("en")} bytes`,
    found: bytes.toLocaleString("en"),
  });
}
