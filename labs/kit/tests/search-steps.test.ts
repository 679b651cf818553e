import test from "tape";
import { Raft } from "../../../solutions/3-persistence/raft";
import { KvClient } from "../../../solutions/4-kv/kv-client";
import { KvServer } from "../../../solutions/4-kv/kv-server";
import {
  type AnyMessage,
  type Env,
  Failure,
  type Json,
  LocalHost,
  mustSurvive,
  type RaftMessage,
  type Server,
  type StateMachine,
  type Status,
  World,
  type WorldOptions,
} from "..";
import { Exploration, type SearchOptions, type SearchResult, type StateView, type StepView } from "../search";
import { gullible } from "./gullible";
import { note, type Part, playing, storyOf } from "./helpers";

const BOUNDS = { depth: 40, states: 10_000 };
const FEW_WALKS = { walks: 1, steps: 5, budget: {} };

function raftWorld(options: Partial<WorldOptions> = {}): World {
  return new World({ seed: 1, servers: 3, host: LocalHost.of(Raft), ...options });
}

function search(world: World, options: Partial<SearchOptions>): Promise<SearchResult> {
  return new Exploration(world, { commands: ["a", "b"] }).search({ budget: {}, bounds: BOUNDS, ...options });
}

const leads = (state: StateView): boolean => state.leaders.length > 0;

test("a goal is reached on a shortest way, and a search goes on from there", async (t) => {
  const exploration = new Exploration(raftWorld(), { commands: ["a"] });
  const elected = await exploration.search({ budget: { timers: 1 }, bounds: BOUNDS, goal: leads });
  t.equal(elected.end, "goal", "somebody can be elected");
  t.equal(elected.goals[0].codes.length, 3, "by a timer, a request and a vote");
  const budget = { proposals: 1 };
  const goal = (state: StateView): boolean => ["S1", "S2", "S3"].every((id) => state.applied(id) === 1);
  const committed = await exploration.search({ budget, bounds: BOUNDS, goal }, elected.goals);
  t.equal(committed.end, "exhausted", "without a heartbeat followers are not told what is committed");
  const beats = { ...budget, timers: 1 };
  const allowed = (step: StepView): boolean => step.kind !== "timer" || step.name === "heartbeat";
  const told = await exploration.search(
    { budget: beats, bounds: BOUNDS, goal, allow: allowed },
    elected.goals,
  );
  t.equal(told.end, "goal", "with one they are");
  const many = await exploration.search({ budget: { timers: 1 }, bounds: BOUNDS, goal: leads, goals: 5 });
  t.equal(many.goals.length, 5, "as many goals as were asked for");
});

test("what is not allowed does not happen", async (t) => {
  const allow = ({ node, from }: StepView): boolean => node !== "S1" && from !== "S1";
  const seen = new Set<string>();
  const goal = (state: StateView): boolean => {
    for (const id of state.leaders) seen.add(id);
    return state.status("S1").currentTerm > 0;
  };
  const { end } = await search(raftWorld(), { budget: { timers: 2 }, allow, goal });
  t.equal(end, "exhausted", "S1 hears of no term");
  t.deepEqual([...seen].sort(), ["S2", "S3"], "the others elect each other");
});

test("what there is no budget for does not happen, and what there is one for happens as often", async (t) => {
  const most = { timers: 0, proposals: 0, reboots: 0, duplicates: 0, drops: 0 };
  const goal = (state: StateView): boolean => {
    for (const kind of ["timers", "proposals", "reboots", "duplicates", "drops"] as const)
      most[kind] = Math.max(most[kind], state.count(kind));
    return false;
  };
  const budget = { timers: 1, proposals: 1, reboots: 1, duplicates: 2, drops: 1 };
  await search(raftWorld(), { budget, goal, watchEvery: 0, bounds: { depth: 8, states: 20_000 } });
  t.deepEqual(most, budget, "each as often as it may");
  const nothing = await search(raftWorld(), {});
  t.equal(`${nothing.end} ${nothing.states}`, "exhausted 1", "without a budget nothing happens at all");
  const refused = await search(raftWorld(), { budget: { timers: 64 } }).catch(
    (error: Error) => error.message,
  );
  t.equal(refused, "A search has 0 to 63 timers, not 64.", "a number that cannot be counted is refused");
});

test("messages can get lost, and come twice", async (t) => {
  const part: Part = {
    start: (env) => env.self === "S1" && env.send("S2", note(1)),
    onMessage: (env, from) => env.self === "S2" && env.send(from, note(2)),
  };
  const world = (): World => new World({ seed: 1, servers: 2, host: LocalHost.of(playing(part)) });
  const statesOf = async (budget: SearchOptions["budget"]): Promise<number> =>
    (await search(world(), { budget, symmetric: false })).states;
  t.equal(await statesOf({}), 3, "sent, answered, over");
  t.equal(
    await statesOf({ drops: 1 }),
    4,
    "lost on the way there or back: that is the same, for nobody remembers anything",
  );
  t.equal(await statesOf({ duplicates: 1 }), 7, "the first one stays on its way, or the answer does");
});

