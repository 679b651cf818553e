/** Where a solution's own code stands for a task, and what a student sees there instead. */
const REGION_START = /^\s*\/\/#region task (\d+\.\d+)\s*$/;
const REGION_END = /^\s*\/\/#endregion\s*$/;
const SKELETON_LINE = /^(\s*)\/\/\| ?(.*)$/;

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
 * behind `//|` stay; behind `//|` anywhere else stands what only the skeleton needs. The kit is one folder nearer.
 * @throws Error with file line and remedy where a region is not closed, nested or without a stub
 */
export function skeletonOf(solution: string, path: string): Skeleton {
  const kept: string[] = [];
  const stubs: Stub[] = [];
  let open: { task: string; line: number; stub: string[]; code: number } | undefined;
  for (const [index, text] of solution.split("\n").entries()) {
    const line = index + 1;
    const start = REGION_START.exec(text);
    const stubLine = SKELETON_LINE.exec(text);
    if (start) {
      if (open)
        throw new Error(
          `${path}:${line}: a region inside the one of line ${open.line}. Close that one first.`,
        );
      open = { task: start[1], line, stub: [], code: 0 };
    } else if (REGION_END.test(text)) {
      if (!open) throw new Error(`${path}:${line}: //#endregion without //#region task N.M above it.`);
      if (!open.stub.some((stub) => stub.includes(`new NotImplemented("${open?.task}")`))) {
        throw new Error(
          `${path}:${open.line}: the stub must end with //| throw new NotImplemented("${open.task}");`,
        );
      }
      stubs.push({
        task: open.task,
        line: open.line,
        instruction: instructionOf(open.stub),
        referenceLines: open.code,
      });
      open = undefined;
    } else if (stubLine) {
      kept.push(`${stubLine[1]}${stubLine[2]}`);
      open?.stub.push(stubLine[2]);
    } else if (open) {
      if (text.trim() !== "") open.code += 1;
    } else {
      kept.push(text);
    }
  }
  if (open)
    throw new Error(`${path}:${open.line}: this region is never closed. Add //#endregion after its stub.`);
  return { text: kept.join("\n").replaceAll('"../../labs/kit/', '"../kit/'), stubs };
}

function instructionOf(stub: readonly string[]): string {
  return stub
    .filter((line) => line.startsWith("//"))
    .map((line) => line.replace(/^\/\/ ?/, ""))
    .join(" ");
}
