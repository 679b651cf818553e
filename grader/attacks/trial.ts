import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { LABS } from "../course/labs";
import { pointsOf, type SubmissionResult } from "../grade/class-result";
import { nameOf } from "../submission/source-tree/file-type";
import { suiteOf } from "../suites";
import { type Attack, nameOfAttack, type Verdict } from "./attack";
import { type ClassOptions, gradeClass } from "./grade-class";
import { HONEST } from "./honest";
import { file, type Places, type Submission } from "./submission";

/** Of one server whose peers are played, of a whole cluster, of a server that is alone; known to students, and hidden. */
const USUAL_TESTS: readonly string[] = ["1.1a", "1.3b", "1.6f", "1.8a"];
/** After so many attacks an honest submission is graded. */
const HONEST_AFTER = 30;

/** What came of an attack. */
export interface Trial {
  readonly attack: Attack;
  readonly result: SubmissionResult;
  readonly verdict: Verdict | "not graded";
  /** Undefined where it was not graded. */
  readonly points: number | undefined;
  /** Points of the same code without the attack, in the same tests. */
  readonly honestPoints: number;
  /** All that the report says about what went wrong. */
  readonly words: string;
  readonly wallMs: number;
}

export interface Trials {
  readonly trials: readonly Trial[];
  /** Points of honest submissions that were graded in between. */
  readonly honest: readonly (number | undefined)[];
  readonly reducedIsolation: string | undefined;
}

/** One submission of the class, and the attack that it is, if it is one. */
interface Candidate {
  readonly name: string;
  readonly submission: Submission;
  readonly attack?: Attack;
  readonly only?: readonly string[] | undefined;
}

/**
 * Grades attacks as one class, honest submissions among them.
 * @param folder an empty one, for their submissions
 */
export async function tryAttacks(
  attacks: readonly Attack[],
  folder: string,
  places: Places,
  options: ClassOptions,
): Promise<Trials> {
  const honest: Candidate = { name: "honest", submission: file(HONEST) };
  const candidates = attacks.flatMap((attack, index): readonly Candidate[] => {
    const only = attack.only ?? USUAL_TESTS;
    const hostile = { name: nameOfAttack(attack), submission: attack.submission, attack, only };
    const bare = attack.honest && { name: bareName(attack), submission: attack.honest, only };
    return [hostile, ...(bare ? [bare] : []), ...(index % HONEST_AFTER === 0 ? [honest] : [])];
  });
  candidates.push(honest);
  await layOut(candidates, folder, places);
  const placeOf = new Map(readdirSync(folder).map((name) => [nameOf(name), path.join(folder, name)]));
  const outcomes = await gradeClass(
    candidates.map(({ name, only }) => ({ place: placeOf.get(nameOf(name)) ?? name, only })),
    options,
  );
  const results = new Map(candidates.map(({ name }, index) => [name, outcomes[index].result]));
  return {
    trials: candidates.flatMap(({ attack, only }, index) => {
      if (attack === undefined) return [];
      const { result, wallMs } = outcomes[index];
      const bare = results.get(bareName(attack));
      return [trialOf(attack, result, (bare && pointsOf(bare)) ?? pointsFor(only), wallMs)];
    }),
    honest: outcomes.filter((_, i) => candidates[i] === honest).map(({ result }) => pointsOf(result)),
    reducedIsolation: outcomes.find(({ reducedIsolation }) => reducedIsolation !== undefined)
      ?.reducedIsolation,
  };
}

async function layOut(candidates: readonly Candidate[], folder: string, places: Places): Promise<void> {
  writeFileSync(path.join(folder, "grades.csv"), "a file that is no submission\n");
  const done = new Set<string>();
  for (const { name, submission } of candidates) {
    if (done.has(name)) continue;
    done.add(name);
    mkdirSync(folder, { recursive: true });
    await submission(folder, name, places);
  }
}

function trialOf(attack: Attack, result: SubmissionResult, honestPoints: number, wallMs: number): Trial {
  const points = pointsOf(result);
  return {
    attack,
    result,
    verdict: verdictOf(result, points, honestPoints),
    points,
    honestPoints,
    words: wordsOf(result),
    wallMs,
  };
}

function verdictOf(
  { graded }: SubmissionResult,
  points: number | undefined,
  honestPoints: number,
): Trial["verdict"] {
  if (graded.kind === "problem") return "refused";
  if (points === undefined) return "not graded";
  if (points >= honestPoints) return "no effect";
  return points === 0 ? "no points" : "fewer points";
}

/** Everything that a report says about what went wrong. */
function wordsOf({ graded }: SubmissionResult): string {
  if (graded.kind !== "graded") return graded.text;
  return graded.result.tests.flatMap(({ failure }) => failure?.text ?? []).join("\n");
}

function pointsFor(only: readonly string[] | undefined): number {
  const tests = suiteOf(LABS[0]).tests.filter(({ number }) => only === undefined || only.includes(number));
  return tests.reduce((total, { points }) => total + points, 0);
}

function bareName({ id }: Attack): string {
  return `${id}-without`;
}