/** Writes to its disk at the end of each handler: behind all that it sends. */
class Hasty extends Raft {
  private readonly flush: () => void;

  constructor(env: Env<RaftMessage>, machine: StateMachine) {
    let changes: Record<string, Json | undefined> = {};
    const write = (more: Readonly<Record<string, Json | undefined>>): void => {
      changes = { ...changes, ...more };
    };
    super({ ...env, disk: { read: (key) => env.disk.read(key), write } }, machine);
    this.flush = () => {
      if (Object.keys(changes).length > 0) env.disk.write(changes);
      changes = {};
    };
  }

  override onMessage(...args: Parameters<Raft["onMessage"]>): void {
    super.onMessage(...args);
    this.flush();
  }

  override onTimer(name: string): void {
    super.onTimer(name);
    this.flush();
  }
}

test("a crash between a reply and the write behind it is found", async (t) => {
  const allow = ({ message }: StepView): boolean => message?.type !== "AppendEntries";
  const budget = { timers: 2, reboots: 1 };
  const right = await search(raftWorld(), { budget, allow, symmetric: true, watchEvery: 10 });
  t.equal(right.end, "exhausted", `the reference survives them all, in ${right.states} states`);
  const host = LocalHost.of(Hasty);
  const exploration = new Exploration(raftWorld({ host }));
  const { end } = await exploration.search({ budget, bounds: BOUNDS, allow, symmetric: true });
  t.equal(end, "violation", exploration.found?.failure.story.headline ?? "no story");
  const whole = await search(raftWorld({ host: LocalHost.of(Hasty) }), {
    budget,
    symmetric: true,
    allow: (step) => allow(step) && step.kind !== "cut",
  });
  t.equal(whole.end, "exhausted", "only a stop in the middle of a handler shows it");
});

test("a search keeps within its bounds", async (t) => {
  const budget = { timers: 3, duplicates: 3 };
  const few = await search(raftWorld(), { budget, watchEvery: 0, bounds: { depth: 40, states: 500 } });
  t.equal(`${few.end} ${few.states}`, "bounded 500", "so many states");
  const near = await search(raftWorld(), { budget, watchEvery: 0, bounds: { depth: 3, states: 10_000 } });
  t.equal(`${near.end} ${near.depth}`, "bounded 3", "so many steps");
  const bounds = { depth: 20, states: 3_000 };
  const broad = await search(raftWorld(), { budget, watchEvery: 0, bounds });
  const deep = await search(raftWorld(), { budget, watchEvery: 0, bounds, order: "depth" });
  t.ok(
    deep.depth === 20 && broad.depth < 8,
    `depth first, they lie ${deep.depth} steps away, else ${broad.depth}`,
  );
  let looks = 0;
  const over = await search(raftWorld(), { budget, watchEvery: 0, isOver: () => ++looks > 100 });
  t.equal(over.end, "bounded", "and until whoever has a clock says so");
  t.ok(over.states < 1_000, `${over.states} states`);
});

test("servers that never stop talking, or say too much, end a search and not the machine", async (t) => {
  const start = (env: Env<AnyMessage>): void => env.setTimer("go", 1);
  const say = (what: (env: Env<AnyMessage>, n: number) => AnyMessage): Part => ({
    start,
    onTimer(env) {
      for (let n = 0; n < 300; n++) env.send(env.peers[0], what(env, n));
      env.setTimer("go", 1);
    },
  });
  const world = (part: Part): World => new World({ seed: 1, servers: 2, host: LocalHost.of(playing(part)) });
  const most = { letters: 0 };
  const goal = (state: StateView): boolean => {
    most.letters = Math.max(most.letters, state.messages.length);
    return false;
  };
  const bounds = { depth: 10, states: 300 };
  await search(world(say((_, n) => note(n))), { budget: { timers: 2 }, bounds, goal, watchEvery: 0 });
  t.equal(most.letters, 200, "no more than 200 messages are on their way at once");
  const { end, states } = await search(new World({ seed: 1, servers: 2, host: LocalHost.of(Talker) }), {
    budget: { timers: 63 },
    watchEvery: 0,
  });
  t.equal(end, "bounded", "after 16 MB in messages a search is over");
  t.ok(states < 2_000, `${states} states`);
});

