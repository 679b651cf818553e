/** The markers of a solution file. The author guide tells what they are for. */
const TASK_START = /^\s*\/\/#region task (\d+)\.(\d+)\s*$/;
const LAB_START = /^\s*\/\/#region lab (\d+)\s*$/;
const REGION_END = /^\s*\/\/#endregion\s*$/;
const ANY_MARKER = /^\s*\/\/\s*#(?:end)?region\b/i;
const SKELETON_LINE = /^(\s*)\/\/\| ?(.*)$/;
const BEFORE_LINE = /^(\s*)\/\/- ?(.*)$/;

/** A line of a file, with the number that its author's editor shows. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/** `//#region task 1.3`: a place where students write code. */
export interface TaskRegion {
  readonly kind: "task";
  /** "1.3" */
  readonly task: string;
  readonly lab: number;
  /** Line of its marker. */
  readonly line: number;
}

/** `//#region lab 2`: what lab 2 added to a file of lab 1, or changed in it. */
export interface LabRegion {
  readonly kind: "lab";
  readonly lab: number;
  readonly line: number;
}

type Region = TaskRegion | LabRegion;

/** A line of a solution, and what it is there for. */
export interface SolutionLine extends Line {
  /**
   * - given: students get it as it stands
   * - code: the reference's answer to a task
   * - skeleton: behind `//|`, for the skeleton only
   * - before: behind `//-`, what the lab before has in place of a lab region
   * - marker: begins or ends a region
   */
  readonly kind: "given" | "code" | "skeleton" | "before" | "marker";
  /** What stands behind `//|` or `//-`, indented like it; of other lines all of it. */
  readonly content: string;
  /** The task region around it; a marker counts as part of its region. */
  readonly task: TaskRegion | undefined;
  /** The lab regions around it, the outermost first. Each is of a later lab than the one around it. */
  readonly labs: readonly LabRegion[];
}

/** The lines of a text, numbered from 1. */
export function numberedLines(text: string): Line[] {
  return text.split("\n").map((line, index) => ({ number: index + 1, text: line }));
}

/**
 * Tells of each line of a solution which regions it is in.
 * @param path how messages call the file
 * @throws Error with file line and remedy where a marker is not right
 */
export function solutionLines(lines: readonly Line[], path: string): SolutionLine[] {
  const open: Region[] = [];
  const read: SolutionLine[] = [];
  for (const line of lines) {
    const opened = regionOpenedBy(line);
    if (opened !== undefined) {
      checkNesting(opened, open.at(-1), path);
      open.push(opened);
    }
    const closes = REGION_END.test(line.text);
    if (closes && open.length === 0) throw new Error(`${path}:${line.number}: ${ENDS_NOTHING}`);
    if (!closes && opened === undefined && ANY_MARKER.test(line.text))
      throw new Error(`${path}:${line.number}: “${line.text.trim()}” is no marker. ${MARKERS}`);
    read.push(lineIn(open, line, closes || opened !== undefined, path));
    if (closes) open.pop();
  }
  const last = open.at(-1);
  if (last !== undefined) throw new Error(`${path}:${last.line}: ${neverClosed(last)}`);
  return read;
}

function regionOpenedBy({ number, text }: Line): Region | undefined {
  const task = TASK_START.exec(text);
  if (task) return { kind: "task", task: `${task[1]}.${task[2]}`, lab: Number(task[1]), line: number };
  const lab = LAB_START.exec(text);
  return lab ? { kind: "lab", lab: Number(lab[1]), line: number } : undefined;
}

/** Tasks stand in lab regions, what a lab changed in regions of earlier labs. Nothing else nests. */
function checkNesting(opened: Region, around: Region | undefined, path: string): void {
  const where = `${path}:${opened.line}`;
  if (opened.kind === "lab" && opened.lab < 2)
    throw new Error(`${where}: no lab comes before lab 1, so it has no regions. Take both markers away.`);
  if (around === undefined) return;
  if (around.kind === "task")
    throw new Error(
      `${where}: a region inside the one of line ${around.line}, task ${around.task}. Close that one first.`,
    );
  if (opened.kind === "lab" && opened.lab <= around.lab)
    throw new Error(
      `${where}: a region of lab ${opened.lab} inside the one of line ${around.line}, of lab ${around.lab}. ` +
        "Only what a later lab changed stands inside. Close that one first.",
    );
}

function lineIn(open: readonly Region[], line: Line, isMarker: boolean, path: string): SolutionLine {
  const task = open.find((region) => region.kind === "task");
  const labs = open.filter((region) => region.kind === "lab");
  const place = { ...line, task, labs };
  if (isMarker) return { ...place, kind: "marker", content: line.text };
  const skeleton = SKELETON_LINE.exec(line.text);
  if (skeleton) return { ...place, kind: "skeleton", content: skeleton[1] + skeleton[2] };
  const before = BEFORE_LINE.exec(line.text);
  if (before && labs.length === 0) throw new Error(`${path}:${line.number}: ${BEFORE_NOTHING}`);
  if (before) return { ...place, kind: "before", content: before[1] + before[2] };
  return { ...place, kind: task === undefined ? "given" : "code", content: line.text };
}

function neverClosed(region: Region): string {
  const remedy = region.kind === "task" ? "after its stub" : "after the lab's last line";
  return `this region is never closed. Add //#endregion ${remedy}.`;
}

const MARKERS = "There are //#region task N.M, //#region lab N, and //#endregion.";

const ENDS_NOTHING = "//#endregion without //#region task N.M or //#region lab N above it.";

const BEFORE_NOTHING =
  "//- outside of a lab region. Put it between //#region lab N and //#endregion: it says what the lab before has there.";
