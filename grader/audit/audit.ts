import { keyOf } from "../../labs/kit";
import { mutantsOf } from "../catalogue/catalogue";
import type { Lab } from "../course/labs";
import { inParallel } from "../grade/in-parallel";
import type { Visibility } from "../labgrader/suite";
import { suiteOf } from "../suites";
import type { Examination, Task } from "./examine";
import { labOf, nameOf, type Subject } from "./subject";

/** How an audit is done. */
export interface AuditOptions {
  /** The base seed of the first round, from which those of the others come. */
  readonly baseSeed: number;
  readonly rounds: number;
  /** Runs of each test, instead of what the suite says. */
  readonly seeds?: number | undefined;
  /** True: a mutant is done with at its first detection, and its intended test comes first. */
  readonly isQuick: boolean;
  /** Examinations at the same time. */
  readonly jobs: number;
}

/** What is told while an audit goes on. */
export interface AuditListener {
  /** An examination has ended. */
  readonly onExamined?: ((done: number, all: number, subject: Subject) => void) | undefined;
  /** All rounds of a subject have ended; `place` is its place among the subjects. */
  readonly onAudited?: ((audited: SubjectAudit, place: number) => void) | undefined;
}

/** A program of ours, and what the suite said of it in each round. */
export type SubjectAudit = MutantAudit | VariantAudit;

export interface MutantAudit {
  readonly kind: "mutant";
  /** "1" */
  readonly lab: string;
  readonly name: string;
  readonly bug: string;
  readonly rule: string;
  /** The number of the test that is meant to catch it. */
  readonly intended: string;
  readonly rounds: readonly Examination[];
}

export interface VariantAudit {
  readonly kind: "variant";
  readonly lab: string;
  readonly name: string;
  readonly rounds: readonly Examination[];
}

/** What an author wants to know of a test besides what it caught. */
export interface TestFacts {
  readonly number: string;
  readonly title: string;
  readonly points: number;
  readonly visibility: Visibility;
  /** Runs that it has in this audit. */
  readonly seeds: number;
  /** Runs that the suite gives it. */
  readonly seedsInSuite: number;
}

export interface LabAudit {
  /** "1" */
  readonly lab: string;
  /** "Lab 1 · Leader election" */
  readonly title: string;
  /** The whole suite, in its order. */
  readonly tests: readonly TestFacts[];
  /** Mutants that the lab has; the audit may have had fewer. */
  readonly mutantsInAll: number;
  readonly mutants: readonly MutantAudit[];
  readonly variants: readonly VariantAudit[];
}

/** A whole audit, as it is written to `audit.json`. */
export interface Audit {
  /** One for each round: with any of them as `--base-seed`, its round can be had again. */
  readonly baseSeeds: readonly number[];
  readonly isQuick: boolean;
  readonly labs: readonly LabAudit[];
}

/** Has every subject examined in every round. */
export async function audit(
  subjects: readonly Subject[],
  options: AuditOptions,
  examine: (task: Task) => Promise<Examination>,
  { onExamined, onAudited }: AuditListener = {},
): Promise<Audit> {
  const baseSeeds = baseSeedsOf(options);
  const items = subjects.flatMap((subject, place) =>
    baseSeeds.map((baseSeed, round) => ({ subject, place, baseSeed, round })),
  );
  const examined: Examination[][] = subjects.map(() => []);
  const left = subjects.map(() => baseSeeds.length);
  let done = 0;
  await inParallel(items, options.jobs, async ({ subject, place, baseSeed, round }) => {
    examined[place][round] = await examine(taskFor(subject, baseSeed, options));
    onExamined?.(++done, items.length, subject);
    if (--left[place] === 0) onAudited?.(audited(subject, examined[place]), place);
  });
  const all = subjects.map((subject, place) => audited(subject, examined[place]));
  const labs = [...new Set(subjects.map(labOf))];
  return { baseSeeds, isQuick: options.isQuick, labs: labs.map((lab) => labAudit(lab, all, options.seeds)) };
}

/** The first round has the base seed itself, so that a later round can be had again as a first one. */
function baseSeedsOf({ baseSeed, rounds }: AuditOptions): number[] {
  return Array.from({ length: rounds }, (_, round) =>
    round === 0 ? baseSeed : keyOf(baseSeed, "audit", round),
  );
}

function taskFor(subject: Subject, baseSeed: number, { seeds, isQuick }: AuditOptions): Task {
  if (subject.kind === "variant") return { submission: subject.variant.submission, baseSeed, seeds };
  const { submission, caughtBy } = subject.mutant;
  return { submission, baseSeed, seeds, firstDetectionFrom: isQuick ? caughtBy : undefined };
}

function audited(subject: Subject, rounds: readonly Examination[]): SubjectAudit {
  const [lab, name] = [labOf(subject).number, nameOf(subject)];
  if (subject.kind === "variant") return { kind: "variant", lab, name, rounds };
  const { bug, rule, caughtBy } = subject.mutant;
  return { kind: "mutant", lab, name, bug, rule, intended: caughtBy, rounds };
}

function labAudit(lab: Lab, all: readonly SubjectAudit[], seeds: number | undefined): LabAudit {
  const { title, tests } = suiteOf(lab);
  const own = all.filter((one) => one.lab === lab.number);
  return {
    lab: lab.number,
    title,
    tests: tests.map(({ number, title, points, visibility, ...test }) => ({
      number,
      title,
      points,
      visibility,
      seeds: seeds ?? test.seeds,
      seedsInSuite: test.seeds,
    })),
    mutantsInAll: mutantsOf(lab).length,
    mutants: own.filter((one) => one.kind === "mutant"),
    variants: own.filter((one) => one.kind === "variant"),
  };
}
