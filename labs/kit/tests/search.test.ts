import test from "tape";
import { Raft } from "../../../solutions/1-election/raft";
import {
  type AnyMessage,
  type Env,
  LocalHost,
  type NodeId,
  type Server,
  type ServerClass,
  type Status,
  World,
  type WorldOptions,
} from "..";
import { Exploration, type SearchOptions, type SearchResult } from "../search";
import { type Note, note } from "./helpers";

const BOUNDS = { depth: 100, states: 20_000 };

function worldOf(server: ServerClass, options: Partial<WorldOptions> = {}): World {
  return new World({ seed: 1, servers: 2, host: LocalHost.of(server), ...options });
}

async function searchOf(
  server: ServerClass,
  options: Partial<SearchOptions>,
  world: Partial<WorldOptions> = {},
): Promise<SearchResult & { readonly found: Exploration["found"] }> {
  const exploration = new Exploration(worldOf(server, world));
  const result = await exploration.search({ budget: {}, bounds: BOUNDS, ...options });
  return { ...result, found: exploration.found };
}

/** Counts its ticks and tells its peer, who counts what it is told. Where it keeps the counts is said by its subclasses. */
abstract class Counting implements Server<AnyMessage> {
  constructor(protected readonly env: Env<AnyMessage>) {}
  abstract get count(): number;
  abstract add(): void;

  start(): void {
    this.env.setTimer("tick", 10);
  }

  onTimer(): void {
    this.add();
    this.env.send(this.env.peers[0], note(this.count));
    this.env.setTimer("tick", 10);
  }

  onMessage(_from: NodeId, message: AnyMessage): void {
    if ((message as Note).n >= this.count) this.add();
  }

  status(): Status {
    return { role: "follower", currentTerm: 0 };
  }
}

class Plainly extends Counting {
  private counted = 0;
  get count(): number {
    return this.counted;
  }
  add(): void {
    this.counted += 1;
  }
}

class Privately extends Counting {
  #counted = 0;
  get count(): number {
    return this.#counted;
  }
  add(): void {
    this.#counted += 1;
  }
}

class InClosures extends Counting {
  private readonly counter = counter();
  get count(): number {
    return this.counter.value();
  }
  add(): void {
    this.counter.add();
  }
}

function counter(): { value(): number; add(): void } {
  let count = 0;
  const add = (): void => {
    count += 1;
  };
  return { value: () => count, add };
}

class InHoles extends Counting {
  private readonly list: number[] = [];
  get count(): number {
    return this.list.length;
  }
  add(): void {
    this.list[this.list.length + 1] = 1; // leaves a hole
    this.list.length -= 1;
  }
}

const COUNTS = new WeakMap<object, number>();

/** Nothing of its state can be seen in the object itself, as with variables of a module. */
class Outside extends Counting {
  get count(): number {
    return COUNTS.get(this) ?? 0;
  }
  add(): void {
    COUNTS.set(this, this.count + 1);
  }
}

class InFrozenMap extends Counting {
  private readonly map = Object.freeze(new Map([["count", 0]]));
  get count(): number {
    return this.map.get("count") ?? 0;
  }
  add(): void {
    this.map.set("count", this.count + 1);
  }
}

/** Can be looked at, but never copied. */
class BesideHole extends Plainly {
  readonly hole = new Array<number>(1);
}

const TRAP: ProxyHandler<object> = {
  ownKeys: () => {
    throw new RangeError("Nobody looks in here.");
  },
};

class BehindProxy extends Counting {
  private counted = 0;
  private readonly trap: object = new Proxy({}, TRAP);
  get count(): number {
    return this.counted;
  }
  add(): void {
    this.counted += Object.is(this.trap, this) ? 0 : 1;
  }
}

test("a server is searched wherever it keeps its state, by copies or by doing all of it again", async (t) => {
  const search = (server: ServerClass): Promise<SearchResult> =>
    searchOf(server, { budget: { timers: 4, duplicates: 1 }, symmetric: false });
  const { end, states, transitions } = await search(Plainly);
  t.equal(end, "exhausted", "fields");
  t.ok(states > 100, `${states} states`);
  for (const server of [Privately, InClosures, Outside, InFrozenMap, BehindProxy, InHoles, BesideHole]) {
    const other = await search(server);
    // Where histories stand for states, two of them that end in the same state are not known to be the same.
    t.equal(other.end, "exhausted", server.name);
    t.ok(other.states >= states && other.transitions >= transitions, `${other.states} states`);
  }
  t.equal((await search(InFrozenMap)).states, states, "a frozen map is a map");
  t.equal((await search(BesideHole)).states, states, "what can be seen is told apart, and no more than that");
});

