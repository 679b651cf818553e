import pc from "picocolors";
import { plural } from "../../labs/kit/story/words";
import type { Audit, MutantAudit, SubjectAudit, VariantAudit } from "./audit";
import type { Examination, TestOutcome } from "./examine";
import {
  detectionBySuite,
  isWeak,
  type Judgement,
  judgementOf,
  type MutantTally,
  median,
  mutantVerdict,
  sum,
  tallyOf,
  variantVerdict,
} from "./verdict";

const INDENT = " ".repeat(12);

/** A mutant or a variant when its rounds are over: a line, and below it what an author should know. */
export function subjectWords(subject: SubjectAudit): string {
  return subject.kind === "mutant" ? mutantWords(subject) : variantWords(subject);
}

/**
 * "✓ 1 E02   1.6c   1 seed of 20, 0.01 s CPU   Votes are counted as replies …", and below it what else caught it. With
 * several rounds: "1.6c  20/20, seeds 2, at worst 7 of 20".
 */
function mutantWords(mutant: MutantAudit): string {
  const { lab, name, bug, intended, rounds } = mutant;
  const tally = tallyOf(mutant);
  const isRight = tally.caught === rounds.length;
  const mark = tally.survived + tally.lost > 0 ? pc.red("✗") : isRight ? pc.green("✓") : pc.yellow("!");
  const many = rounds.length > 1;
  const share = many ? `${tally.caught}/${rounds.length}  ` : "";
  const seeds =
    tally.medianSeeds === undefined
      ? "not caught"
      : `${plural(tally.medianSeeds, "seed")}${many ? `, at worst ${tally.worstSeeds}` : ""} of ${tally.seedsPlanned}`;
  const cpu = tally.medianCpuMs === undefined ? "" : timeWords(tally.medianCpuMs);
  const head = `${mark} ${lab} ${name.padEnd(6)} ${intended.padEnd(6)} ${share}${seeds.padEnd(many ? 28 : 16)} ${cpu.padStart(8)}  ${bug}`;
  return [head, ...mutantNotes(mutant, tally)].join("\n");
}

function mutantNotes(mutant: MutantAudit, { others, suiteSeeds, suiteCpuMs }: MutantTally): string[] {
  const { rounds } = mutant;
  const isWhole = rounds.some(({ tests }) => tests.length > 1);
  const suite =
    !isWhole || suiteSeeds === undefined || suiteCpuMs === undefined
      ? []
      : [
          `The whole suite, from its first test on, makes ${plural(suiteSeeds, "run")} until one fails: ${timeWords(suiteCpuMs)}.`,
        ];
  const also = others.length === 0 ? [] : [`Also caught by ${othersWords(rounds, others)}.`];
  return [
    ...(suite.length + also.length === 0 ? [] : [pc.dim(`${INDENT}${[...suite, ...also].join(" ")}`)]),
    ...rounds.flatMap((round) => roundNotes(mutant, round)),
  ];
}

function roundNotes(mutant: MutantAudit, round: Examination): string[] {
  const place = `base seed ${round.baseSeed}`;
  switch (mutantVerdict(mutant, round)) {
    case "caught":
      return [];
    case "elsewhere":
      return [pc.yellow(`${INDENT}caught, but not by ${mutant.intended}, with ${place}`)];
    case "survived":
      return [pc.red(`${INDENT}survived with ${place}`)];
    case "lost":
      return [pc.red(`${INDENT}no result with ${place}: ${lostWords(round)}`)];
  }
}

/** "1.6a in 3, 1.7 in 12": each with the runs that it took, the median over the rounds in which it caught something. */
function othersWords(rounds: readonly Examination[], others: readonly string[]): string {
  const words = others.map((number) => {
    const outcomes = rounds.flatMap(({ tests }) => tests.filter((test) => test.number === number));
    const seeds = outcomes.filter(({ state }) => state === "failed").map(({ seedsRun }) => seedsRun);
    return `${number} in ${median(seeds)}`;
  });
  return words.join(", ");
}

/** "✓ 1 pre-vote       passed 20/20   112.4 s", and below it each test that failed it. */
function variantWords({ lab, name, rounds }: VariantAudit): string {
  const passed = rounds.filter((round) => variantVerdict(round) === "passed").length;
  const mark = passed === rounds.length ? pc.green("✓") : pc.red("✗");
  const share = rounds.length > 1 ? `  ${passed}/${rounds.length}` : "";
  const cpu = timeWords(sum(rounds, ({ cpuMs }) => cpuMs));
  const head = `${mark} ${lab} ${name.padEnd(20)} ${passed === rounds.length ? "passed" : "FAILED"}${share}  ${cpu.padStart(8)}`;
  const alarms = rounds.flatMap((round) => {
    if (variantVerdict(round) === "lost") return [`no result: ${lostWords(round)}`];
    return round.tests.filter(({ state }) => state !== "passed").map((test) => alarmWords(test, round));
  });
  return [head, ...alarms.map((alarm) => pc.red(`${INDENT}${alarm}`))].join("\n");
}

function alarmWords({ number, state, seed, headline = "" }: TestOutcome, { baseSeed }: Examination): string {
  return `${number} ${state} on seed ${seed} (base seed ${baseSeed}): ${headline}`;
}

export function lostWords({ lost, tests }: Examination): string {
  const error = tests.find(({ state }) => state === "error");
  return lost ?? (error === undefined ? "no test was run" : `test ${error.number}: ${error.headline}`);
}

