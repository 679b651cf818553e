import type { Audit, LabAudit, MutantAudit } from "./audit";
import { type TestWorth, worthOf } from "./test-worth";
import { type Judgement, judgementOf, type MutantTally, tallyOf } from "./verdict";

/** What `audit.json` holds: every examination of every program, and what follows from them. */
export interface AuditData extends Audit {
  readonly labs: readonly LabData[];
  /** By name, and the lab: "E02 (lab 1)". */
  readonly judgement: Readonly<Record<keyof Judgement, readonly string[]>>;
}

export interface LabData extends LabAudit {
  readonly mutants: readonly (MutantAudit & { readonly tally: MutantTally })[];
  /** In the order of `tests`. */
  readonly worth: readonly (Omit<TestWorth, "test"> & { readonly number: string })[];
}

export function dataOf(audit: Audit): AuditData {
  const { survivors, elsewhere, unfair, lost } = judgementOf(audit);
  const names = (subjects: Judgement[keyof Judgement]): string[] =>
    subjects.map(({ lab, name }) => `${name} (lab ${lab})`);
  return {
    ...audit,
    judgement: {
      survivors: names(survivors),
      elsewhere: names(elsewhere),
      unfair: names(unfair),
      lost: names(lost),
    },
    labs: audit.labs.map((lab) => ({
      ...lab,
      mutants: lab.mutants.map((mutant) => ({ ...mutant, tally: tallyOf(mutant) })),
      worth: worthOf(lab).map(({ test, ...worth }) => ({ number: test.number, ...worth })),
    })),
  };
}