test("a path on which servers use more than a run may is no run", async (t) => {
  const text = "x".repeat(900_000);
  const part: Part = {
    start: (env) => env.setTimer("go", 1),
    onTimer(env) {
      for (const n of [1, 2, 3, 4]) env.send(env.peers[0], { ...note(n), text } as AnyMessage);
      env.setTimer("go", 1);
    },
  };
  const exploration = new Exploration(new World({ seed: 1, servers: 2, host: LocalHost.of(playing(part)) }));
  // What a server does is tried once and weighs little; on the way of five timers it comes to more than 16 MB.
  const { end, violation } = await exploration.search({ budget: { timers: 8 }, bounds: BOUNDS });
  t.equal(end, "violation", exploration.found?.failure.story.headline ?? "no story");
  t.equal(violation?.length, 5, "after five timers");
});

/** Says more each time. */
class Talker implements Server<AnyMessage> {
  private count = 0;
  constructor(private readonly env: Env<AnyMessage>) {}
  start(): void {
    this.env.setTimer("go", 1);
  }
  onTimer(): void {
    this.count += 1;
    this.env.send(this.env.peers[0], { ...note(this.count), text: "x".repeat(900_000) } as AnyMessage);
    this.env.setTimer("go", 1);
  }
  onMessage(): void {}
  status(): Status {
    return { role: "follower", currentTerm: 0 };
  }
}

test("what clients see is judged in a search", async (t) => {
  class Twice extends KvServer {
    override apply(entry: Parameters<KvServer["apply"]>[0]): void {
      super.apply(entry);
      (Reflect.get(this, "sessions") as Map<string, unknown>).clear();
    }
  }
  const operations = [
    [
      { kind: "append", key: "x", value: "1" },
      { kind: "cas", key: "x", expected: "1", value: "2" },
    ],
  ] as const;
  const allow = ({ kind, node, from }: StepView): boolean =>
    node !== "S3" && from !== "S3" && (kind !== "timer" || node === "S1");
  const survive = (server: typeof KvServer): Promise<SearchResult> =>
    mustSurvive(
      new World({ seed: 1, servers: 3, clients: 1, host: LocalHost.of(server, KvClient) }),
      { operations, walks: FEW_WALKS },
      { budget: { timers: 1 }, states: 100, allow, until: (state) => state.leaders.length === 1 },
      { budget: { duplicates: 1 }, states: 2_000, allow },
    );
  t.equal((await survive(KvServer)).end, "exhausted", "an operation that comes twice is carried out once");
  const story = await storyOf(survive(Twice));
  t.equal(story.property, "Linearizability", story.headline);
});

test("mustSurvive ends a test where something breaks, and blames nobody for what it has not seen", async (t) => {
  const reached = await mustSurvive(
    raftWorld(),
    { walks: FEW_WALKS },
    { budget: { timers: 1 }, states: 2_000, until: (state) => state.leaders.length === 3 },
    { budget: { timers: 2 }, states: 100 },
  );
  t.equal(reached.end, "exhausted", "a stage that is not reached ends the search");
  const endless = mustSurvive(
    raftWorld(),
    { walks: FEW_WALKS },
    { budget: {}, states: 10 },
    { budget: {}, states: 10 },
  );
  const refused = await endless.catch((error: unknown) => error);
  t.ok(refused instanceof RangeError, "one that can never be reached is refused");
  const world = raftWorld({ host: LocalHost.of(Hasty) });
  try {
    await mustSurvive(world, { walks: FEW_WALKS }, { budget: { timers: 2, reboots: 1 }, states: 10_000 });
    t.fail("nothing was found");
  } catch (error) {
    t.ok(error instanceof Failure && world.failure === error, "the failure is that of the test's world");
    t.ok(
      world.stage !== world && world.stage.failure === error,
      "it can be seen in the world where it was found",
    );
    t.ok(
      world.stage.trace.length > 0 && world.stage.finding !== undefined,
      "with its trace and its evidence",
    );
  }
  const broken = playing({
    start: () => {
      throw new TypeError("no");
    },
  });
  const story = await storyOf(
    mustSurvive(raftWorld({ host: LocalHost.of(broken) }), { walks: FEW_WALKS }, { budget: {}, states: 10 }),
  );
  t.equal(story.kind, "threw", "a server that cannot even start is told as in any other test");
});

test("walks go on from where the last stage began, and see what the search did not", async (t) => {
  const world = raftWorld({ host: gullible("votes for everybody") });
  const survived = mustSurvive(
    world,
    { walks: { walks: 20, steps: 40, budget: {} } },
    { budget: { timers: 1 }, states: 2_000, until: (state) => state.count("timers") === 1 },
    { budget: {}, states: 1 },
  );
  const story = await storyOf(survived);
  t.ok(story.property !== undefined, story.headline);
  t.notEqual(world.stage, world, "in a world of its own");
});