/** Says that it leads once it has been told a number of twice, of ten or so: what it keeps is for its subclasses. */
function liar(said: (server: object, n: number) => number): ServerClass {
  return class Liar implements Server<AnyMessage> {
    constructor(private readonly env: Env<AnyMessage>) {}
    start(): void {
      this.env.setTimer("tick", 10);
    }
    onTimer(): void {
      this.env.send(this.env.peers[0], note(said(this, 1)));
      this.env.setTimer("tick", 10);
    }
    onMessage(): void {
      said(this, 1);
    }
    status(): Status {
      return { role: "follower", currentTerm: said(this, 0) };
    }
  };
}

test("a server with so many timers that a search would never end is searched no further, and blamed for nothing", async (t) => {
  class Timers extends Plainly {
    override onTimer(): void {
      super.onTimer();
      for (let n = 0; n < 9_000; n++) this.env.setTimer(`tick ${n}`, 10);
    }
  }
  const { end, states, found } = await searchOf(Timers, { budget: { timers: 20 } });
  t.equal(end, "bounded");
  t.ok(states < 1_000, `${states} states`);
  t.equal(found, undefined);
});

test("a server whose start goes wrong in the search alone is blamed for nothing", async (t) => {
  let starts = 0;
  class Once extends Plainly {
    override start(): void {
      starts += 1;
      if (starts === 1) throw new RangeError("The first one fails.");
      super.start();
    }
  }
  const { end, states, found } = await searchOf(Once, { budget: { timers: 1 } });
  t.equal(`${end} ${states}`, "exhausted 0");
  t.equal(found, undefined);
});

test("a server whose state is beyond all that it has is searched less, and blamed for nothing", async (t) => {
  const counts = new WeakMap<object, number>();
  const byThis = liar((server, n) => {
    const count = (counts.get(server) ?? 0) + n;
    counts.set(server, count);
    return count;
  });
  // A copy of it begins anew: its term seems to go back again and again.
  const kept = await searchOf(byThis, { budget: { timers: 3 } });
  t.equal(kept.end, "exhausted", "in a map outside of it");
  t.equal(kept.found, undefined, "its terms never go back in a real run");

  let all = 0;
  const shared = liar((_, n) => {
    all += n;
    return all;
  });
  const result = await searchOf(shared, { budget: { timers: 3 } });
  t.equal(result.found, undefined, "in a variable of its module");
});

test("two elections of the reference: all of their schedules are tried, and nothing is broken", async (t) => {
  const budget = { timers: 2 };
  for (const time of ["once", "twice"]) {
    const { end, states } = await searchOf(Raft, { budget, watchEvery: 100 }, { servers: 3 });
    t.equal(`${end} ${states}`, "exhausted 9396", time);
  }
  const bounds = { depth: 100, states: 100_000 };
  const plain = await searchOf(Raft, { budget, watchEvery: 0, symmetric: false, bounds }, { servers: 3 });
  t.equal(plain.end, "exhausted", "without symmetry too");
  const ratio = plain.states / 9_396;
  t.ok(ratio > 5 && ratio <= 6, `there are ${plain.states} states then, ${ratio.toFixed(2)} times as many`);
});

/** Forgets its vote when it hears its own name. */
class Forgetful extends Raft {
  override onMessage(from: NodeId, message: Parameters<Raft["onMessage"]>[1]): void {
    if (message.type === "RequestVote") Reflect.set(this, "votedFor", null);
    super.onMessage(from, message);
  }
}

test("with symmetry the same bug is found after as many steps", async (t) => {
  const lengths: (number | undefined)[] = [];
  for (const symmetric of [true, false]) {
    const { end, violation, found } = await searchOf(
      Forgetful,
      { budget: { timers: 2 }, symmetric },
      { servers: 3 },
    );
    t.equal(end, "violation", found?.failure.story.headline ?? "no story");
    lengths.push(violation?.length);
  }
  t.equal(lengths[0], lengths[1], `${lengths[0]} steps`);
});
