import Table from "cli-table3";
import pc from "picocolors";
import { printableLine } from "../tools/printable";
import { NOT_HANDED_IN, pointsOf, type SubmissionResult } from "./class-result";
import { COLOURED, nameColumns, PLAIN, pointsWords } from "./class-table";
import { type LabResult, maxTotal, type Standing, standingsOf } from "./standings";

/** Columns of a first look, below which it goes under the table. */
const LOOK_MIN = 30;
/** Columns that a name keeps, however narrow the terminal is. */
const NAME_MIN = 10;
/** A first look has two lines of its column at most; the reports have all of it. */
const LOOK_LINES_MAX = 2;
/** Characters of a first look, however wide the terminal is. */
const LOOK_CHARS_MAX = 240;
/** Blanks around what stands in a column. */
const PADDING = 2;

/** A class over several labs as a table for a terminal: points of everybody in every lab, and where to begin. */
export function summaryTable(
  labs: readonly LabResult[],
  terminalWidth = process.stdout.columns ?? 120,
): string {
  const standings = standingsOf(labs);
  const shape = shapeFor(labs, standings, terminalWidth);
  const table = new Table({
    head: ["student", ...shape.heads, ...(shape.look === undefined ? [] : ["look at first"])],
    colWidths: [shape.name, ...shape.numbers, ...(shape.look === undefined ? [] : [shape.look])],
    colAligns: ["left", ...shape.heads.map(() => "right" as const), "left"],
    wordWrap: true,
    style: { ...(pc.isColorSupported ? COLOURED : PLAIN), compact: true },
  });
  for (const standing of standings)
    table.push([
      // On one line: a name that goes on below could pretend to be another student's row.
      { content: standing.student, wordWrap: false },
      ...standing.results.map((result, i) => labWords(result, labs[i])),
      totalWords(standing),
      ...(shape.look === undefined ? [] : [lookWords(standing, labs, shape.look - PADDING)]),
    ]);
  const looks =
    shape.look === undefined ? standings.flatMap((standing) => lookLine(standing, labs, terminalWidth)) : [];
  return [table.toString(), ...looks, ...legend(standings)].join("\n");
}

/** The columns of a table, and their widths. */
interface Shape {
  readonly name: number;
  /** Above the labs' points and the total. */
  readonly heads: readonly string[];
  readonly numbers: readonly number[];
  /** Undefined if there is no room for it. */
  readonly look: number | undefined;
}

function shapeFor(labs: readonly LabResult[], standings: readonly Standing[], width: number): Shape {
  const wide = headsFor(labs, "lab ", `of ${maxTotal(labs)}`, standings);
  const name = nameColumns(standings.map(({ student }) => student));
  const look = width - name - sum(wide.numbers) - (wide.numbers.length + 3);
  if (look >= LOOK_MIN) return { ...wide, name, look };
  const isTight = look + 1 < 0;
  const { heads, numbers } = isTight ? headsFor(labs, "", "all", standings) : wide;
  const left = width - sum(numbers) - (numbers.length + 2);
  return { heads, numbers, name: Math.max(NAME_MIN, Math.min(name, left)), look: undefined };
}

function headsFor(
  labs: readonly LabResult[],
  prefix: string,
  totalHead: string,
  standings: readonly Standing[],
): Pick<Shape, "heads" | "numbers"> {
  const heads = [...labs.map(({ lab }) => `${prefix}${lab.number}`), totalHead];
  const columns = [
    ...labs.map((_, i) => standings.map(({ results }) => pointsOf(results[i]))),
    standings.map(({ total }) => total),
  ];
  const numbers = heads.map(
    (head, i) => PADDING + Math.max(head.length, ...columns[i].map((points) => String(points ?? "?").length)),
  );
  return { heads, numbers };
}

function labWords(submission: SubmissionResult, { result }: LabResult): string {
  const words = pointsWords(submission);
  if (submission.graded.kind === "problem") return pc.red(words);
  return pointsOf(submission) === result.maxPoints ? pc.green(words) : words;
}

function totalWords({ total }: Standing): string {
  return total === undefined ? pc.magenta("?") : pc.bold(String(total));
}

function lookWords({ look }: Standing, labs: readonly LabResult[], width: number): string {
  if (look === undefined) return "complete";
  const words = [...printableLine(`lab ${labs[look.index].lab.number}: ${look.words}`, LOOK_CHARS_MAX)];
  // Lines break between words, so that they are never quite full.
  const room = LOOK_LINES_MAX * width - Math.floor(width / 3);
  if (words.length <= room) return words.join("");
  const start = words.slice(0, room).join("");
  return `${start.replace(/[\s.,:;]+\S{0,12}$/, "")}…`;
}

/** Under the table, indented: no line of a submission begins at the left edge. */
function lookLine(standing: Standing, labs: readonly LabResult[], width: number): string[] {
  return standing.look === undefined
    ? []
    : [`  ${standing.student}`, `    ${lookWords(standing, labs, width - 4)}`];
}

/** What the marks mean that stand in the place of points, if there are any. */
function legend(standings: readonly Standing[]): string[] {
  const all = standings.flatMap(({ results }) => results);
  const words = [
    ...(all.some(({ graded }) => graded.kind === "not-handed-in")
      ? [`${NOT_HANDED_IN} not handed in: counts as 0`]
      : []),
    ...(all.some((submission) => pointsOf(submission) === undefined)
      ? ["? not graded: the grader failed, no zero"]
      : []),
  ];
  return words.length === 0 ? [] : [pc.dim(words.join("   "))];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
