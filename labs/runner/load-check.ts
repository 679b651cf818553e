import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { loadWithCounter } from "./counted-loops";
import { explainLoadError, LoadProblem } from "./load-problem";
import { LoopCounter } from "./loop-counter";
import { rememberOrigin } from "./student-files";
import { comesToAnEnd, STUCK_AFTER_MS } from "./watchdog";

/** What a test file, or a file that is handed in, imports from a file of the student's. */
interface Import {
  /** "./raft" */
  readonly from: string;
  readonly names: readonly string[];
}

/** What a server may import, besides the files that are handed in. */
const CONTRACT = /^(\.\.\/)+(labs\/)?kit\/contract(\/[\w-]+)?$/;
/** The names behind `from`, `import` and `require`, in code that is no comment. */
const SPECIFIER = /^(?!\s*(?:\/\/|\*)).*?(?:\bfrom|\bimport|\brequire)\s*\(?\s*["']([^"']+)["']/;

const IMPORT = /^import \{([^}]*)\} from "(\.\/[^"]+)";$/gm;

/**
 * Loads the student's files before the test file does, to say in plain words what is wrong with one that cannot be
 * loaded, or that lacks what the tests need. It throws a {@link LoadProblem} then.
 */
export function checkThatItLoads(testPath: string): void {
  const requireAsTest = createRequire(testPath);
  const imports = importsOf(readFileSync(testPath, "utf8"));
  const handedIn = handedInBeside(testPath) ?? imports.map(({ from }) => from);
  const paths = handedIn.map((from) => pathOf(from, requireAsTest));
  for (const path of paths) checkImports(path, handedIn);
  for (const path of paths) checkConstructed(path, handedIn);
  for (const { from, names } of imports) {
    const path = pathOf(from, requireAsTest);
    const exported = load(path);
    for (const name of names) {
      const value: unknown = Reflect.get(exported, name);
      if (typeof value !== "function") throw missingExport(name, path, Object.keys(exported));
      rememberOrigin(value, { path, name });
    }
  }
}

function importsOf(source: string): readonly Import[] {
  return [...source.matchAll(IMPORT)].map(([, list = "", from = ""]) => ({
    from,
    names: list
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "" && !name.startsWith("type ")),
  }));
}

/**
 * The files that a lab's package.json lists, as they import each other: "./raft".
 * @returns undefined if it lists none: then the tests import them all
 */
function handedInBeside(testPath: string): readonly string[] | undefined {
  const path = join(dirname(testPath), "package.json");
  const { files }: { files?: readonly string[] } = existsSync(path)
    ? JSON.parse(readFileSync(path, "utf8"))
    : {};
  return files?.map((file) => `./${basename(file, ".ts")}`);
}

/**
 * The grader refuses such an import: better to hear of it here.
 * @param handedIn the files that are graded, as they import each other: no others are taken
 */
function checkImports(path: string, handedIn: readonly string[]): void {
  for (const [index, line] of readFileSync(path, "utf8").split("\n").entries()) {
    const [, name] = SPECIFIER.exec(line) ?? [];
    if (name === undefined || CONTRACT.test(name) || handedIn.includes(name)) continue;
    throw new LoadProblem(`${basename(path)}:${index + 1} imports “${name}”: grading refuses that.`, {
      expected: `imports from "../kit/contract"${handedIn.length > 1 ? ` and from ${handedIn.join(", ")}` : ""}`,
      found: line.trim(),
      next: "Remove the import: what a server needs of the outside comes through env, and only the lab's own files are handed in.",
    });
  }
}

/** A class of another file's that is constructed, such as Raft in kv-server.ts, has to be exported there. */
function checkConstructed(path: string, handedIn: readonly string[]): void {
  const source = readFileSync(path, "utf8");
  const requireThere = createRequire(path);
  for (const { from, names } of importsOf(source)) {
    if (!handedIn.includes(from)) continue;
    const constructed = names.filter((name) => source.includes(`new ${name}(`));
    if (constructed.length === 0) continue;
    const target = pathOf(from, requireThere);
    const exported = load(target);
    for (const name of constructed)
      if (typeof Reflect.get(exported, name) !== "function")
        throw missingExport(name, target, Object.keys(exported), basename(path));
  }
}

function pathOf(from: string, requireAsTest: NodeJS.Require): string {
  try {
    return requireAsTest.resolve(from);
  } catch {
    const file = `${basename(from)}.ts`;
    throw new LoadProblem(`There is no ${file}.`, {
      expected: `${file}, beside the tests: it is handed in with this lab`,
      found: "no such file",
      next: `Was it moved or renamed? A file of an earlier lab is brought along by “npm run begin”.`,
    });
  }
}

function load(path: string): object {
  const file = basename(path);
  let loaded: unknown;
  const work = () => {
    loaded = createRequire(path)(path);
  };
  let isLoaded = false;
  try {
    isLoaded = comesToAnEnd(work, STUCK_AFTER_MS);
  } catch (error) {
    throw explainLoadError(file, error);
  }
  if (!isLoaded) throw stuckWhileLoading(placeOfLoop(path) ?? file);
  return typeof loaded === "object" && loaded !== null ? loaded : {};
}

function placeOfLoop(path: string): string | undefined {
  const counter = new LoopCounter();
  try {
    loadWithCounter(path, counter);
  } catch {
    // What it says is of no interest, only where it stopped.
  }
  return counter.place;
}

function stuckWhileLoading(place: string): LoadProblem {
  return new LoadProblem(`${place} never ends: the file cannot be loaded.`, {
    expected: "a file that only defines things: the work is done in the server's methods",
    found: `code outside of them that is still running after ${STUCK_AFTER_MS / 1_000} s`,
    next: "What should end the loop there, and does it belong into a method?",
  });
}

/** @param importer who needs it: "kv-server.ts" */
function missingExport(
  name: string,
  path: string,
  exported: readonly string[],
  importer = "the tests",
): LoadProblem {
  const file = basename(path);
  const line = lineOf(path, new RegExp(`\\b(?:class|function|const|let)\\s+${name}\\b`));
  const others = exported.length === 0 ? "nothing that is exported" : `only ${exported.join(", ")}`;
  return new LoadProblem(`${file} does not export ${name}.`, {
    expected: `export class ${name}`,
    found: line === undefined ? others : `${name} without the word export (${file}:${line})`,
    next: `${name} is imported from ${file} by ${importer}: keep the name, and the word export before it.`,
  });
}

/** @returns the number of the first line that matches */
function lineOf(path: string, pattern: RegExp): number | undefined {
  const index = readFileSync(path, "utf8")
    .split("\n")
    .findIndex((line) => pattern.test(line));
  return index === -1 ? undefined : index + 1;
}
