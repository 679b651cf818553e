import { rmSync } from "node:fs";
import path from "node:path";
import { type Lab, ROOT } from "../course/labs";
import type { TestCase } from "../labgrader/suite";

/** Where a student finds the diagrams of failed public tests: beside those of the practice tests. Git ignores it. */
export function diagramsOf(lab: Lab): string {
  return path.join(ROOT, "labs", lab.folder, "report", "check");
}

/** Takes away what was drawn of tests before: what is there afterwards is of today. */
export function clearDiagrams(lab: Lab, tests: readonly TestCase[]): void {
  for (const { number } of tests) rmSync(path.join(diagramsOf(lab), `${number}.html`), { force: true });
}

/** A diagram as a student can type its name, from where the command was typed. */
export function shownDiagram(lab: Lab, diagram: string): string {
  return path.relative(process.env.INIT_CWD ?? process.cwd(), path.join(diagramsOf(lab), diagram));
}
