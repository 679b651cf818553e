import type { Lab } from "../course/labs";
import { type SuiteResult, suiteResult, type TestResult } from "../labgrader/result";
import type { TestCase } from "../labgrader/suite";
import type { Submission } from "../submission/intake";
import { suiteOf } from "../suites";
import type { Job } from "./protocol";
import { type Outcome, runWorker } from "./run-worker";

/** Without a sign of life for this long, a worker is stopped. A healthy one gives a sign many times a second. */
const SILENCE_MAX_MS = 5_000;
/** The same, once a submission has been stopped before. */
const SILENCE_AGAIN_MAX_MS = 1_500;
/** How often a submission may be stopped before the rest of its tests are given up. */
const STOPS_MAX = 4;

export interface GradeOptions {
  readonly baseSeed: number;
  readonly seeds?: number | undefined;
}

/** What came of grading one lab of one submission. */
export type Graded =
  | { readonly kind: "graded"; readonly result: SuiteResult }
  /** The submission cannot be run at all; `text` tells its author why. */
  | { readonly kind: "problem"; readonly text: string }
  /** The grader could not do its work. Never a zero. */
  | { readonly kind: "grader-error"; readonly text: string };

/**
 * Grades a submission in processes of its own. Which tests there are is known before any of them runs; one that
 * brings no result has failed.
 */
export function gradeSubmission(submission: Submission, options: GradeOptions): Promise<Graded> {
  return new Grading(submission, options).run();
}

/** What a lab is worth. */
export function maxPointsOf(lab: Lab): number {
  return suiteOf(lab).tests.reduce((total, test) => total + test.points, 0);
}

/** One submission's way through its tests, over as many workers as it takes. */
class Grading {
  private readonly tests: readonly TestCase[];
  private readonly results = new Map<string, TestResult>();
  private stops = 0;
  /** Tests that fell silent once, and came to their end when they were run again. */
  private readonly doubted = new Set<string>();

  constructor(
    private readonly submission: Submission,
    private readonly options: GradeOptions,
  ) {
    this.tests = suiteOf(submission.lab).tests;
  }

  async run(): Promise<Graded> {
    while (this.open.length > 0 && this.stops < STOPS_MAX) {
      const job = this.jobFor(this.open.map(({ number }) => number));
      const silenceMax = this.stops === 0 ? SILENCE_MAX_MS : SILENCE_AGAIN_MAX_MS;
      const outcome = await runWorker(job, silenceMax, (result) => this.note(result));
      if (outcome.problem !== undefined) return { kind: "problem", text: outcome.problem };
      if (outcome.fault !== undefined) return { kind: "grader-error", text: outcome.fault };
      if (outcome.end === "done") break;
      const stopped = this.tests.find(({ number }) => number === outcome.running?.test);
      if (stopped !== undefined) await this.stop(stopped, outcome, job);
      else if (this.results.size === 0) return endedEarly(outcome);
      else this.stops += 1; // it ended between two tests: those that are done count
    }
    const why =
      this.stops < STOPS_MAX
        ? "This test brought no result."
        : `Not run: ${this.stops} earlier tests had to be stopped. Mend those first.`;
    for (const test of this.open) this.note(unfinished(test, why));
    const results = this.tests.map(({ number }) => this.results.get(number) as TestResult);
    return { kind: "graded", result: suiteResult(suiteOf(this.submission.lab).title, results) };
  }

  /** The tests without a result. */
  private get open(): readonly TestCase[] {
    return this.tests.filter(({ number }) => !this.results.has(number));
  }

  private note(result: TestResult): void {
    this.results.set(result.number, result);
  }

  private jobFor(tests: readonly string[]): Job {
    const { folder, files, lab } = this.submission;
    return { lab: lab.number, folder, files, tests, ...this.options };
  }

  /** Notes that a test had to be stopped, and why. */
  private async stop(test: TestCase, outcome: Outcome, job: Job): Promise<void> {
    this.stops += 1;
    const seed = outcome.running?.seed ?? 0;
    if (outcome.end === "died") {
      this.note(
        unfinished(
          test,
          `The program ended in the middle of the test: ${outcome.howItDied} Seed ${seed}.`,
          seed,
        ),
      );
      return;
    }
    // No test is failed for silence alone: the same run must fall silent a second time.
    const again = await runWorker(
      { ...job, tests: [test.number], locate: { seed } },
      SILENCE_AGAIN_MAX_MS,
      () => {},
    );
    if (again.end === "done") return this.doubt(test, seed);
    this.note(unfinished(test, hangWords(again, seed), seed));
  }

  /** The same run came to its end the second time: the machine was busy, and the test gets another chance. */
  private doubt(test: TestCase, seed: number): void {
    this.stops -= 1;
    if (!this.doubted.has(test.number)) this.doubted.add(test.number);
    else
      this.note({
        ...unfinished(test, "The machine was too busy to run this test. Grade this submission again.", seed),
        state: "error",
      });
  }
}

/** Where a handler hangs: the last thing that the run said when it was run again, with an eye on each event. */
function hangWords({ end, lastEvent }: Outcome, seed: number): string {
  return [
    `${end === "silent" && lastEvent !== undefined ? lastEvent : "A handler"} does not return.`,
    "Rule    A handler does its work and returns; to go on later it sets a timer.",
    `Seed    ${seed}`,
    "Next    Which loop in this handler never ends? Look at what its condition waits for: nothing else happens while it runs.",
  ].join("\n");
}

/** A worker ended before it came to any test. */
function endedEarly({ end, hasBegun, howItDied }: Outcome): Graded {
  if (!hasBegun)
    return { kind: "grader-error", text: `The worker ended before it touched the submission: ${howItDied}` };
  const what =
    end === "silent"
      ? `takes more than ${SILENCE_MAX_MS / 1000} s. Is there an endless loop outside of the class?`
      : `ends the whole program: ${howItDied} Code outside of the class runs before any server starts.`;
  return { kind: "problem", text: `Loading the file ${what}` };
}

function unfinished(test: TestCase, text: string, seed?: number): TestResult {
  return {
    number: test.number,
    title: test.title,
    path: test.path,
    visibility: test.visibility,
    state: "failed",
    points: 0,
    maxPoints: test.points,
    seedsRun: 0,
    seedsPlanned: test.seeds,
    events: 0,
    virtualMs: 0,
    wallMs: 0,
    failure: { text, seed },
  };
}
