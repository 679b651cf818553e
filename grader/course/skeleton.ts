import { numberedLines, type SolutionLine, solutionLines } from "./regions";

/** One place where a student writes code. */
export interface Stub {
  /** "1.3" */
  readonly task: string;
  /** Line of the region in the solution, from 1. */
  readonly line: number;
  /** What the skeleton says there, comment marks removed. */
  readonly instruction: string;
  /** Lines of code that the reference needs. */
  readonly referenceLines: number;
}

/** A solution file, cut for students. */
export interface Skeleton {
  readonly text: string;
  readonly stubs: readonly Stub[];
}

/**
 * Makes a student's file from a solution file. Inside `//#region task N.M` … `//#endregion` the code goes and the lines
 * behind `//|` stay; behind `//|` anywhere else stands what only the skeleton needs. What stands inside `//#region
 * lab N` stays, but for the lines behind `//-`, which say what the lab before has there. The kit is one folder nearer.
 * @param lab number of the lab that the file belongs to; without, regions may be of any lab
 * @throws Error with file line and remedy where a region is not closed, wrongly nested, of a later lab or without a stub
 */
export function skeletonOf(solution: string, path: string, lab = Number.POSITIVE_INFINITY): Skeleton {
  const lines = solutionLines(numberedLines(solution), path);
  checkLabs(lines, path, lab);
  const text = asStudentFile(lines.filter(({ kind }) => kind === "given" || kind === "skeleton"));
  return { text, stubs: stubsIn(lines, path) };
}

/**
 * Makes a student's file that is finished from a solution file: the code of all tasks stands in it, no stub does. What
 * only skeletons need beside their stubs is there too, so that later stubs can be merged into it.
 */
export function referenceOf(solution: string, path: string): string {
  const lines = solutionLines(numberedLines(solution), path);
  const isKept = ({ kind, task }: SolutionLine): boolean =>
    kind === "given" || kind === "code" || (kind === "skeleton" && task === undefined);
  return asStudentFile(lines.filter(isKept));
}

/** In the labs' folders the kit is one folder nearer than in solutions/. */
function asStudentFile(lines: readonly SolutionLine[]): string {
  return lines
    .map(({ content }) => content)
    .join("\n")
    .replaceAll('"../../labs/kit/', '"../kit/');
}

function checkLabs(lines: readonly SolutionLine[], path: string, lab: number): void {
  for (const { task, labs, number } of lines) {
    const region = [task, ...labs].find((around) => around !== undefined && around.lab > lab);
    if (region === undefined || region.line !== number) continue;
    const what = region.kind === "task" ? `task ${region.task}` : `lab ${region.lab}`;
    throw new Error(
      `${path}:${number}: a region of ${what} in a file of lab ${lab}. Move it to the solution of lab ${region.lab}.`,
    );
  }
}

function stubsIn(lines: readonly SolutionLine[], path: string): Stub[] {
  const regions = new Map<number, SolutionLine[]>();
  for (const line of lines)
    if (line.task !== undefined) regions.set(line.task.line, [...(regions.get(line.task.line) ?? []), line]);
  return [...regions.values()].map((region) => stubOf(region, path));
}

function stubOf(region: readonly SolutionLine[], path: string): Stub {
  const { task = "", line = 0 } = region[0].task ?? {};
  const stub = region.filter(({ kind }) => kind === "skeleton").map(({ content }) => content.trim());
  const isThrown = stub.some((text) => text.includes(`new NotImplemented("${task}")`));
  if (!isThrown)
    throw new Error(`${path}:${line}: the stub must end with //| throw new NotImplemented("${task}");`);
  return {
    task,
    line,
    instruction: instructionOf(stub),
    referenceLines: region.filter(({ kind, text }) => kind === "code" && text.trim() !== "").length,
  };
}

function instructionOf(stub: readonly string[]): string {
  return stub
    .filter((line) => line.startsWith("//"))
    .map((line) => line.replace(/^\/\/ ?/, ""))
    .join(" ");
}
