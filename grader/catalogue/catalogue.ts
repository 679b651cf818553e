import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { applyPatch } from "diff";
import { type Lab, ROOT } from "../course/labs";
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
  const folder = path.join(ROOT, "grader", "mutants", lab.folder);
  return readdirSync(folder)
    .filter((file) => file.endsWith(".patch"))
    .sort()
    .map((file) => mutantFrom(path.join(folder, file), lab));
}

/** The correct variants of a lab, by name. */
export function variantsOf(lab: Lab): Variant[] {
  const folder = path.join(ROOT, "grader", "variants", lab.folder);
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name, submission: readOwnFolder(path.join(folder, name), lab) }));
}

/** The reference solution of a lab. */
export function referenceOf(lab: Lab): Submission {
  return readOwnFolder(path.join(ROOT, "solutions", lab.folder), lab);
}

/** @throws Error that tells the author what is wrong with the patch */
function mutantFrom(file: string, lab: Lab): Mutant {
  const id = path.basename(file, ".patch");
  const [head, ...rest] = readFileSync(file, "utf8").split("\n\n");
  const fields = new Map(
    head.split("\n").map((line) => [HEADER.exec(line)?.groups?.name, HEADER.exec(line)?.groups?.value]),
  );
  const field = (name: string): string => {
    const value = fields.get(name);
    if (value === undefined)
      throw new Error(`${file}: the head has no line “${name}: …”. It needs Bug, Rule, Caught-by and Over.`);
    return value;
  };
  const over = field("Over");
  const base = over === "solution" ? referenceOf(lab) : variantNamed(over, lab, file);
  const [source, ...others] = base.files;
  if (others.length > 0)
    throw new Error(`${file}: mutants of labs with several files are not supported yet.`);
  const text = applyPatch(source.text, `${rest.join("\n\n").trimEnd()}\n`, { fuzzFactor: 0 });
  if (text === false)
    throw new Error(`${file}: the patch does not fit ${over} any more. Make it again from today's file.`);
  const submission: Submission = { folder: file, student: id, lab, files: [{ name: source.name, text }] };
  return { id, bug: field("Bug"), rule: field("Rule"), caughtBy: field("Caught-by"), submission };
}

function variantNamed(name: string, lab: Lab, file: string): Submission {
  const variant = variantsOf(lab).find((candidate) => candidate.name === name);
  if (variant === undefined) throw new Error(`${file}: there is no variant “${name}”.`);
  return variant.submission;
}
