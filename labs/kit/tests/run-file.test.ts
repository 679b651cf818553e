import test from "tape";
import {
  type AnyMessage,
  type Env,
  type Failure,
  type Host,
  type KvOperation,
  LocalHost,
  type Move,
  planSwarm,
  playSwarm,
  RUN_FILE_BYTES_MAX,
  type RunFile,
  RunFileProblem,
  readRunFile,
  replay,
  runFileOf,
  type Server,
  type Status,
  shrink,
  World,
} from "..";
import { outcomeText } from "../replay";
import { courseOf, partingOf } from "../replay/course";
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

test("operations come back to the letter: what a client makes of them is the same then", async (t) => {
  const file = await recorded("votes for everybody");
  const invoke = (operation: KvOperation): Move => ({ kind: "invoke", node: "C1", operation });
  const moves = [
    invoke({ kind: "get", key: "k" }),
    invoke({ kind: "append", key: "k", value: "1" }),
    invoke({ kind: "cas", key: "k", expected: null, value: "1" }),
  ];
  const text = JSON.stringify({ ...file, clients: 1, play: { kind: "schedule", isExact: false, moves } });
  const { play } = readRunFile(text);
  t.equal(JSON.stringify(play.kind === "schedule" && play.moves), JSON.stringify(moves));
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

test("a file that means harm is refused, and not played", async (t) => {
  const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
  const file = JSON.stringify(await recorded("votes for everybody"));
  const withDeep = (field: string) => file.replace(field, nested(100_000));
  t.match(
    problemOf(withDeep('"practice"')),
    /Where {5}suite[\s\S]*Found {5}lists or objects within each other/,
  );
  const played = (move: unknown) =>
    problemWith({ play: { kind: "schedule", isExact: false, moves: [move] } });
  t.match(
    await played({ kind: "stop", node: "S1", at: 1e300 }),
    /moves\[0\]\.at\nExpected {2}a number, from 0 to/,
  );
  const command = JSON.parse(nested(100)) as unknown;
  t.match(
    await played({ kind: "propose", node: "S1", command }),
    /moves\[0\]\.command\nExpected {2}plain data/,
  );
  const message: unknown = JSON.parse('{"type":"RequestVote","__proto__":{"term":1}}');
  t.match(
    await played({ kind: "deliver", from: "S2", to: "S1", message }),
    /moves\[0\]\.message\nExpected {2}plain data/,
  );
  t.match(
    await played({ kind: "inject", from: "S2", to: "S1", message: { type: "RequestVote" } }),
    /moves\[0\]\.kind/,
    "nobody speaks for a student's server",
  );
  t.match(
    await problemWith({ servers: 1e9 }),
    /Expected {2}a whole number, from 1 to 100\nFound {5}1000000000/,
  );
});

test("what a file says cannot steer a terminal", async (t) => {
  const file = await recorded("votes for everybody");
  const outcome = await replay(file, { makeHost: () => gullible("none") });
  const result = { ...file.result, headline: "\u001b[2J\u0007one\ntwo" };
  t.match(outcomeText({ ...file, result }, outcome, "11"), /\nRecorded {3}\[2J one\ntwo\n/);
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

test("the same failure in another run is told as that: how long today's run is, and where it parts", async (t) => {
  const file = await recorded("votes for everybody");
  const makeHost = () => gullible("votes for everybody");
  const longer = {
    ...file,
    course: [...file.course, file.course[0]],
    result: { ...file.result, events: 99 },
  };
  const text = outcomeText(longer, await replay(longer, { makeHost }), "11");
  const { length } = file.course;
  t.match(
    text,
    new RegExp(`^The same failure as recorded, in a run of ${length} events\\.\nFrom event ${length + 1} on`),
  );
  t.match(text, /now: {6}nothing more\n\nOne vote per term/);
});

test("what was found in another world than the test's own is compared with what happened there", async (t) => {
  const stage = await run("votes for everybody", 3);
  const failure = stage.failure as Failure;
  const file = runFileOf({ world: stage, failure, play: { kind: "test", without: [] } }, ORIGIN);
  const again = async (): Promise<World> => {
    const world = new World({ seed: 3, servers: 3, host: gullible("none") });
    t.throws(() => world.endWith(stage, failure));
    return world;
  };
  const { kind, parting } = await replay(file, { makeHost: () => gullible("none"), again });
  t.deepEqual([kind, parting], ["same", undefined]);
  const idle = async () => new World({ seed: 3, servers: 3, host: gullible("none") });
  const mended = await replay(file, { makeHost: () => gullible("none"), again: idle });
  t.deepEqual(
    [mended.kind, mended.parting],
    ["mended", undefined],
    "a world in which nothing ran parts nowhere",
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

/** Does nothing at all. */
class Idle implements Server<AnyMessage> {
  constructor(protected readonly env: Env<AnyMessage>) {}
  start(): void {}
  onMessage(): void {}
  onTimer(): void {}
  status(): Status {
    return { role: "follower", currentTerm: 0 };
  }
}

class Timed extends Idle {
  override start(): void {
    this.env.setTimer("b", 100);
  }
}

test("where words are the same, the thing that a server does otherwise is told, not the data of the trace", async (t) => {
  const course = async (host: Host) => {
    const world = new World({ seed: 3, servers: 2, host });
    await world.runFor(1);
    return courseOf(world);
  };
  const [timed, idle] = [await course(LocalHost.of(Timed)), await course(LocalHost.of(Idle))];
  const parting = partingOf(timed, idle);
  t.match(parting?.recorded ?? "", /S1 {2}starts +\(sets timer "b"\)$/);
  t.match(parting?.now ?? "", /S1 {2}starts +\(and nothing more\)$/);
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
