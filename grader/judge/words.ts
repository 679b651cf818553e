import type { Stimulus } from "../../labs/kit";
import { printableLine } from "../tools/printable";
import { type CellEnd, type LoadingLost, NoCell } from "./cell-end";

/** Characters of a name of the student's own that are shown. */
const NAME_CHARS_MAX = 60;

/** What went wrong in the grader itself, for whoever looks after it. */
export function graderErrorWords(error: unknown): string {
  if (error instanceof NoCell) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Why a test was not run any more. */
export function outOfTimeWords(maxMs: number): string {
  return `Not run: this submission worked for more than ${maxMs / 60_000} minutes; a usual one takes seconds.`;
}

/** Why a file cannot be loaded, after “Loading the file”. */
export function loadingEndWords({ end, lastWords }: LoadingLost): string {
  return end.kind === "silent"
    ? "takes too long. Is there an endless loop outside of the class?"
    : `ends the whole program: ${end.kind === "died" ? lastWords : end.what} Code outside of the class runs before any server starts.`;
}

/** Why a test failed whose run ended a cell. */
export function endWords(end: CellEnd, doing: string | undefined, lastWords: string, seed: number): string {
  const handler = doing ?? "A handler";
  switch (end.kind) {
    case "silent":
      return [
        `${handler} does not return.`,
        "Rule    A handler does its work and returns; to go on later it sets a timer.",
        `Seed    ${seed}`,
        "Next    What in this handler takes so long? Look for a regular expression, a sort or a string that grows without end.",
      ].join("\n");
    case "died":
      return [
        `The program ended in the middle of the test: ${lastWords}`,
        `Seed    ${seed}`,
        `Next    It was at ${handler}. What grows there without end?`,
      ].join("\n");
    case "violation":
      return [
        "The grader got something from the program's process that no server can send. This test is not passed that way.",
        `Seed    ${seed}`,
        `Found   ${end.what}`,
      ].join("\n");
  }
}

/** An event, as the call that it comes to. */
export function stimulusWords(
  { node, kind, from, message, timer, now }: Stimulus,
  ids: readonly string[],
): string {
  const server = ids[node];
  const call = {
    start: `${server}.start()`,
    timer: `${server}.onTimer("${printableLine(timer, NAME_CHARS_MAX)}")`,
    message: `${server}.onMessage("${ids[from]}", ${printableLine(String(message?.type), NAME_CHARS_MAX)} of term ${message?.term})`,
    propose: `${server}.propose(…)`,
    invoke: `${server}.invoke(…)`,
  };
  return `${call[kind]} at ${Math.round(now)} ms`;
}