/** The closing lines: what must not be, what is worth a look, and the figures. */
export function summaryWords(audit: Audit): string {
  const judgement = judgementOf(audit);
  const rounds = audit.baseSeeds.length;
  const mutants = audit.labs.flatMap((lab) => lab.mutants);
  const variants = audit.labs.flatMap((lab) => lab.variants);
  const caught = mutants.length - judgement.survivors.length - lostAmong(judgement, "mutant");
  const asMeant = mutants.filter((mutant) => tallyOf(mutant).caught === rounds).length;
  const passed = variants.length - judgement.unfair.length - lostAmong(judgement, "variant");
  const all = [...mutants, ...variants].flatMap((subject) => subject.rounds);
  const inEvery = rounds > 1 ? ` in each of ${rounds} rounds` : "";
  return [
    "",
    ...weakWords(mutants, rounds),
    ...named("Caught, but not by the intended test", judgement.elsewhere, pc.yellow),
    ...named("SURVIVED", judgement.survivors, pc.red),
    ...named("FALSE ALARM", judgement.unfair, pc.red),
    ...named("NO RESULT", judgement.lost, pc.red),
    `Mutants:  ${caught} of ${mutants.length} caught${inEvery}, ${asMeant} by the intended test`,
    `Variants: ${passed} of ${variants.length} passed${inEvery}`,
    ...detectionWords(mutants),
    ...suiteWords(audit, mutants),
    `CPU:      ${timeWords(sum(all, ({ cpuMs }) => cpuMs))}`,
  ].join("\n");
}

function lostAmong({ lost, survivors, unfair }: Judgement, kind: SubjectAudit["kind"]): number {
  const counted: readonly SubjectAudit[] = [...survivors, ...unfair];
  return lost.filter((subject) => subject.kind === kind && !counted.includes(subject)).length;
}

function named(
  what: string,
  subjects: readonly SubjectAudit[],
  colour: (text: string) => string,
): readonly string[] {
  if (subjects.length === 0) return [];
  return [colour(`${what}: ${subjects.map(({ lab, name }) => `${name} (lab ${lab})`).join(", ")}`)];
}

/** Tests that need luck for their mutants. Of one round nothing can be said. */
function weakWords(mutants: readonly MutantAudit[], rounds: number): readonly string[] {
  if (rounds === 1) return [];
  const weak = mutants
    .map((mutant) => ({ mutant, tally: tallyOf(mutant) }))
    .filter(({ tally }) => isWeak(tally, rounds))
    .sort((a, b) => b.tally.missChance - a.tally.missChance);
  if (weak.length === 0) return [];
  return [
    pc.yellow("Intended tests that need luck, by the estimated chance of a miss:"),
    ...weak.map(({ mutant: { lab, name, intended }, tally }) => {
      const { caught, missChance, medianSeeds, worstSeeds, seedsPlanned } = tally;
      return `  ${lab} ${name.padEnd(6)} ${intended.padEnd(6)} ${percentWords(missChance).padStart(8)}   caught ${caught}/${rounds}, seeds ${medianSeeds ?? "–"}, at worst ${worstSeeds ?? "–"} of ${seedsPlanned}`;
    }),
  ];
}

/** How soon mutants were caught by their tests: each detection of each round counts. */
function detectionWords(mutants: readonly MutantAudit[]): readonly string[] {
  const tallies = mutants.map((mutant) => ({ mutant, tally: tallyOf(mutant) }));
  const all = mutants.flatMap((mutant) =>
    mutant.rounds.flatMap(({ tests }) =>
      tests.filter(({ number, state }) => number === mutant.intended && state === "failed"),
    ),
  );
  if (all.length === 0) return [];
  const worst = tallies.reduce((a, b) => ((b.tally.worstSeeds ?? 0) > (a.tally.worstSeeds ?? 0) ? b : a));
  const { name, lab, intended } = worst.mutant;
  return [
    `Seeds to detection by the intended test: median ${median(all.map(({ seedsRun }) => seedsRun))}, worst ${worst.tally.worstSeeds} of ${worst.tally.seedsPlanned} (${name}, lab ${lab}, test ${intended})`,
    `CPU to detection by the intended test:   median ${timeWords(median(all.map(({ cpuMs }) => cpuMs)) ?? 0)}, worst ${timeWords(Math.max(...all.map(({ cpuMs }) => cpuMs)))}`,
  ];
}

/** How soon mutants are caught if the suite runs in its order. A quick audit does not know. */
function suiteWords({ isQuick }: Audit, mutants: readonly MutantAudit[]): readonly string[] {
  const found = mutants.flatMap(({ rounds }) => rounds.flatMap((round) => detectionBySuite(round) ?? []));
  if (isQuick || found.length === 0) return [];
  const seeds = found.map((detection) => detection.seeds);
  const cpuMs = found.map((detection) => detection.cpuMs);
  return [
    `Runs of the whole suite, from its first test on, until one fails: median ${plural(median(seeds) ?? 0, "run")}, ${timeWords(median(cpuMs) ?? 0)}; worst ${plural(Math.max(...seeds), "run")}, ${timeWords(Math.max(...cpuMs))}`,
  ];
}

/** "3 ms", "1.20 s", "1,234 s" */
export function timeWords(millis: number): string {
  const seconds = millis / 1_000;
  if (seconds < 1) return `${Math.max(1, Math.round(millis))} ms`;
  return seconds < 100 ? `${seconds.toFixed(2)} s` : `${Math.round(seconds).toLocaleString("en")} s`;
}

function percentWords(chance: number): string {
  return chance >= 0.001 ? `${(100 * chance).toFixed(1)} %` : `${(100 * chance).toFixed(3)} %`;
}
