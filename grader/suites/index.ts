import { existsSync } from "node:fs";
import path from "node:path";
import type { Lab } from "../course/labs";
import { collectSuite } from "../labgrader/language";
import type { Suite, TestCase, Visibility } from "../labgrader/suite";

/** What every lab's whole suite is worth: its public and its hidden tests together. */
export const SUITE_POINTS = 100;

/** The two views of a lab's tests. */
interface LabSuites {
  readonly whole: Suite;
  readonly public: Suite;
}

/** By lab number. A module declares its tests only when it is loaded for the first time, so each is loaded once. */
const loaded = new Map<string, LabSuites>();

/**
 * What grading runs: a lab's public and hidden tests, by number. A student's copy of the repository has no hidden
 * tests: there, this is the public ones alone.
 */
export function suiteOf(lab: Lab): Suite {
  return suitesOf(lab).whole;
}

/** The part that students run too: the very tests that grading runs. */
export function publicSuiteOf(lab: Lab): Suite {
  return suitesOf(lab).public;
}

function suitesOf(lab: Lab): LabSuites {
  const known = loaded.get(lab.number);
  if (known) return known;
  if (!existsSync(folderOf(lab, "public"))) throw new RangeError(`Lab ${lab.number} has no suite yet.`);
  const title = `Lab ${lab.number} · ${lab.title}`;
  const visible = testsIn(lab, "public", "visible");
  const hidden = existsSync(folderOf(lab, "hidden")) ? testsIn(lab, "hidden", "hidden") : [];
  const suites = {
    whole: { title, tests: [...visible, ...hidden].sort(byNumber) },
    public: { title: `${title}: public tests`, tests: [...visible].sort(byNumber) },
  };
  refuseDoubles(suites.whole);
  loaded.set(lab.number, suites);
  return suites;
}

/** The tests of one part. Who may see them is said by the folder, once for all. */
function testsIn(lab: Lab, part: "public" | "hidden", visibility: Visibility): readonly TestCase[] {
  const { tests } = collectSuite(`${lab.folder}/${part}`, () => require(folderOf(lab, part)));
  return tests.map((test) => ({ ...test, visibility }));
}

function folderOf(lab: Lab, part: "public" | "hidden"): string {
  return path.join(__dirname, lab.folder, part);
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** 1.3b comes before 1.10a: the parts are read apart, and the report follows the tasks. */
function byNumber(a: TestCase, b: TestCase): number {
  return compare(a.number, b.number);
}

/** @throws SyntaxError if a number stands in both parts: within one, the language sees to it */
function refuseDoubles({ tests }: Suite): void {
  const double = tests.find(({ number }, i) => number === tests[i - 1]?.number);
  if (double) throw new SyntaxError(`Test ${double.number} is both public and hidden.`);
}
