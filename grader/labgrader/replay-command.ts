import type { Lab } from "../course/labs";
import type { TestCase } from "./suite";

/** What an instructor types to see one run of one test event by event. */
export function replayCommand({ number }: Lab, folder: string, test: TestCase, seed: number): string {
  const place = /^[\w./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`;
  return `npm run labgrader -- ${place} --lab ${number} --only ${test.number} --seed ${seed} --trace`;
}
