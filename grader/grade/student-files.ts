import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { TestVerdict } from "../labgrader/result";
import type { ClassResult } from "./class-result";
import { fileNames } from "./file-names";
import { type StudentCopy, studentCopy } from "./student-copy";
import { studentReport } from "./student-report";
import { withReasons } from "./with-reasons";

/** No student's file is called so: they all have an extension. */
const DIAGRAMS = "diagrams";

/**
 * Writes a page and a data file for each student into `folder`, without what would betray hidden tests. Diagrams of
 * tests that are told go with them.
 * @param reports the folder in which the diagrams of the result are found
 */
export function writeStudentFiles(
  folder: string,
  { title, maxPoints, submissions }: ClassResult,
  reports?: string,
): void {
  mkdirSync(folder, { recursive: true });
  rmSync(path.join(folder, DIAGRAMS), { recursive: true, force: true });
  const names = fileNames(submissions.map(({ student }) => student));
  for (const [index, submission] of submissions.entries()) {
    const copy = withDiagrams(studentCopy(submission), (diagram) =>
      reports === undefined ? undefined : copied(path.join(reports, diagram), folder, names[index]),
    );
    const file = path.join(folder, names[index]);
    writeFileSync(`${file}.html`, studentReport(copy, { title, maxPoints }));
    writeFileSync(
      `${file}.json`,
      `${JSON.stringify(withReasons({ title, maxPoints, submissions: [copy] }), null, 2)}\n`,
    );
  }
}

/** The same copy with its diagrams where `place` has put them, and without those that it has not. */
function withDiagrams(copy: StudentCopy, place: (diagram: string) => string | undefined): StudentCopy {
  const { graded } = copy;
  if (graded.kind !== "graded") return copy;
  const tests = graded.result.tests.map((test): TestVerdict => {
    const { failure } = test;
    if (failure?.diagram === undefined) return test;
    return { ...test, failure: { ...failure, diagram: place(failure.diagram) } };
  });
  return { ...copy, graded: { ...graded, result: { ...graded.result, tests } } };
}

/** @returns where the copy is, seen from `folder`; undefined if there is nothing to copy */
function copied(diagram: string, folder: string, name: string): string | undefined {
  const place = [DIAGRAMS, name, path.basename(diagram)].join("/");
  try {
    mkdirSync(path.join(folder, DIAGRAMS, name), { recursive: true });
    copyFileSync(diagram, path.join(folder, place));
    return place;
  } catch {
    return undefined;
  }
}
