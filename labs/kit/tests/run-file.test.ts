import test from "tape";
import {
  type Failure,
  planSwarm,
  playSwarm,
  RUN_FILE_BYTES_MAX,
  type RunFile,
  RunFileProblem,
  readRunFile,
  replay,
  runFileOf,
  shrink,
  World,
} from "..";
import { outcomeText } from "../replay";
import { type Flaw, gullible } from "./gullible";

const SECOND = 1_000;
const ORIGIN = {
  lab: "1-election",
  suite: "practice",
  test: "1.8  Leaders are elected",
  code: "00",
} as const;

async function run(flaw: Flaw, seed: number, without?: ReadonlySet<string>): Promise<World> {
  const world = new World({ seed, servers: 3, host: gullible(flaw), without });
  try {
    await playSwarm(world, planSwarm(seed, world.ids, 5 * SECOND), 5 * SECOND);
  } catch (error) {
    if (error !== world.failure) throw error;
  }
  return world;
}

async function recorded(flaw: Flaw): Promise<RunFile> {
  const world = await run(flaw, 3);
  const small = await shrink({ world, failure: world.failure as Failure, makeHost: () => gullible(flaw) });
  return readRunFile(JSON.stringify(runFileOf(small, ORIGIN)));
}

/** @returns what is said about a file that is as it should be but for one field */
async function problemWith(change: Record<string, unknown>): Promise<string> {
  const file = await recorded("votes for everybody");
  return problemOf(JSON.stringify({ ...file, ...change }));
}

function problemOf(text: string): string {
  try {
    readRunFile(text);
    return "";
  } catch (error) {
    if (error instanceof RunFileProblem) return error.message;
    throw error;
  }
}

test("a run file comes back as it was written", async (t) => {
  const file = await recorded("votes for everybody");
  t.deepEqual(readRunFile(JSON.stringify(file)), file);
  t.equal(file.play.kind, "schedule");
  t.ok(JSON.stringify(file).length < 20_000, "and it is small");
});

test("a file that is none is refused: what was expected, what was found, and where", async (t) => {
  t.match(problemOf("{"), /Where {5}the file\nExpected {2}JSON/);
  t.match(problemOf("[1]"), /Where {5}the file\nExpected {2}an object\nFound {5}\[1\]/);
  t.match(problemOf(" ".repeat(RUN_FILE_BYTES_MAX + 1)), /at most 4,000,000 characters/);
  t.match(
    await problemWith({ version: 2 }),
    /Where {5}version\nExpected {2}1\nFound {5}2\nNext {6}.*another release/,
  );
  t.match(await problemWith({ servers: 3.5 }), /Where {5}servers\nExpected {2}a whole number/);
  t.match(await problemWith({ suite: "mine" }), /Where {5}suite\nExpected {2}“practice” or “graded”/);
  const moves = (move: unknown) => ({ play: { kind: "schedule", isExact: false, moves: [move] } });
  t.match(
    await problemWith(moves({ kind: "timer", node: "S4", name: "x" })),
    /play\.moves\[0\]\.node[\s\S]*Found {5}"S4"/,
  );
  t.match(
    await problemWith(moves({ kind: "timer", node: "S1" })),
    /play\.moves\[0\]\.name[\s\S]*Found {5}nothing/,
  );
  t.match(await problemWith(moves({ kind: "jump", node: "S1" })), /play\.moves\[0\]\.kind/);
  t.match(await problemWith(moves({ kind: "stop", node: "S1", at: -1 })), /play\.moves\[0\]\.at/);
  t.match(
    await problemWith(moves({ kind: "invoke", node: "S1", operation: { kind: "get", key: "x" } })),
    /play\.moves\[0\]\.node\nExpected {2}a client/,
  );
  const message = { kind: "deliver", from: "S1", to: "S2", message: { term: 1 } };
  t.match(await problemWith(moves(message)), /play\.moves\[0\]\.message\.type/);
});

test("the same code fails in the same way", async (t) => {
  const file = await recorded("votes for everybody");
  const outcome = await replay(file, { makeHost: () => gullible("votes for everybody") });
  t.equal(outcome.kind, "same");
  t.equal(outcome.parting, undefined, "event for event");
  t.match(
    outcomeText(file, outcome, "00"),
    /^The same failure as recorded, in a run of \d+ events\.\n\nOne vote per term/,
  );
});

test("mended code does not fail, and the first thing that it does otherwise is told", async (t) => {
  const file = await recorded("votes for everybody");
  const outcome = await replay(file, { makeHost: () => gullible("none") });
  const text = outcomeText(file, outcome, "11");
  t.equal(outcome.kind, "mended");
  t.match(text, /^This run does not fail any more\.\nRecorded {2}One vote per term/);
  t.match(text, /Same {6}up to event \d+: /);
  t.match(text, /Then {6}recorded: .*grants.*\n {10}now: {6}.*refuses/);
  t.match(text, /Run all tests/);
  t.match(outcomeText(file, outcome, "00"), /kept from run to run/, "with the same files that would be odd");
});

test("another failure is told as what it is, and where the run parts from the recorded one", async (t) => {
  const file = await recorded("votes for everybody");
  const outcome = await replay(file, { makeHost: () => gullible("throws in term 1") });
  const text = outcomeText(file, outcome, "11");
  t.equal(outcome.kind, "other");
  t.match(
    text,
    /^Another failure than recorded: from event \d+ on it is another run\.\nRecorded {2}One vote per term/,
  );
  t.match(text, /\n\nS\d threw Error: 1 is too much/);
});

test("a run that only its test can play is played by the test", async (t) => {
  const world = await run("votes for everybody", 3);
  const failure = world.failure as Failure;
  const file = runFileOf({ world, failure, play: { kind: "test", without: ["fault 9"] } }, ORIGIN);
  const asked: string[] = [];
  const outcome = await replay(file, {
    makeHost: () => gullible("none"),
    again: (without) => {
      asked.push(...without);
      return run("votes for everybody", file.seed, without);
    },
  });
  t.deepEqual([outcome.kind, asked], ["same", ["fault 9"]]);
  const alone = replay(file, { makeHost: () => gullible("none") }).catch(String);
  t.match(String(await alone), /Only the test itself/);
});
