import { type Mutant, mutantsOf, referenceOf, type Variant, variantsOf } from "../catalogue/catalogue";
import { LABS, type Lab, labByNumber } from "../course/labs";
import { suiteOf } from "../suites";
import { nearest } from "./nearest";

/** A program of ours of which we know beforehand what the suite must say. */
export type Subject =
  | { readonly kind: "mutant"; readonly mutant: Mutant }
  | { readonly kind: "variant"; readonly variant: Variant };

/** All mutants of a lab, then its reference and its variants. */
export function subjectsOf(lab: Lab): Subject[] {
  const correct = [{ name: "reference", submission: referenceOf(lab) }, ...variantsOf(lab)];
  return [
    ...mutantsOf(lab).map((mutant): Subject => ({ kind: "mutant", mutant })),
    ...correct.map((variant): Subject => ({ kind: "variant", variant })),
  ];
}

/** "E02", "pre-vote" */
export function nameOf(subject: Subject): string {
  return subject.kind === "mutant" ? subject.mutant.id : subject.variant.name;
}

export function labOf(subject: Subject): Lab {
  return (subject.kind === "mutant" ? subject.mutant : subject.variant).submission.lab;
}

/** The subjects of some labs, each once. */
export function subjectsOfLabs(numbers: readonly string[]): Subject[] {
  return [...new Set(numbers.map(labByNumber))].flatMap(subjectsOf);
}

/**
 * The subjects that were asked for, by name or as “mutants” or “variants”.
 * @throws RangeError if a name fits none: an audit of nothing must not look like a pass
 */
export function chosenFrom(all: readonly Subject[], names: readonly string[]): readonly Subject[] {
  if (names.length === 0) return all;
  const fits = (subject: Subject, name: string): boolean =>
    nameOf(subject) === name || `${subject.kind}s` === name;
  const unknown = names.filter((name) => !all.some((subject) => fits(subject, name)));
  if (unknown.length > 0) throw new RangeError(unknown.map((name) => unknownWords(name, all)).join("\n"));
  return all.filter((subject) => names.some((name) => fits(subject, name)));
}

/** Why a name fits none of some subjects, and what may have been meant. */
function unknownWords(name: string, all: readonly Subject[]): string {
  const labs = LABS.filter((lab) => subjectsOf(lab).some((subject) => nameOf(subject) === name));
  if (labs.length > 0) {
    const there = labs.map(({ number }) => number).join(" and ");
    const here = [...new Set(all.map((subject) => labOf(subject).number))].join(", ");
    return `${name} is in lab ${there}, and this audit is of lab ${here}. Try --lab ${labs[0].number}.`;
  }
  const near = nearest(name, ["mutants", "variants", ...new Set(all.map(nameOf))]);
  const hint = near.length === 0 ? "" : ` Did you mean ${near.join(", ")}?`;
  return `There is no ${name}.${hint} Names are those of patches in grader/mutants and of programs in grader/variants, or “mutants”, or “variants”.`;
}

/** @throws RangeError if a mutant names a test that is not in its lab's suite */
export function refuseUnknownTests(subjects: readonly Subject[]): void {
  for (const subject of subjects) {
    if (subject.kind === "variant") continue;
    const { id, caughtBy, submission } = subject.mutant;
    const { title, tests } = suiteOf(submission.lab);
    if (!tests.some(({ number }) => number === caughtBy))
      throw new RangeError(
        `Mutant ${id} says “Caught-by: ${caughtBy}”, and “${title}” has no such test. There are: ${tests.map(({ number }) => number).join(", ")}.`,
      );
  }
}
