import test from "tape";
import { Raft } from "../../../solutions/2-replication/raft";
import {
  type AnyMessage,
  type Client,
  type ClientEnv,
  type Failure,
  HistoryTooHard,
  type KvOperation,
  LocalHost,
  type Move,
  mustBeLinearizable,
  Proposer,
  planSwarm,
  playSwarm,
  replay,
  runFileOf,
  ScheduledWorld,
  type Shrunk,
  shrink,
  storyText,
  World,
} from "..";
import { ddmin, type TryFirst } from "../shrink/ddmin";
import { plainCommands } from "../shrink/renaming";
import { abstractWords } from "../shrink/same-failure";
import { type Flaw, gullible } from "./gullible";

const SECOND = 1_000;

test("delta debugging keeps what is needed, in its order, and no single item more", async (t) => {
  const needed = [3, 17, 18, 64];
  const items = Array.from({ length: 90 }, (_, i) => i);
  for (const breadth of [1, 7]) {
    const tryFirst: TryFirst<number> = async (candidates) => {
      const index = candidates.findIndex((list) => needed.every((item) => list.includes(item)));
      return index === -1 ? undefined : { index, left: candidates[index] };
    };
    t.deepEqual(await ddmin(items, tryFirst, breadth), needed, `${breadth} at a time`);
  }
  t.deepEqual(
    await ddmin(items, async () => undefined),
    items,
    "nothing is lost where nothing can be left out",
  );
});

test("sentences are the same if only names, numbers and quotations differ", (t) => {
  const one = "Within 2,000 ms S1 and S2 have not applied “x”: S2 has not.";
  const other = "Within 900 ms S1, S3 and S4 have not applied “y 7”: S3 and S4 have not.";
  t.equal(abstractWords(one), abstractWords(other));
  t.notEqual(
    abstractWords("S1 threw Error (raft.ts:17)"),
    abstractWords("S1 threw Error (raft.ts:18)"),
    "another line",
  );
  t.end();
});

test("commands get short names, but for those that say the same as a node, a timer or a type", (t) => {
  const message = { type: "AppendEntries", term: 1, entries: [{ term: 1, command: "x = 1" }] };
  const moves: Move[] = [
    { kind: "timer", node: "S1", name: "election" },
    { kind: "propose", node: "S1", command: "x = 1" },
    { kind: "propose", node: "S1", command: "S2" },
    { kind: "propose", node: "S1", command: "election" },
    { kind: "deliver", from: "S1", to: "S2", message },
  ];
  const plain = plainCommands({ cluster: { servers: 3, clients: 0 }, moves });
  t.deepEqual(plain?.moves, [
    moves[0],
    { kind: "propose", node: "S1", command: "a" },
    moves[2],
    moves[3],
    { kind: "deliver", from: "S1", to: "S2", message: { ...message, entries: [{ term: 1, command: "a" }] } },
  ]);
  t.end();
});

async function failing(flaw: Flaw, seed = 1): Promise<World> {
  const world = new World({ seed, servers: 5, host: gullible(flaw) });
  try {
    await playSwarm(world, planSwarm(seed, world.ids, 20 * SECOND), 20 * SECOND);
  } catch (error) {
    if (error !== world.failure) throw error;
  }
  return world;
}

function shrunkOf(world: World, flaw: Flaw, playsMax?: number): Promise<Shrunk> {
  const failure = world.failure as Failure;
  return shrink({ world, failure, makeHost: () => gullible(flaw), playsMax });
}

test("a broken property is shown on the smallest run that was found, with its seed", async (t) => {
  const world = await failing("votes for everybody");
  const small = await shrunkOf(world, "votes for everybody");
  const { story } = small.failure;
  t.equal(story.property, world.failure?.story.property, "the same property");
  t.ok(
    small.isShrunk && small.movesAfter <= 8 && small.movesAfter < small.movesBefore,
    `${small.movesAfter} moves`,
  );
  t.equal(small.world.ids.length, 3, "of five servers three are enough");
  t.deepEqual(
    [story.seed, story.servers, story.traceHash],
    [world.seed, 5, world.traceHash],
    "the story names the run that failed",
  );
  t.equal(story.lines.length, small.movesAfter, "and tells all that happens in the smaller one");
  t.match(storyText(story), /Shrunk {2}from [\d,]+ events to \d, with 3 servers; the whole run is seed 1/);
  const again = await shrunkOf(world, "votes for everybody");
  t.deepEqual(again.schedule, small.schedule, "a second time it is found again");
});

test("what was found is a schedule that fails by itself", async (t) => {
  const { schedule, failure } = await shrunkOf(await failing("votes for everybody"), "votes for everybody");
  const scheduled = new ScheduledWorld({ seed: 1, servers: 3, host: gullible("votes for everybody") });
  scheduled.beginNow();
  t.throws(() => {
    for (const move of schedule) scheduled.playNow(move);
  }, /./);
  t.equal(scheduled.world.failure?.story.headline, failure.story.headline);
});

/** A client that asks nobody: all reads of others find nothing. */
class Forgetful implements Client<AnyMessage> {
  constructor(private readonly env: ClientEnv<AnyMessage>) {}
  start(): void {}
  onTimer(): void {}
  onMessage(): void {}
  invoke(): void {
    this.env.complete(null);
  }
}

