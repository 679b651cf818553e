import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import pc from "picocolors";
import type { Lab } from "../course/labs";
import { courseVersion } from "../course/version";
import type { Graded } from "../judge/graded";
import type { Answer } from "../judge/jobs";
import { JudgePool } from "../judge/judge-pool";
import { runFileName } from "../judge/run-files";
import { playCommand } from "../labgrader/replay-command";
import { printableName } from "../submission/printable-name";
import { nameOf } from "../submission/source-tree/file-type";
import { SUITE_POINTS, suiteOf } from "../suites";
import { NOT_HANDED_IN, pointsOf, printableSubmission, type SubmissionResult } from "./class-result";
import { fileNames } from "./file-names";
import { InOrder } from "./in-order";
import { inParallel } from "./in-parallel";
import type { Item, Plan } from "./plan";
import type { LabResult } from "./standings";

/** How to grade. */
export interface GradeOptions {
  readonly baseSeed: number;
  /** Runs of each test; without, as many as the suite says. */
  readonly seeds?: number | undefined;
  /** Gradings at the same time. */
  readonly jobs: number;
  /** True: every run is made twice, and fails if the second is not the same, event for event. */
  readonly checksDeterminism?: boolean | undefined;
  /** Where the reports go, and diagrams below. Without: none are drawn. */
  readonly diagrams?: string | undefined;
}

interface GradedItem {
  readonly submission: SubmissionResult;
  readonly reduced?: Answer["reduced"];
}

/** Who judges: they are closed at the end. */
type Judges = Pick<JudgePool, "judge" | "close">;

/**
 * Grades all that is planned, by judges of one pool.
 * @param say takes a line for each student, in the order of the class
 * @throws RangeError if the hidden tests of a lab are not here
 */
export async function gradeAll(
  { labs, places, items }: Plan,
  options: GradeOptions,
  say: (line: string) => void,
  judges: Judges = new JudgePool(),
): Promise<LabResult[]> {
  const suites = labs.map((lab) => ({ lab, ...wholeSuiteOf(lab) }));
  const what = labs.length === 1 ? suites[0].title : `Labs ${labs.map(({ number }) => number).join(", ")}`;
  say(pc.bold(`${what}: grading ${places.length} submission${places.length === 1 ? "" : "s"}`));
  const folders = diagramFolders(labs, places);
  if (options.diagrams !== undefined)
    for (const lab of labs) rmSync(path.join(options.diagrams, DIAGRAMS, lab.folder), OLD);
  const progress = new InOrder(say);
  const done: (SubmissionResult | undefined)[] = new Array(items.length);
  const graded = await inParallel(items, options.jobs, async (item, index) => {
    const result = await gradeItem(item, folders[index], options, judges);
    done[index] = result.submission;
    const row = Math.floor(index / labs.length);
    const ofStudent = done.slice(row * labs.length, (row + 1) * labs.length);
    if (isFull(ofStudent)) progress.add(row, progressLine(ofStudent));
    return result;
  }).finally(() => judges.close());
  const basis = { baseSeed: options.baseSeed, seeds: options.seeds, course: courseVersion() };
  const reducedIsolation = graded.find(({ reduced }) => reduced !== undefined)?.reduced;
  return suites.map(({ lab, title, maxPoints }, column) => {
    const submissions = graded
      .filter((_, index) => index % labs.length === column)
      .map(({ submission }) => submission);
    return { lab, result: { title, maxPoints, basis, submissions, reducedIsolation } };
  });
}

/** Below the folder of the reports. */
const DIAGRAMS = "diagrams";
const OLD = { recursive: true, force: true } as const;

/** A folder for each item's diagrams, seen from that of the reports: nobody's name can lead out of it. */
function diagramFolders(labs: readonly Lab[], places: readonly string[]): string[] {
  const names = fileNames(places.map((place) => printableName(nameOf(place))));
  return names.flatMap((name) => labs.map((lab) => [DIAGRAMS, lab.folder, name].join("/")));
}

async function gradeItem(
  { place, lab, instead }: Item,
  folder: string,
  { baseSeed, seeds, diagrams, checksDeterminism }: GradeOptions,
  judges: Judges,
): Promise<GradedItem> {
  const [student, number] = [nameOf(place), lab.number];
  if (instead !== undefined)
    return { submission: printableSubmission({ student, lab: number, graded: instead }) };
  const drawn = diagrams && path.resolve(diagrams, folder);
  const options = { baseSeed, seeds, shrinks: true, diagrams: drawn, checksDeterminism };
  const { graded, reduced } = await judges.judge({ place, lab: number, options });
  const found = drawn === undefined ? graded : withPlacesIn(folder, drawn, graded, place);
  return { submission: printableSubmission({ student, lab: number, graded: found }), reduced };
}

/**
 * The same with diagrams as they are found from the folder of the reports, and with the commands that play the runs
 * that were kept again.
 * @param folder as seen from the reports, which is `drawn` on this machine
 */
function withPlacesIn(folder: string, drawn: string, graded: Graded, submission: string): Graded {
  if (graded.kind !== "graded") return graded;
  const tests = graded.result.tests.map((test) => {
    const { failure } = test;
    if (failure?.story === undefined) return test;
    const diagram = failure.diagram === undefined ? undefined : `${folder}/${failure.diagram}`;
    const run = path.join(drawn, runFileName(test.number));
    const mended = existsSync(run) ? playCommand(run, submission) : undefined;
    return { ...test, failure: { ...failure, diagram, mended } };
  });
  return { ...graded, result: { ...graded.result, tests } };
}

function isFull<T>(items: readonly (T | undefined)[]): items is readonly T[] {
  return !items.includes(undefined);
}

/** "  ana                      100   87    ·" */
function progressLine(ofStudent: readonly SubmissionResult[]): string {
  const words = ofStudent.map((submission) => {
    if (submission.graded.kind === "not-handed-in") return NOT_HANDED_IN;
    return String(pointsOf(submission) ?? "not graded");
  });
  const points = words.length === 1 ? words[0] : words.map((word) => word.padStart(4)).join(" ");
  return `  ${ofStudent[0].student.padEnd(24)} ${points}`;
}

/** @throws RangeError if the hidden tests are not here: grading by the public ones alone would look like a whole grade */
function wholeSuiteOf(lab: Lab): { readonly title: string; readonly maxPoints: number } {
  const { title, tests } = suiteOf(lab);
  const points = tests.reduce((total, test) => total + test.points, 0);
  if (points === SUITE_POINTS) return { title, maxPoints: points };
  throw new RangeError(
    `The hidden tests of lab ${lab.number} are not in grader/suites/${lab.folder}/hidden: only ${points} of ${SUITE_POINTS} points are here. For the public tests alone there is npm run check.`,
  );
}
