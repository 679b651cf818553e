import path from "node:path";
import type { Lab } from "./labs";

/**
 * Where a lab's skeleton is kept as it was handed out. A student's own file changes, and `npm run begin` has to know
 * what it was made from. The name ends so that no compiler, linter or test runner takes it for a program.
 * @param root the repository's folder
 */
export function pristinePath(root: string, lab: Lab, file: string): string {
  return path.join(root, "labs", "pristine", lab.folder, `${file}.txt`);
}
