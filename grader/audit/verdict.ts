import { EXIT } from "../tools/command-line";
import type { Audit, MutantAudit, SubjectAudit, VariantAudit } from "./audit";
import type { Examination, TestOutcome } from "./examine";

/**
 * How a program of ours came out of one round. Mutants: "caught" by the intended test, caught "elsewhere" only, or
 * "survived". Variants: "passed", or a "false-alarm". "lost": the grader itself failed.
 */
export type MutantVerdict = "caught" | "elsewhere" | "survived" | "lost";
export type VariantVerdict = "passed" | "false-alarm" | "lost";

export function mutantVerdict({ intended }: MutantAudit, examination: Examination): MutantVerdict {
  const { tests } = examination;
  if (isLost(examination)) return "lost";
  if (tests.some(({ number, state }) => number === intended && state === "failed")) return "caught";
  return tests.some(({ state }) => state === "failed") ? "elsewhere" : "survived";
}

export function variantVerdict(examination: Examination): VariantVerdict {
  if (isLost(examination)) return "lost";
  return examination.tests.every(({ state }) => state === "passed") ? "passed" : "false-alarm";
}

/** No test at all is no pass. */
function isLost({ lost, tests }: Examination): boolean {
  return lost !== undefined || tests.length === 0 || tests.some(({ state }) => state === "error");
}

/** What it took until something was detected. */
export interface Detection {
  /** Runs, the failing one included. */
  readonly seeds: number;
  readonly cpuMs: number;
}

/** How soon the intended test caught a mutant; undefined if it did not. */
export function detectionByIntended(
  { intended }: MutantAudit,
  { tests }: Examination,
): Detection | undefined {
  const outcome = tests.find(({ number }) => number === intended);
  return outcome?.state === "failed" ? { seeds: outcome.seedsRun, cpuMs: outcome.cpuMs } : undefined;
}

/** How soon the suite did, test after test in the order in which they were run; undefined if none did. */
export function detectionBySuite({ tests }: Examination): Detection | undefined {
  const first = tests.findIndex(({ state }) => state === "failed");
  if (first === -1) return undefined;
  const until = tests.slice(0, first + 1);
  return { seeds: sum(until, ({ seedsRun }) => seedsRun), cpuMs: sum(until, ({ cpuMs }) => cpuMs) };
}

/** A mutant over all rounds. */
export interface MutantTally {
  readonly caught: number;
  readonly elsewhere: number;
  readonly survived: number;
  readonly lost: number;
  /** By the intended test, in the rounds in which it caught the mutant. */
  readonly medianSeeds: number | undefined;
  readonly worstSeeds: number | undefined;
  readonly medianCpuMs: number | undefined;
  /** By the suite in its order: the median of the runs and of the time until something was detected. */
  readonly suiteSeeds: number | undefined;
  readonly suiteCpuMs: number | undefined;
  /** Runs of the intended test in each round. */
  readonly seedsPlanned: number;
  /**
   * The chance that the intended test misses the mutant, as far as these rounds tell: each run is taken to catch it
   * with the same probability, that of the runs that were made.
   */
  readonly missChance: number;
  /** Other tests that caught it in some round, in the order of the suite. */
  readonly others: readonly string[];
}

export function tallyOf(mutant: MutantAudit): MutantTally {
  const { rounds, intended } = mutant;
  const verdicts = rounds.map((round) => mutantVerdict(mutant, round));
  const count = (verdict: MutantVerdict): number => verdicts.filter((one) => one === verdict).length;
  const own = rounds.map((round) => detectionByIntended(mutant, round)).filter(isThere);
  const suite = rounds.map(detectionBySuite).filter(isThere);
  const outcomes = rounds.flatMap(({ tests }) => tests.filter(({ number }) => number === intended));
  const seedsPlanned = Math.max(0, ...outcomes.map((outcome) => outcome.seedsPlanned));
  const seeds = own.map((detection) => detection.seeds);
  return {
    caught: count("caught"),
    elsewhere: count("elsewhere"),
    survived: count("survived"),
    lost: count("lost"),
    medianSeeds: median(seeds),
    worstSeeds: seeds.length === 0 ? undefined : Math.max(...seeds),
    medianCpuMs: median(own.map(({ cpuMs }) => cpuMs)),
    suiteSeeds: median(suite.map((detection) => detection.seeds)),
    suiteCpuMs: median(suite.map(({ cpuMs }) => cpuMs)),
    seedsPlanned,
    missChance: missChance(outcomes, seedsPlanned),
    others: othersOf(mutant),
  };
}

function missChance(outcomes: readonly TestOutcome[], seedsPlanned: number): number {
  const runs = sum(outcomes, ({ seedsRun }) => seedsRun);
  const caught = outcomes.filter(({ state }) => state === "failed").length;
  return runs === 0 ? 1 : (1 - caught / runs) ** seedsPlanned;
}

function othersOf({ rounds, intended }: MutantAudit): string[] {
  const failed = rounds.flatMap(({ tests }) => tests.filter(({ state }) => state === "failed"));
  return [...new Set(failed.map(({ number }) => number))].filter((number) => number !== intended);
}

/** A miss that is at least so likely makes a mutant's test weak: in 20 audits it would be missed once in 500. */
const MISS_CHANCE_MAX = 1e-4;

/** True if the intended test catches a mutant with luck: it has missed it, or may well do so in another round. */
export function isWeak({ caught, missChance }: MutantTally, rounds: number): boolean {
  return caught < rounds || missChance > MISS_CHANCE_MAX;
}

/** Everything by which an audit can fail, and what is only to be told. */
export interface Judgement {
  readonly survivors: readonly MutantAudit[];
  /** Caught in every round, but not by the intended test in each. */
  readonly elsewhere: readonly MutantAudit[];
  readonly unfair: readonly VariantAudit[];
  readonly lost: readonly SubjectAudit[];
}

export function judgementOf({ labs }: Audit): Judgement {
  const mutants = labs.flatMap((lab) => lab.mutants);
  const variants = labs.flatMap((lab) => lab.variants);
  const ended = (mutant: MutantAudit, verdict: MutantVerdict): boolean =>
    mutant.rounds.some((round) => mutantVerdict(mutant, round) === verdict);
  const survivors = mutants.filter((mutant) => ended(mutant, "survived"));
  const isUnfair = ({ rounds }: VariantAudit): boolean =>
    rounds.some((round) => variantVerdict(round) === "false-alarm");
  return {
    survivors,
    elsewhere: mutants.filter((mutant) => ended(mutant, "elsewhere") && !survivors.includes(mutant)),
    unfair: variants.filter(isUnfair),
    lost: [...mutants, ...variants].filter(({ rounds }) => rounds.some(isLost)),
  };
}

/** What the shell learns: a mutant that only another test has caught is told, but fails nothing. */
export function exitCodeOf(audit: Audit): number {
  const { survivors, unfair, lost } = judgementOf(audit);
  if (lost.length > 0) return EXIT.grader;
  return survivors.length + unfair.length === 0 ? EXIT.passed : EXIT.failed;
}

export function median(numbers: readonly number[]): number | undefined {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

export function sum<T>(items: readonly T[], numberOf: (item: T) => number): number {
  return items.reduce((total, item) => total + numberOf(item), 0);
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}
