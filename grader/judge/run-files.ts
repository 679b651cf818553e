import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runFileOf } from "../../labs/kit";
import type { FailedRun } from "../labgrader/runner";
import type { TestCase } from "../labgrader/suite";
import type { Submission } from "../submission/intake";

/** Bytes that the run files of one submission may have together. */
const BYTES_MAX = 10_000_000;

/** Keeps the runs of one submission's failed tests, each in a file for `npm run replay`. */
export class RunFiles {
  private bytes = 0;

  /** @param folder made when it is needed */
  constructor(
    private readonly folder: string,
    private readonly submission: Submission,
  ) {}

  /** Writes a failed run into a file of the test's name. No grade is lost for one that cannot be written. */
  keep(test: TestCase, run: FailedRun): void {
    const { lab } = this.submission;
    const title = `${test.number}  ${test.title}`;
    const file = runFileOf(run, {
      lab: lab.folder,
      suite: "graded",
      test: title,
      code: codeOf(this.submission),
    });
    const text = `${JSON.stringify(file, null, 1)}\n`;
    this.bytes += Buffer.byteLength(text);
    if (this.bytes > BYTES_MAX) return;
    try {
      mkdirSync(this.folder, { recursive: true });
      writeFileSync(path.join(this.folder, `${test.number.replace(/[^\w.]/g, "-")}.run.json`), text);
    } catch {
      // The story is told all the same.
    }
  }
}

/** A fingerprint of a student's files, as the lab itself makes it. */
export function codeOf({ files }: Submission): string {
  const hash = createHash("sha256");
  for (const { name, text } of [...files].sort((a, b) => (a.name < b.name ? -1 : 1)))
    hash.update(`${name}\n${text}\n`);
  return hash.digest("hex").slice(0, 16);
}
