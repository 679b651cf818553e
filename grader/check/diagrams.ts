import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { commandAtTop } from "../../labs/runner/command-at-top";
import { RUN_FILE_ENDING } from "../../labs/runner/run-files";
import { type Lab, ROOT } from "../course/labs";
import type { TestCase } from "../labgrader/suite";

/** Where a student finds the diagrams of failed public tests: beside those of the practice tests. Git ignores it. */
export function diagramsOf(lab: Lab): string {
  return path.join(ROOT, "labs", lab.folder, "report", "check");
}

/** Takes away what was drawn and kept of tests before: what is there afterwards is of today. */
export function clearDiagrams(lab: Lab, tests: readonly TestCase[]): void {
  for (const { number } of tests)
    for (const ending of [".html", RUN_FILE_ENDING])
      rmSync(path.join(diagramsOf(lab), `${number}${ending}`), { force: true });
}

/** A diagram as a student can type its name, from where the command was typed. */
export function shownDiagram(lab: Lab, diagram: string): string {
  return path.relative(typedIn(), path.join(diagramsOf(lab), diagram));
}

/**
 * The command that plays the run of a failed public test again, from where the check was typed.
 * @param folder where the files are, if it was typed
 * @returns undefined if the run was not kept
 */
export function mendedCommand(lab: Lab, number: string, folder: string | undefined): string | undefined {
  const file = path.join(diagramsOf(lab), `${number}${RUN_FILE_ENDING}`);
  if (!existsSync(file)) return undefined;
  const command = commandAtTop(file, typedIn());
  if (folder === undefined) return command;
  return `${command} --against ${JSON.stringify(path.relative(ROOT, path.resolve(typedIn(), folder)))}`;
}

function typedIn(): string {
  return process.env.INIT_CWD ?? process.cwd();
}