test("what was found in a scheduled run is played again as a schedule, even if it cannot be made smaller", async (t) => {
  const { schedule } = await shrunkOf(await failing("votes for everybody"), "votes for everybody");
  const makeHost = () => gullible("votes for everybody");
  const scheduled = new ScheduledWorld({ seed: 1, servers: 3, host: makeHost() });
  scheduled.beginNow();
  try {
    for (const move of schedule) scheduled.playNow(move);
  } catch (error) {
    if (error !== scheduled.world.failure) throw error;
  }
  const { world } = scheduled;
  const failure = world.failure as Failure;
  const again = () => Promise.reject(new Error("the test was asked"));
  const small = await shrink({ world, failure, makeHost, again });
  t.deepEqual([small.isShrunk, small.trouble, small.play.kind], [false, undefined, "schedule"]);
  const origin = { lab: "1-election", suite: "graded", test: "1.8q", code: "00" } as const;
  const { kind, parting } = await replay(runFileOf(small, origin), { makeHost });
  t.deepEqual([kind, parting], ["same", undefined], "event for event, without the test");
});

test("of a scheduled run, too, what clients saw is judged, and made smaller without the test", async (t) => {
  const makeHost = () => LocalHost.of(Raft, Forgetful);
  const invoke = (node: string, operation: KvOperation): Move => ({ kind: "invoke", node, operation });
  const scheduled = new ScheduledWorld({ seed: 1, servers: 3, clients: 3, host: makeHost() });
  scheduled.beginNow();
  for (const move of [
    invoke("C3", { kind: "get", key: "other" }),
    invoke("C1", { kind: "put", key: "k", value: "v" }),
    invoke("C2", { kind: "get", key: "k" }),
  ])
    scheduled.playNow(move);
  const { world } = scheduled;
  t.throws(() => mustBeLinearizable(world));
  const again = () => Promise.reject(new Error("the test was asked"));
  const small = await shrink({ world, failure: world.failure as Failure, makeHost, again });
  t.deepEqual([small.trouble, small.play.kind, small.movesAfter], [undefined, "schedule", 2]);
  const origin = { lab: "4-kv", suite: "graded", test: "4.5j", code: "00" } as const;
  const { kind, parting } = await replay(runFileOf(small, origin), { makeHost });
  t.deepEqual([kind, parting], ["same", undefined]);
});

test("work is counted as if runs were played one by one, and ends the search at the same place everywhere", async (t) => {
  const world = await failing("votes for everybody");
  const failure = world.failure as Failure;
  const makeHost = () => gullible("votes for everybody");
  const whole = await shrink({ world, failure, makeHost });
  for (const eventsMax of [0, 1, whole.events >> 1, whole.events]) {
    const results = [];
    for (const breadth of [1, 5, 16])
      results.push(await shrink({ world, failure, makeHost, breadth, eventsMax }));
    const [first, ...others] = results.map(({ plays, events, schedule }) => ({ plays, events, schedule }));
    for (const other of others) t.deepEqual(other, first, `${eventsMax} events`);
    t.ok(eventsMax === whole.events || first.plays < whole.plays, "and ended early");
  }
});

test("a history that is too hard to judge is no failure, and does not end the search", async (t) => {
  let asked = 0;
  const world = new World({ seed: 2, servers: 3, host: LocalHost.of(Raft) });
  for (const part of ["fault 1", "fault 2", "fault 3"]) world.parts.has(part);
  t.throws(() => world.fail({ sentence: "It fails.", rule: "", next: "" }));
  const again = () => {
    asked += 1;
    return Promise.reject(new HistoryTooHard("too hard"));
  };
  const makeHost = () => LocalHost.of(Raft);
  const small = await shrink({ world, failure: world.failure as Failure, makeHost, again });
  t.deepEqual([small.isShrunk, small.trouble], [false, undefined]);
  t.ok(asked > 1, `${asked} runs`);
});

test("an error of the student's stays at its line", async (t) => {
  const small = await shrunkOf(await failing("throws in term 3"), "throws in term 3");
  t.match(small.failure.story.headline, /threw Error: 3 is too much/);
  t.equal(small.movesAfter, 3, "three timers, and no message");
  t.equal(small.world.ids.length, 1, "one server is enough");
});

test("a failure is never lost: not without plays, and not if something goes wrong", async (t) => {
  const world = await failing("votes for everybody");
  const none = await shrunkOf(world, "votes for everybody", 0);
  t.equal(none.failure, world.failure, "without plays it is told as it was found");
  t.notOk(none.isShrunk);
  let hosts = 0;
  const broken = await shrink({
    world,
    failure: world.failure as Failure,
    makeHost: () => {
      hosts += 1;
      if (hosts === 4) throw new Error("no more hosts");
      return gullible("votes for everybody");
    },
  });
  t.match(String(broken.trouble), /no more hosts/);
  t.equal(broken.failure.story.property, world.failure?.story.property);
});

test("for what a test expects, the test decides what can be left out", async (t) => {
  const run = async (without?: ReadonlySet<string>): Promise<World> => {
    const world = new World({ seed: 2, servers: 3, host: LocalHost.of(Raft), without });
    new Proposer(world);
    const isGiven = () =>
      world.ids.some((id) => world.applied(id).some(({ command }) => command === "command 3"));
    try {
      await playSwarm(world, planSwarm(2, world.ids, 5 * SECOND), 5 * SECOND);
      world.check(!isGiven(), () => ({ sentence: `Command 3 was applied at ${world.now} ms.` }));
    } catch (error) {
      if (error !== world.failure) throw error;
    }
    return world;
  };
  const world = await run();
  const makeHost = () => LocalHost.of(Raft);
  const small = await shrink({ world, failure: world.failure as Failure, makeHost, again: run });
  const { play } = small;
  t.deepEqual(small.world.parts.kept.filter((part) => part.startsWith("command")).slice(0, 1), ["command 3"]);
  t.notOk(
    small.world.parts.kept.some((part) => part.startsWith("fault")),
    "no fault is needed",
  );
  t.ok(play.kind === "test" && play.without.includes("command 1"), "the result says what is left out");
  t.equal(small.failure.story.shrunk?.of, "faults and requests", "for fewer faults may mean more events");
});
