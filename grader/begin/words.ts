import pc from "picocolors";
import type { Lab } from "../course/labs";
import type { Begun, BegunFile } from "./begin";
import type { MergedText } from "./merge-files";

/** What `npm run begin` says when it is done. */
export function begunWords(begun: Begun): string {
  const { lab, previous, earlier, files } = begun;
  const from = earlier.isReference ? earlier.name : `your lab ${previous.number}`;
  return [
    pc.bold(`Lab ${lab.number} · ${lab.title}, from ${from}`),
    ...files.flatMap((file) => fileWords(file, begun)),
    "",
    ...nextWords(begun),
  ].join("\n");
}

/** For the lab that has nothing before it. */
export function firstLabWords({ number }: Lab): string {
  return `Lab ${number} begins with its skeleton: nothing to merge. Read README.md, then write task ${number}.1.`;
}

/** Whether everything could be merged. */
export function isClean({ files }: Begun): boolean {
  return files.every(({ merged }) => (merged?.conflicts.length ?? 0) === 0);
}

function fileWords(file: BegunFile, begun: Begun): string[] {
  const { place, merged, copy, isWritten } = file;
  const more = [
    ...(merged === undefined ? [] : [...conflictWords(place, merged), ...openWords(merged, begun)]),
    ...(copy === undefined
      ? []
      : [
          `What stood there before, your work on lab ${begun.lab.number} included, is now in ${copy}`,
          "To go on with that instead, copy it back.",
        ]),
  ];
  const mark = (merged?.conflicts.length ?? 0) === 0 ? pc.green("✓") : pc.red("✗");
  const state = isWritten ? "" : ", as it was already";
  return [`  ${mark} ${place}  ${whatWords(file, begun)}${state}`, ...more.map((line) => `      ${line}`)];
}

function whatWords({ merged, newTasks }: BegunFile, { lab, earlier }: Begun): string {
  const stubs = newTasks.length === 0 ? "no new stubs" : `stubs of ${tasksWords(newTasks)}`;
  if (merged === undefined) return `new in lab ${lab.number}, with ${stubs}`;
  if (merged.conflicts.length > 0) return `merged, but for ${counted(merged.conflicts.length, "place")}`;
  return merged.isUntouched && !earlier.isReference
    ? `the skeleton, with ${stubs}`
    : `merged: code of ${earlier.name}, ${stubs}`;
}

function conflictWords(place: string, { conflicts }: MergedText): string[] {
  return conflicts.map((line) => `${place}:${line}  both sides changed this`);
}

/** What the student still owes to the lab before. */
function openWords({ openTasks, isUntouched }: MergedText, { previous, lab }: Begun): string[] {
  if (openTasks.length === 0) return [];
  const tasks = tasksWords(openTasks);
  const [stubs, them] = openTasks.length === 1 ? ["Its stub is", "it"] : ["Their stubs are", "them"];
  const advice = `${stubs} here too: write ${them} first, for lab ${lab.number} builds on ${them}.`;
  return isUntouched
    ? [
        `Your file of lab ${previous.number} is its skeleton as it was handed out: nothing of yours is in here.`,
        `Not written yet: ${tasks}. ${advice}`,
      ]
    : [`Not written yet: ${tasks}. ${advice}`];
}

function nextWords(begun: Begun): string[] {
  const { lab, previous, files } = begun;
  const conflicts = files.reduce((sum, { merged }) => sum + (merged?.conflicts.length ?? 0), 0);
  const open = files.flatMap(({ merged }) => merged?.openTasks ?? []);
  const task = open[0] ?? firstTask(files.flatMap(({ newTasks }) => newTasks)) ?? `${lab.number}.1`;
  if (conflicts > 0)
    return [
      `Next: decide ${conflicts === 1 ? "it" : "each of them"} in your editor. Between <<<<<<< and ======= stands ${begun.earlier.name}, from there to >>>>>>> the`,
      `skeleton of lab ${lab.number}. Mostly both are wanted: put them together, then delete the three marker lines. Until then`,
      `the file cannot run. Then read README.md and write task ${task}.`,
    ];
  if (open.length === 0)
    return [`Next: read README.md, then write task ${task}, and try it:  npm test -- -t ${task}`];
  const [openLab] = task.split(".");
  return openLab !== previous.number && files.some(({ merged }) => merged?.isUntouched)
    ? [`Next: lab ${previous.number} was not begun. Do so in labs/${previous.folder}:  npm run begin`]
    : [`Next: write task ${task}, in lab ${openLab} with its tests; then begin again. Or write it here.`];
}

/** The one with the smallest number. */
function firstTask(tasks: readonly string[]): string | undefined {
  return [...tasks].sort((a, b) => Number(a) - Number(b))[0];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** "tasks 1.6, 1.7 and 2.1 to 2.7" */
function tasksWords(tasks: readonly string[]): string {
  const runs: string[][] = [];
  for (const task of tasks) {
    const run = runs.at(-1);
    if (run !== undefined && isNext(run.at(-1), task)) run.push(task);
    else runs.push([task]);
  }
  const parts = runs.flatMap((run) => (run.length < 3 ? run : [`${run[0]} to ${run.at(-1)}`]));
  const list = parts.length < 2 ? parts.join() : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
  return `task${tasks.length === 1 ? "" : "s"} ${list}`;
}

/** Whether a task follows another one of the same lab. */
function isNext(one: string | undefined, other: string): boolean {
  const [lab, number] = one?.split(".") ?? [];
  return other === `${lab}.${Number(number) + 1}`;
}
