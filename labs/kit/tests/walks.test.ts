import test from "tape";
import type { Chooser, Possible, StrategyMaker } from "..";
import {
  type AppendEntries,
  LocalHost,
  type LogEntry,
  type Move,
  type NodeId,
  type ServerClass,
  scheduleOf,
  uniform,
  World,
  type WorldOptions,
  walkRandomly,
} from "..";
import { Failure } from "../story/failure";
import type { WalkOptions } from "../walks";
import { gullible } from "./gullible";
import { TinyRaft } from "./tiny-raft";

/** TinyRaft cuts its log off at each request. Walks find that; this one does not. */
class Careful extends TinyRaft {
  override onAppend(from: NodeId, message: AppendEntries): void {
    const { prevLogIndex, prevLogTerm, entries, leaderCommit, term } = message;
    const isCurrent = term === this.term;
    if (isCurrent) {
      this.role = "follower";
      this.hear();
    }
    const success = isCurrent && this.matches(prevLogIndex, prevLogTerm);
    if (success) this.store(prevLogIndex, entries);
    const last = prevLogIndex + entries.length;
    if (success) this.commit(Math.min(leaderCommit, last));
    const matchIndex = success ? last : Math.max(0, Math.min(prevLogIndex - 1, this.log.length));
    this.env.send(from, { type: "AppendEntriesReply", term: this.term, success, matchIndex });
  }

  store(after: number, entries: readonly LogEntry[]): void {
    for (const [i, entry] of entries.entries())
      if (this.log[after + i]?.term !== entry.term) this.log = [...this.log.slice(0, after + i), entry];
  }
}

function worldOf(options: Partial<WorldOptions> = {}, server: ServerClass = Careful): World {
  return new World({ seed: 1, servers: 3, host: LocalHost.of(server), ...options });
}

const SOME = { walks: 30, steps: 60, budget: {} };

