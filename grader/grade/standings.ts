import type { Lab } from "../course/labs";
import type { TestVerdict } from "../labgrader/result";
import {
  type ClassResult,
  firstLookOf,
  median,
  pointsHandedIn,
  pointsOf,
  type SubmissionResult,
} from "./class-result";

/** One lab of a grading of several. All labs have the same students in the same order. */
export interface LabResult {
  readonly lab: Lab;
  readonly result: ClassResult;
}

/** Where a student stands over all labs. */
export interface Standing {
  readonly student: string;
  /** A result for each lab, in the order of the labs. */
  readonly results: readonly SubmissionResult[];
  /** Points of all labs together; undefined if the grader could not grade one of them. */
  readonly total: number | undefined;
  /** What to look at first; undefined if all labs are complete. */
  readonly look: Look | undefined;
}

/** The first lab in order that is not complete. */
export interface Look {
  /** Which of the labs it is, from 0. */
  readonly index: number;
  readonly words: string;
}

/** Where each student stands, in the order of the class. */
export function standingsOf(labs: readonly LabResult[]): Standing[] {
  const [first] = labs;
  return first.result.submissions.map(({ student }, row) => {
    const results = labs.map(({ result }) => result.submissions[row]);
    return { student, results, total: totalOf(results), look: lookOf(results, labs) };
  });
}

/** Points that there are for all labs together. */
export function maxTotal(labs: readonly LabResult[]): number {
  return labs.reduce((sum, { result }) => sum + result.maxPoints, 0);
}

function totalOf(results: readonly SubmissionResult[]): number | undefined {
  const points = results.map(pointsOf).filter((value) => value !== undefined);
  if (points.length < results.length) return undefined;
  return Math.round(points.reduce((sum, value) => sum + value, 0) * 100) / 100;
}

function lookOf(results: readonly SubmissionResult[], labs: readonly LabResult[]): Look | undefined {
  const index = results.findIndex((result, i) => pointsOf(result) !== labs[i].result.maxPoints);
  if (index === -1) return undefined;
  return { index, words: KIND_WORDS[results[index].graded.kind] + firstLookOf(results[index]) };
}

/** What is said before a first look that is no test's. */
const KIND_WORDS: Readonly<Record<SubmissionResult["graded"]["kind"], string>> = {
  graded: "",
  problem: "cannot be run: ",
  "not-handed-in": "not handed in. ",
  "grader-error": "not graded: ",
};

/** What `class.json` holds: the points of everybody in every lab. All else stands in the labs' own files. */
export function standingsData(labs: readonly LabResult[]): object {
  return {
    basis: labs[0]?.result.basis,
    labs: labs.map(({ lab, result }) => ({
      lab: lab.number,
      title: result.title,
      maxPoints: result.maxPoints,
      median: median(pointsHandedIn(result.submissions)) ?? null,
      data: labFile(lab, "json"),
    })),
    students: standingsOf(labs).map(({ student, results, total, look }) => ({
      student,
      labs: results.map((result) => ({
        lab: result.lab,
        kind: kindOf(result),
        points: pointsOf(result) ?? null,
      })),
      total: total ?? null,
      firstLook: look === undefined ? "complete" : `${labs[look.index].lab.number}: ${look.words}`,
    })),
  };
}

/** A lab in which the grader failed in one test is not graded either. */
function kindOf(submission: SubmissionResult<TestVerdict>): SubmissionResult["graded"]["kind"] {
  return pointsOf(submission) === undefined ? "grader-error" : submission.graded.kind;
}

/** The name of a lab's report, or of its data. */
export function labFile({ number }: Lab, extension: "html" | "json"): string {
  return `lab-${number}.${extension}`;
}
