import test from "tape";
import { Raft } from "../../../solutions/2-replication/raft";
import {
  type Failure,
  LocalHost,
  Proposer,
  planSwarm,
  playSwarm,
  ScheduledWorld,
  type Shrunk,
  shrink,
  storyText,
  World,
} from "..";
import { ddmin, type TryFirst } from "../shrink/ddmin";
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
