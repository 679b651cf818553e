import { progress } from "../tools/command-line";

/** Lines that tell how far an audit is, where no terminal shows one that changes. */
const LINES = 10;

/** Tells how far an audit is: on a terminal in a line that the next one overwrites, elsewhere now and then. */
export function tellProgress(done: number, all: number, name: string): void {
  progress(`  ${done} of ${all} done, last: ${name}`);
  if (process.stdout.isTTY || done === all) return;
  const passed = (count: number): number => Math.floor((LINES * count) / all);
  if (all > LINES && passed(done) > passed(done - 1)) console.log(`  … ${done} of ${all} done`);
}
