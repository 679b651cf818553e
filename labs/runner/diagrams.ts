import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Story, World } from "../kit";
import { RUN_FILE_ENDING } from "./run-files";

/** Where diagrams are, below a lab's folder. Git ignores it. */
const FOLDER = "report";

/** The diagrams of a lab's practice tests: of each test that fails now, and of none that failed before. */
export class Diagrams {
  /** Numbers of tests whose old diagrams are gone. Several tests may share a number. */
  private readonly cleared = new Set<string>();
  private readonly written = new Set<string>();

  /** @param labFolder the lab's folder, in full; asked for when it is needed */
  constructor(private readonly labFolder: () => string) {}

  /** Takes away what an earlier run of a test has drawn. */
  clear(number: string): void {
    const folder = path.join(this.labFolder(), FOLDER);
    if (this.cleared.has(number)) return;
    this.cleared.add(number);
    if (!existsSync(folder)) return;
    const files = readdirSync(folder);
    const isOurs = (file: string) => file.endsWith(".html") || file.endsWith(RUN_FILE_ENDING);
    const old = files.filter((file) => file.startsWith(`${number}-`) && isOurs(file));
    for (const file of old) rmSync(path.join(folder, file), { force: true });
    if (old.length > 0 && old.length === files.length) rmdirSync(folder);
  }

  /**
   * Draws a failed run.
   * @param number "1.3"
   * @param title the test's sentence, with its number
   * @returns the file, seen from the lab's folder; undefined if there is nothing to draw. A drawing that goes wrong must
   *   not hide the story: then this says so.
   */
  draw(
    number: string,
    title: string,
    { world, story }: { readonly world: World; readonly story: Story },
  ): string | undefined {
    if (story.kind === "not-written") return undefined;
    try {
      // Loaded when it is needed: whoever fails no test does not wait for it.
      const { diagramOf }: typeof import("../diagram") = require("../diagram");
      const page = diagramOf({ world, failure: { story }, title });
      const name = this.newName(`${number}-${story.seed}`);
      mkdirSync(path.join(this.labFolder(), FOLDER), { recursive: true });
      writeFileSync(path.join(this.labFolder(), FOLDER, name), page);
      return `${FOLDER}/${name}`;
    } catch (error) {
      return `could not be written: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  /** Of two tests that share number and seed, the second gets a name with a 2. */
  private newName(wanted: string): string {
    let name = `${wanted}.html`;
    for (let n = 2; this.written.has(name); n++) name = `${wanted}-${n}.html`;
    this.written.add(name);
    return name;
  }
}
