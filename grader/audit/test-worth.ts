import type { LabAudit, MutantAudit, TestFacts } from "./audit";
import type { TestOutcome } from "./examine";
import { median } from "./verdict";

/** What one test says of one mutant, over all rounds. */
export interface Catch {
  /** Rounds in which it caught the mutant, and in which it was run at all. */
  readonly caught: number;
  readonly ran: number;
  /** Runs to detection: the median over the rounds in which it caught the mutant, and the most; undefined if in none. */
  readonly seeds: number | undefined;
  readonly worstSeeds: number | undefined;
}

/** Why an author keeps a test, or does not. */
export interface TestWorth {
  readonly test: TestFacts;
  /** Mutants that it caught in at least one round, by name. */
  readonly catches: readonly string[];
  /** Those of them that no other test caught. */
  readonly only: readonly string[];
  /** Mutants for which it is the intended test. */
  readonly intendedFor: readonly string[];
  /** CPU milliseconds for all its runs on a program that passes it, the median; undefined if none did. */
  readonly costMs: number | undefined;
}

export function catchOf(mutant: MutantAudit, test: TestFacts): Catch {
  const outcomes = mutant.rounds.flatMap(({ tests }) => tests.filter(({ number }) => number === test.number));
  const seeds = outcomes.filter(({ state }) => state === "failed").map(({ seedsRun }) => seedsRun);
  return {
    caught: seeds.length,
    ran: outcomes.length,
    seeds: median(seeds),
    worstSeeds: seeds.length === 0 ? undefined : Math.max(...seeds),
  };
}

/** What each test of a lab is worth, in the order of the suite. */
export function worthOf({ tests, mutants, variants }: LabAudit): TestWorth[] {
  const costs = passedCosts(
    [...mutants, ...variants].flatMap(({ rounds }) => rounds.flatMap((round) => round.tests)),
  );
  const caughtBy = new Map(mutants.map((mutant) => [mutant.name, catchersOf(mutant)]));
  return tests.map((test) => {
    const catches = mutants
      .filter(({ name }) => caughtBy.get(name)?.has(test.number))
      .map(({ name }) => name);
    return {
      test,
      catches,
      only: catches.filter((name) => caughtBy.get(name)?.size === 1),
      intendedFor: mutants.filter(({ intended }) => intended === test.number).map(({ name }) => name),
      costMs: median(costs.get(test.number) ?? []),
    };
  });
}

function catchersOf({ rounds }: MutantAudit): ReadonlySet<string> {
  const failed = rounds.flatMap(({ tests }) => tests.filter(({ state }) => state === "failed"));
  return new Set(failed.map(({ number }) => number));
}

function passedCosts(outcomes: readonly TestOutcome[]): ReadonlyMap<string, number[]> {
  const costs = new Map<string, number[]>();
  for (const { number, state, cpuMs } of outcomes) {
    if (state !== "passed") continue;
    const known = costs.get(number);
    if (known === undefined) costs.set(number, [cpuMs]);
    else known.push(cpuMs);
  }
  return costs;
}
