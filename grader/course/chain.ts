import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { diffArrays } from "diff";
import type { Lab } from "./labs";
import { type Line, numberedLines, type SolutionLine, solutionLines } from "./regions";

/** A file of a lab's solution. */
export interface SolutionFile {
  /** The lab's number. */
  readonly lab: number;
  /** How messages call it: "solutions/2-replication/raft.ts". */
  readonly path: string;
  readonly text: string;
}

/** One file in the solutions of two labs, one after the other. */
export interface Link {
  readonly earlier: SolutionFile;
  readonly later: SolutionFile;
}

/** All pairs of solution files of which one was made from the other, as far as both are there. */
export function links(root: string, labs: readonly Lab[]): Link[] {
  const fileOf = (lab: Lab, file: string): SolutionFile[] => {
    const place = path.posix.join("solutions", lab.folder, file);
    const full = path.join(root, place);
    if (!lab.files.includes(file) || !existsSync(full)) return [];
    return [{ lab: Number(lab.number), path: place, text: readFileSync(full, "utf8") }];
  };
  return labs
    .slice(1)
    .flatMap((lab, index) =>
      lab.files.flatMap((file) =>
        fileOf(labs[index], file).flatMap((earlier) =>
          fileOf(lab, file).map((later) => ({ earlier, later })),
        ),
      ),
    );
}

/** What {@link chainProblems} finds in all solutions of a course. */
export function brokenChains(root: string, labs: readonly Lab[]): string[] {
  return links(root, labs).flatMap(chainProblems);
}

/**
 * Where a later solution is not the earlier one plus its own lab regions. Two things are free: the code inside tasks of
 * earlier labs, which students edit in later labs too, and blank lines. Stubs of earlier labs are not: each skeleton has
 * to have the same, or students' files cannot be merged into it.
 * @returns sentences with file:line, what was expected, what was found, and a remedy; none if all is well
 * @throws Error if the markers of a file are not right
 */
export function chainProblems({ earlier, later }: Link): string[] {
  const lines = solutionLines(numberedLines(later.text), later.path);
  const misplaced = misplacedTasks(lines, later);
  if (misplaced.length > 0) return misplaced;
  const rebuilt = comparable(solutionLines(predecessorLines(lines, later.lab), later.path));
  const original = comparable(solutionLines(numberedLines(earlier.text), earlier.path));
  return differences(original, rebuilt).map((difference) => wordsFor(difference, earlier, later));
}

/**
 * The file of the lab before, as far as the later one tells: each region of lab N makes way for its `//-` lines. These
 * may be markers themselves, so the result has to be read anew.
 */
function predecessorLines(lines: readonly SolutionLine[], lab: number): Line[] {
  const isOwn = ({ labs }: SolutionLine): boolean => labs.some((region) => region.lab === lab);
  return lines
    .filter((line) => !isOwn(line) || line.kind === "before")
    .map((line) => ({ number: line.number, text: isOwn(line) ? line.content : line.text }));
}

function misplacedTasks(lines: readonly SolutionLine[], { lab, path }: SolutionFile): string[] {
  return lines.flatMap(({ task, labs, number }) => {
    if (task === undefined || task.line !== number) return [];
    const isInOwnLab = labs.some((region) => region.lab === lab);
    if (task.lab === lab && !isInOwnLab)
      return `${path}:${number}: expected task ${task.task} inside of //#region lab ${lab}, for lab ${lab - 1} has no such task; found it outside. Put //#region lab ${lab} above it and //#endregion below it.`;
    if (task.lab < lab && isInOwnLab)
      return `${path}:${number}: expected only tasks of lab ${lab} inside of //#region lab ${lab}; found task ${task.task}. Stubs of earlier labs stay where they are: end the lab's region above it, and begin another one below.`;
    return [];
  });
}

/** What must be the same in both files. */
function comparable(lines: readonly SolutionLine[]): SolutionLine[] {
  return lines.filter(({ kind, text }) => kind !== "code" && text.trim() !== "");
}

/** Neighbouring lines that are not the same. One of the two lists may be empty. */
interface Difference {
  readonly expected: readonly SolutionLine[];
  readonly found: readonly SolutionLine[];
  /** Where the later file goes on. */
  readonly next: SolutionLine | undefined;
}

function differences(original: readonly SolutionLine[], rebuilt: readonly SolutionLine[]): Difference[] {
  const [expected, found] = [[...original], [...rebuilt]];
  const result: Difference[] = [];
  let gone: SolutionLine[] = [];
  let come: SolutionLine[] = [];
  const flush = (): void => {
    if (gone.length + come.length > 0) result.push({ expected: gone, found: come, next: found[0] });
    [gone, come] = [[], []];
  };
  const texts = (lines: readonly SolutionLine[]): string[] => lines.map(({ text }) => text);
  for (const { added, removed, count } of diffArrays(texts(original), texts(rebuilt))) {
    if (removed) gone = expected.splice(0, count);
    else if (added) come = found.splice(0, count);
    else {
      flush();
      expected.splice(0, count);
      found.splice(0, count);
    }
  }
  flush();
  return result;
}

function wordsFor({ expected, found, next }: Difference, earlier: SolutionFile, later: SolutionFile): string {
  const line = (found[0] ?? next)?.number ?? later.text.split("\n").length;
  const source = expected.length === 0 ? `nothing here, like ${earlier.path}` : quoted(expected);
  const place = expected.length === 0 ? "" : ` (${earlier.path}:${expected[0].number})`;
  const seen = found.length === 0 ? "nothing of it" : quoted(found);
  return `${later.path}:${line}: expected ${source}${place}; found ${seen}. ${remedyFor([...expected, ...found], earlier, later)}`;
}

function quoted(lines: readonly SolutionLine[]): string {
  const more = lines.length > 1 ? ` and ${lines.length - 1} more` : "";
  return `“${lines[0].text.trim()}”${more}`;
}

function remedyFor(lines: readonly SolutionLine[], earlier: SolutionFile, later: SolutionFile): string {
  const stub = lines.find(({ task }) => task !== undefined)?.task;
  if (stub !== undefined)
    return `Stubs and regions of earlier tasks stay the same to the letter, so that students' files can be merged: copy those of task ${stub.task} from ${earlier.path}, and say what is new in a stub of lab ${later.lab}.`;
  if (lines.some(({ kind }) => kind === "marker"))
    return `Regions of earlier labs stay: copy the markers from ${earlier.path}. Where lab ${later.lab} changes something inside of one, a region of lab ${later.lab} may stand in it.`;
  return `If lab ${later.lab} changes this, put what it has instead into //#region lab ${later.lab} … //#endregion, with the old lines in it behind //-. If not, make both the same; mere spaces count too.`;
}
