import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { RUN_FILE_BYTES_MAX, readRunFile, runFileOf } from "../../labs/kit";
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

  /**
   * Writes a failed run into a file of the test's name, if it can be read again: a program can send and say more than a
   * file may have. No grade is lost for one that cannot be made or written.
   */
  keep(test: TestCase, run: FailedRun): void {
    const { lab } = this.submission;
    const title = `${test.number}  ${test.title}`;
    try {
      const code = codeOf(this.submission);
      const file = runFileOf(run, { lab: lab.folder, suite: "graded", test: title, code });
      const text = `${JSON.stringify(file, null, 1)}\n`;
      const bytes = Buffer.byteLength(text);
      if (bytes > RUN_FILE_BYTES_MAX || this.bytes + bytes > BYTES_MAX) return;
      readRunFile(text);
      this.bytes += bytes;
      mkdirSync(this.folder, { recursive: true });
      writeFileSync(path.join(this.folder, runFileName(test.number)), text);
    } catch {
      // The story is told all the same.
    }
  }
}

/** What a failed test's run file is called. */
export function runFileName(number: string): string {
  return `${number.replace(/[^\w.]/g, "-")}.run.json`;
}

/** A fingerprint of a student's files, as the lab itself makes it. */
export function codeOf({ files }: Submission): string {
  const hash = createHash("sha256");
  for (const { name, text } of [...files].sort((a, b) => (a.name < b.name ? -1 : 1)))
    hash.update(`${name}\n${text}\n`);
  return hash.digest("hex").slice(0, 16);
}
