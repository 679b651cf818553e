import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { diagramOf } from "../../labs/diagram";
import type { DrawnRun } from "../labgrader/runner";
import type { TestCase } from "../labgrader/suite";

/** Bytes that the diagrams of one submission may have together: a class has thousands of them. */
const BYTES_MAX = 20_000_000;

/** Writes diagrams of one submission's failed tests into a folder. No code of the submission runs where this runs. */
export class DiagramFiles {
  private bytes = 0;

  /** @param folder made when it is needed */
  constructor(private readonly folder: string) {}

  /**
   * Draws a failed run.
   * @returns the file's name; undefined if there is none: no grade is lost for a drawing that cannot be made or kept
   */
  draw(test: TestCase, { world, story }: DrawnRun): string | undefined {
    try {
      const page = diagramOf({ world, failure: { story }, title: `${test.number}  ${test.title}` });
      this.bytes += Buffer.byteLength(page);
      if (this.bytes > BYTES_MAX) return undefined;
      const name = `${test.number.replace(/[^\w.]/g, "-")}.html`;
      mkdirSync(this.folder, { recursive: true });
      writeFileSync(path.join(this.folder, name), page);
      return name;
    } catch {
      return undefined;
    }
  }
}
