import path from "node:path";
import type { Lab } from "../course/labs";
import type { TestCase } from "./suite";

/** What an instructor types to see one run of one test event by event. */
export function replayCommand({ number }: Lab, folder: string, test: TestCase, seed: number): string {
  return `npm run labgrader -- ${word(folder)} --lab ${number} --only ${test.number} --seed ${seed} --trace`;
}

/** What an instructor types to play a run again that was kept, on what the student has handed in. */
export function playCommand(runFile: string, submission: string): string {
  return `npm run replay -- ${word(path.relative(process.cwd(), runFile))} --against ${word(submission)}`;
}

/** One word of a command for a shell, whatever it is made of. */
function word(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
