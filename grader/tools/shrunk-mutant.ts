import { type Failure, type Shrunk, shrink, type World } from "../../labs/kit";
import { mutantsOf } from "../catalogue/catalogue";
import { labByNumber } from "../course/labs";
import { playWithout } from "../labgrader/run";
import { inThisProcess, runSuite } from "../labgrader/runner";
import { bundle } from "../submission/bundle";
import { load } from "../submission/load";
import { suiteOf } from "../suites";
import { DEFAULT_BASE_SEED } from "./command-line";

/** A bug of the catalogue, and a test that it fails. */
export interface Example {
  readonly lab: string;
  readonly mutant: string;
  readonly test: string;
}

/**
 * Runs a test on a bug of the catalogue, and looks for the smallest run in which the same goes wrong: without a clock, so
 * that the result is the same everywhere.
 * @throws RangeError if the test passes
 */
export async function shrunkMutant({ lab: number, mutant: id, test: wanted }: Example): Promise<Shrunk> {
  const lab = labByNumber(number);
  const mutant = mutantsOf(lab).find((candidate) => candidate.id === id);
  if (mutant === undefined) throw new RangeError(`Lab ${number} has no mutant ${id}.`);
  const { makeHost } = load(await bundle(mutant.submission), lab);
  const suite = suiteOf(lab);
  const test = suite.tests.find((candidate) => candidate.number === wanted);
  if (test === undefined) throw new RangeError(`Lab ${number} has no test ${wanted}.`);
  const failed: { world: World; failure: Failure }[] = [];
  await runSuite(suite, {
    ...inThisProcess(makeHost),
    baseSeed: DEFAULT_BASE_SEED,
    select: (candidate) => candidate === test,
    onWorld: (_, world) => {
      if (world.failure !== undefined) failed.push({ world, failure: world.failure });
    },
  });
  const [first] = failed;
  if (first === undefined) throw new RangeError(`Test ${wanted} passes mutant ${id}.`);
  return shrink({
    ...first,
    makeHost,
    atOnce: (play) => play(),
    again: (without) => playWithout(test, first.world.seed, { makeHost }, without),
  });
}
