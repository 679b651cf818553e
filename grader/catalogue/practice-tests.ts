import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "expect";
import { type Lab, ROOT } from "../course/labs";
import type { Submission } from "../submission/intake";

/** One of a lab's practice tests, ready to be run on the files that it was loaded with. */
export interface PracticeTest {
  readonly title: string;
  readonly body: () => Promise<void>;
}

const LABS_FOLDER = path.join(ROOT, "labs");
const RUNNER = path.join(LABS_FOLDER, "runner");
/** Where a lab's practice tests stand beside the files that they are run on: as deep in the repository as all of `out`. */
const OUT = path.join(ROOT, "grader", "out", "practice");

/** Imports of the kit and the runner, from wherever a file was, lead to labs/ from there. */
const IMPORT = /"(?:\.\.\/)+(?:labs\/)?(kit|runner)(?=["/])/g;
const FROM_OUT = '"../../../../../labs/$1';

/**
 * Loads a lab's practice tests afresh, to be run on a submission in this process. What they get from jest is `test` and
 * `expect`, which is jest's own. Without jest's sandboxes, in which all code starts cold, they take a quarter of the time.
 */
export function practiceTestsOn({ lab, student, files }: Submission): readonly PracticeTest[] {
  const folder = path.join(OUT, lab.folder, student);
  const testFile = layOut(folder, lab, files);
  forget(folder);
  const tests: PracticeTest[] = [];
  Object.assign(globalThis, {
    expect,
    test: (title: string, body: PracticeTest["body"]) => void tests.push({ title, body }),
  });
  expect.setState({ testPath: testFile });
  require(path.join(RUNNER, "setup.ts"));
  require(testFile);
  return tests;
}

/** Runs a practice test. @returns why it failed, in the words that a student would read; undefined if it passed */
export async function practise({ title, body }: PracticeTest): Promise<string | undefined> {
  expect.setState({ currentTestName: title });
  try {
    await body();
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** @returns the path of the test file, which stands beside the submission's files */
function layOut(folder: string, lab: Lab, files: Submission["files"]): string {
  const home = path.join(LABS_FOLDER, lab.folder);
  const [test, ...others] = readdirSync(home).filter((name) => name.endsWith(".test.ts"));
  if (test === undefined || others.length > 0) throw new Error(`Expected one test file in ${home}.`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync(path.join(home, "package.json"), path.join(folder, "package.json"));
  const texts = [...files, { name: test, text: readFileSync(path.join(home, test), "utf8") }];
  for (const { name, text } of texts) writeFileSync(path.join(folder, name), text.replace(IMPORT, FROM_OUT));
  return path.join(folder, test);
}

/** The runner remembers from test to test what hung, and a folder's files may have changed. The kit remembers nothing. */
function forget(folder: string): void {
  for (const file of Object.keys(require.cache))
    if ([RUNNER, folder].some((parent) => file.startsWith(parent + path.sep))) delete require.cache[file];
}