/** The failure that walks end a test with; undefined if all go well. */
async function failureOf(world: World, options: Partial<WalkOptions> = {}): Promise<Failure | undefined> {
  try {
    await walkRandomly(world, { ...SOME, ...options });
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** Sees the world of each walk, and everything that could happen in it. */
class Spy {
  readonly worlds: World[] = [];
  readonly choices: { readonly possible: readonly Possible[]; readonly world: World }[] = [];

  readonly strategy: StrategyMaker = (setup) => {
    const inner = uniform(setup);
    return {
      plan: (walk) => {
        const { chooser, prefix } = inner.plan(walk);
        return { prefix, chooser: this.seeing(walk, chooser) };
      },
    };
  };

  private seeing(walk: number, chooser: Chooser): Chooser {
    return {
      choose: (possible, step, world) => {
        this.worlds[walk] = world;
        this.choices.push({ possible, world });
        return chooser.choose(possible, step, world);
      },
    };
  }
}

/** What happened in each of some walks: none shares its trace with another. */
async function movesOf(options: Partial<WalkOptions>, world = worldOf()): Promise<Move[][]> {
  const spy = new Spy();
  const walks = 20;
  await walkRandomly(world, { ...SOME, ...options, walks, atOnce: walks, strategy: spy.strategy });
  return spy.worlds.map((seen) => scheduleOf(seen).map(({ move }) => move));
}

function count(moves: readonly Move[], isMeant: (move: Move) => boolean): number {
  return moves.filter(isMeant).length;
}

const COMMANDS = ["a", "b", "c", "d"];

test("walks find a server that votes for everybody, and end the test with the walk in which it does", async (t) => {
  const world = worldOf({ host: gullible("votes for everybody") });
  const failure = await failureOf(world);
  t.match(failure?.story.headline ?? "", /One vote per term|Election Safety/);
  t.equal(world.failure, failure);
  t.notEqual(world.stage, world, "the failure can be seen in a world of its own");
  t.equal(world.stage.failure, failure);
  t.equal(world.stage.traceHash, failure?.story.traceHash);
  t.equal(world.trace.length, 0, "nothing happens in the test's own world");
});

test("walks find a leader that commits entries of earlier terms by counting", async (t) => {
  class CountsOldEntries extends Careful {
    override count(): void {
      const stored = [this.log.length, ...this.match.values()].sort((a, b) => b - a);
      this.commit(stored[Math.floor(stored.length / 2)]);
    }
  }
  const options = { walks: 200, steps: 120, commands: COMMANDS };
  const failure = await failureOf(worldOf({}, CountsOldEntries), options);
  t.match(failure?.story.headline ?? "nothing", /Figure 8|Leader Completeness|State Machine Safety/);
  t.equal(await failureOf(worldOf(), options), undefined, "and nothing in a server that does not");
});

test("a server that forgets is found by walks in which servers start again, and by no others", async (t) => {
  const options = { walks: 60, steps: 100 };
  t.match(
    (await failureOf(worldOf(), { ...options, budget: { reboots: 3 } }))?.story.headline ?? "",
    /One vote per term|goes? back|restart/,
  );
  t.equal(
    await failureOf(worldOf(), { ...options, budget: { stops: 1, duplicates: 5, drops: 5 } }),
    undefined,
  );
});

test("trouble of a server is found like a broken property", async (t) => {
  const failure = await failureOf(worldOf({ host: gullible("throws in term 3") }));
  t.equal(failure?.story.kind, "threw");
});

test("the same seed gives the same walks, and another seed others", async (t) => {
  const options = { budget: { stops: 1, duplicates: 2, drops: 2 }, commands: COMMANDS };
  const first = await movesOf(options);
  t.deepEqual(await movesOf(options), first);
  t.notDeepEqual(await movesOf(options, worldOf({ seed: 2 })), first);
  t.equal(new Set(first.map((moves) => JSON.stringify(moves))).size, first.length, "no walk is like another");
});

test("how many walks are under way at once makes no difference", async (t) => {
  const seen: (string | undefined)[] = [];
  for (const atOnce of [1, 3, 16]) {
    const world = worldOf({ host: gullible("throws in term 3"), seed: 5 });
    await failureOf(world, { atOnce, steps: 25 });
    seen.push(world.stage.traceHash);
  }
  t.deepEqual(seen, [seen[0], seen[0], seen[0]]);
});

test("a strategy learns from walk after walk in the order of their numbers, however many are under way", async (t) => {
  const learnt: string[][] = [];
  for (const atOnce of [1, 2, 5]) {
    const told: string[] = [];
    const strategy: StrategyMaker = (setup) => {
      const inner = uniform(setup);
      return {
        generation: 4,
        plan: (walk) => {
          told.push(`plan ${walk}`);
          return inner.plan(walk);
        },
        learn: (walk, moves) => told.push(`learn ${walk}: ${JSON.stringify(moves)}`),
      };
    };
    await walkRandomly(worldOf(), { ...SOME, walks: 10, strategy, atOnce });
    learnt.push(told);
  }
  t.deepEqual(learnt[1], learnt[0]);
  t.deepEqual(learnt[2], learnt[0]);
  const order = learnt[0].map((text) => text.split(":")[0]);
  t.deepEqual(
    order.slice(0, 9),
    [0, 1, 2, 3]
      .map((walk) => `plan ${walk}`)
      .concat(
        [0, 1, 2, 3].map((walk) => `learn ${walk}`),
        "plan 4",
      ),
  );
});

test("a walk can begin with moves that another one has made", async (t) => {
  const [first] = await movesOf({ budget: { stops: 1, duplicates: 2 }, commands: COMMANDS });
  const prefix = first.slice(0, 40).map(({ at: _, ...move }) => move);
  const seen: Move[][] = [];
  const strategy: StrategyMaker = (setup) => ({
    plan: (walk) => ({ ...uniform(setup).plan(walk), prefix }),
    generation: 8,
    learn: (_, moves) => seen.push([...moves]),
  });
  await walkRandomly(worldOf(), {
    ...SOME,
    walks: 8,
    budget: { stops: 1, duplicates: 2 },
    commands: COMMANDS,
    strategy,
  });
  for (const moves of seen) t.deepEqual(moves.slice(0, 40), prefix);
  t.equal(new Set(seen.map((moves) => JSON.stringify(moves))).size, 8, "and goes on in its own way");
});

test("the first walk that fails counts, though a later one fails sooner", async (t) => {
  const began: number[] = [];
  // Walk 2 needs many moves for what walk 3 does at once.
  const strategy: StrategyMaker = () => ({
    plan: (walk) => {
      began.push(walk);
      const isIdle = (step: number): boolean => walk < 2 || (walk === 2 && step < 40);
      const choose: Chooser["choose"] = (possible, step) => {
        const timer = possible.find(({ kind, node }) => kind === "timer" && node === (isIdle(step) ? 0 : 1));
        return timer ?? possible[0];
      };
      return { prefix: [], chooser: { choose } };
    },
  });
  class OnlyOneIsGood extends TinyRaft {
    override stand(): void {
      if (this.env.self === "S2") throw new Error("S2 stands");
      this.wait();
    }
  }
  const world = worldOf({}, OnlyOneIsGood);
  await failureOf(world, { strategy, walks: 10, atOnce: 4 });
  t.equal(
    count(
      scheduleOf(world.stage).map(({ move }) => move),
      ({ kind }) => kind === "timer",
    ),
    41,
  );
  t.ok(Math.max(...began) < 9, "walks that nobody needs any more are not begun");
});

test("a walk has no more moves, commands, stops and copies than its budget says", async (t) => {
  const budget = { stops: 1, duplicates: 2, proposals: 3 };
  const walks = await movesOf({ budget, commands: COMMANDS, steps: 80 });
  t.equal(walks.length, 20);
  for (const moves of walks) {
    if (moves.length > 80) t.fail(`${moves.length} moves`);
    if (count(moves, ({ kind }) => kind === "propose") > 3) t.fail("too many commands");
    if (count(moves, (move) => "again" in move && move.again === true) > 2) t.fail("too many copies");
    if (count(moves, ({ kind, effects }) => kind === "stop" || effects !== undefined) > 1)
      t.fail("too many stops");
    if (count(moves, ({ kind }) => kind === "start") > 0) t.fail("a server without a disk starts again");
  }
  const all = walks.flat();
  for (const kind of ["deliver", "timer", "propose", "stop"])
    t.ok(count(all, (move) => move.kind === kind) > 0, `some ${kind}`);
  t.ok(count(all, (move) => "again" in move && move.again === true) > 0, "some copies");
  t.ok(
    count(all, ({ effects }) => effects !== undefined) > 0,
    "some servers stop in the middle of something",
  );
});

test("without a budget nothing goes wrong but the order", async (t) => {
  for (const moves of await movesOf({ budget: {}, commands: [] }))
    if (moves.some(({ kind, effects }) => effects !== undefined || (kind !== "deliver" && kind !== "timer")))
      t.fail("something else happens");
  t.pass();
});

test("a message that got lost does not arrive", async (t) => {
  const spy = new Spy();
  await walkRandomly(worldOf(), {
    ...SOME,
    budget: { drops: 20 },
    walks: 5,
    atOnce: 5,
    strategy: spy.strategy,
  });
  // Whatever was possible stays so as long as its receiver runs, until it happens or gets lost.
  let lost = 0;
  for (const world of spy.worlds) {
    const steps = spy.choices.filter((choice) => choice.world === world).map(({ possible }) => possible);
    const delivered = new Set(
      Array.from({ length: world.trace.length }, (_, i) => i)
        .filter((i) => world.trace.isHandler(i))
        .map((i) => world.trace.causeOf(i)),
    );
    for (let i = 0; i + 1 < steps.length; i++)
      for (const one of steps[i]) {
        if (
          one.kind !== "deliver" ||
          steps[i + 1].some((later) => later.kind === "deliver" && later.record === one.record)
        )
          continue;
        if (!delivered.has(one.record)) lost += 1;
      }
  }
  t.ok(lost >= 5 * 10 && lost <= 5 * 20, `${lost} messages lost`);
});

test("nothing happens at a stopped server but its start, and there is always a majority that runs", async (t) => {
  const spy = new Spy();
  await walkRandomly(worldOf({ servers: 5 }), { ...SOME, budget: { stops: 5 }, strategy: spy.strategy });
  let most = 0;
  for (const { possible, world } of spy.choices) {
    // The world has gone on since: what counts is what was possible then.
    if (possible.some(({ kind }) => kind === "start")) t.fail("a server starts that has no disk");
    most = Math.max(most, world.ids.filter((id) => world.isStopped(id)).length);
  }
  t.equal(most, 2, "of five servers, two stop");
});

test("a walk says what cannot be counted up to, and what it cannot do without", async (t) => {
  for (const budget of [
    { reboots: -1 },
    { drops: 0.5 },
    { duplicates: Number.NaN },
    { stops: 1, reboots: 1 },
  ]) {
    const error = await walkRandomly(worldOf(), { ...SOME, budget }).catch((thrown: unknown) => thrown);
    t.ok(error instanceof RangeError, String(error));
  }
  for (const options of [
    { walks: 0 },
    { steps: 0 },
    { atOnce: 0 },
    { operations: [[{ kind: "get", key: "k" }]] },
  ] as const) {
    const error = await walkRandomly(worldOf(), { ...SOME, ...options }).catch((thrown: unknown) => thrown);
    t.ok(error instanceof RangeError, String(error));
  }
  const { react, lateTrouble } = LocalHost.prototype;
  const alone = { react, lateTrouble };
  const error = await walkRandomly(worldOf({ host: alone }), SOME).catch((thrown: unknown) => thrown);
  t.match(String(error), /a host that can make others/);
});
