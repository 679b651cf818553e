import type { Graded, Machine } from "./grading";

/** Answers of a cell that arrive before it or its judge is killed: it has been loaded then, and plays its runs. */
const ANSWERS = 100;

/** The usual tools, for a moment when the one that is replaced does its real work. */
const USUAL = "PATH=/usr/bin:/bin";

const MARK = "killed";

/** A tool that kills what uses it, so many times, and then does what it should. Nobody has to look when it does. */
export interface Killer {
  readonly tools: Machine["tools"];
  /** Empty files of this name and a number are left beside the tool: one for each that was killed. */
  readonly mark: string;
}

/** @returns how many times a killer has killed */
export function killed({ mark }: Killer, { marks }: Graded): number {
  return marks.filter((name) => name.startsWith(mark)).length;
}

/** Kills a judge that makes the pipes for a cell. */
export function beforeACell(times: number): Killer {
  return {
    tools: { mkfifo: `${eachTime(times, `${kill("$PPID")}; exit 1`)}\n${USUAL} exec mkfifo "$@"` },
    mark: `mkfifo.${MARK}`,
  };
}

/**
 * Kills a judge or its cell while they talk: the tool stands between the two, hands over some answers of the cell one by
 * one, and then kills. Each cell is the leader of a process group.
 * @param tool the first that is run for a cell, as the user that the cell has
 */
export function midstOfWork(tool: string, whom: "judge" | "cell", times: number): Killer {
  const handOver = `dd bs=64k count=${ANSWERS} >&4 2>/dev/null`;
  const end = kill(whom === "judge" ? "$PPID" : "0");
  const doomed = `${USUAL} ${tool} "$@" 4>&1 >/dev/null | { ${handOver}; ${end}; }; exit 1`;
  // Walls are first tried with a program that is only checked, or with another one.
  const words = `case "$*" in *" --check "*) ;; *cell.js) ${eachTime(times, doomed)} ;; esac`;
  return { tools: { [tool]: `${words}\n${USUAL} exec ${tool} "$@"` }, mark: `${tool}.${MARK}` };
}

/** Shell words that kill a process, or (0) their own group. The mark comes first if they may do that: they may die of it. */
function kill(whom: "$PPID" | "0"): string {
  return `kill -s 0 ${whom} && mkdir "$0.${MARK}$turn" && kill -s KILL ${whom}`;
}

/** Shell words that do something the first so many times. */
function eachTime(times: number, words: string): string {
  const turns = Array.from({ length: times }, (_, i) => i + 1).join(" ");
  return `for turn in ${turns}; do if mkdir "$0.turn$turn" 2>/dev/null; then ${words}; fi; done`;
}
