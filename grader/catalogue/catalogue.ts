import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { applyPatch, parsePatch } from "diff";
import { LABS, type Lab, ROOT } from "../course/labs";
import { readOwnFolder, type Submission } from "../submission/intake";

/** A bug that students make, as a small patch over a correct program. */
export interface Mutant {
  /** "E02" as in the literature's catalogue; "O…" are our own. */
  readonly id: string;
  /** What is wrong, as a sentence. */
  readonly bug: string;
  /** The rule it breaks. */
  readonly rule: string;
  /** The number of the test that is meant to catch it. */
  readonly caughtBy: string;
  readonly submission: Submission;
}

/** A correct program of an unusual design. */
export interface Variant {
  readonly name: string;
  readonly submission: Submission;
}

const HEADER = /^(?<name>[A-Z][A-Za-z-]*): (?<value>.+)$/;

/** The mutants of a lab, by id. */
export function mutantsOf(lab: Lab): Mutant[] {
  return patchesIn(path.join(ROOT, "grader", "mutants", lab.folder)).map((file) => {
    const { field, submission } = patched(file, lab, "It needs Bug, Rule, Caught-by and Over.");
    const id = submission.student;
    return { id, bug: field("Bug"), rule: field("Rule"), caughtBy: field("Caught-by"), submission };
  });
}

/** The correct variants of a lab, by name: folders, in which files that are as in the reference may be left out, or patches. */
export function variantsOf(lab: Lab): Variant[] {
  const folder = path.join(ROOT, "grader", "variants", lab.folder);
  const patches = patchesIn(folder).map((file) => patched(file, lab, "It needs Design and Over.").submission);
  return [...foldersIn(folder).map((name) => variantIn(path.join(folder, name), lab)), ...patches]
    .map((submission) => ({ name: submission.student, submission }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The reference solution of a lab. */
export function referenceOf(lab: Lab): Submission {
  return readOwnFolder(path.join(ROOT, "solutions", lab.folder), lab);
}

/** The references of later labs as submissions of this one: whoever goes on loses nothing of what was right before. */
export function laterReferencesOf(lab: Lab): Variant[] {
  return LABS.slice(LABS.indexOf(lab) + 1)
    .filter((later) => lab.files.every((file) => later.files.includes(file)))
    .map((later) => ({
      name: `lab ${later.number}'s`,
      submission: readOwnFolder(path.join(ROOT, "solutions", later.folder), lab),
    }));
}

function patchesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".patch"))
    .sort()
    .map((file) => path.join(folder, file));
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

function variantIn(folder: string, lab: Lab): Submission {
  const present = new Set(readdirSync(folder));
  const own = readOwnFolder(folder, { ...lab, files: lab.files.filter((file) => present.has(file)) });
  const files = referenceOf(lab).files.map(
    (file) => own.files.find(({ name }) => name === file.name) ?? file,
  );
  return { ...own, lab, files };
}

/** A patch over a correct program: a head with fields, an empty line, and the differences, file by file. */
interface Patched {
  /** @throws Error if the head has no such field */
  readonly field: (name: string) => string;
  readonly submission: Submission;
}

/** @throws Error that tells the author what is wrong with the patch */
function patched(file: string, lab: Lab, needs: string): Patched {
  const student = path.basename(file, ".patch");
  const [head, ...rest] = readFileSync(file, "utf8").split("\n\n");
  const fields = new Map(
    head.split("\n").map((line) => [HEADER.exec(line)?.groups?.name, HEADER.exec(line)?.groups?.value]),
  );
  const field = (name: string): string => {
    const value = fields.get(name);
    if (value === undefined) throw new Error(`${file}: the head has no line “${name}: …”. ${needs}`);
    return value;
  };
  const over = field("Over");
  const base = over === "solution" ? referenceOf(lab) : variantNamed(over, lab, file);
  const changes = parsePatch(`${rest.join("\n\n").replace(/\n+$/, "")}\n`);
  const unknown = changes.find(({ newFileName }) => !base.files.some(({ name }) => name === newFileName));
  if (unknown !== undefined)
    throw new Error(`${file}: there is no file “${unknown.newFileName}” in lab ${lab.number}.`);
  const files = base.files.map((source) => {
    const change = changes.find(({ newFileName }) => newFileName === source.name);
    if (change === undefined) return source;
    const text = applyPatch(source.text, change, { fuzzFactor: 0 });
    if (text === false)
      throw new Error(
        `${file}: the patch does not fit ${over} any more. Make it again from today's ${source.name}.`,
      );
    return { name: source.name, text };
  });
  return { field, submission: { folder: file, student, lab, files } };
}

function variantNamed(name: string, lab: Lab, file: string): Submission {
  const variant = variantsOf(lab).find((candidate) => candidate.name === name);
  if (variant === undefined) throw new Error(`${file}: there is no variant “${name}”.`);
  return variant.submission;
}
