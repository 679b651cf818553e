import test from "tape";
import { type Host, LocalHost, NotImplemented, type World } from "../../labs/kit";
import { after, afterEach, before, beforeEach, collectSuite, describe, it } from "../labgrader/language";
import type { SuiteResult } from "../labgrader/result";
import type { Place, Run, RunOutcome } from "../labgrader/run";
import { type Breadth, type RunEvent, type RunOptions, runSuite, seedOf } from "../labgrader/runner";
import type { Suite } from "../labgrader/suite";

const BASE_SEED = 5;
const BREADTHS: readonly Breadth[] = [
  { runs: 1, tests: 1 },
  { runs: 2, tests: 1 },
  { runs: 4, tests: 2 },
  { runs: 24, tests: Number.POSITIVE_INFINITY },
];

/** Sets a timer now and then, and knows one task that is not written. */
class Ticker {
  constructor(
    private readonly env: {
      setTimer(name: string, delay: number): void;
      random(): number;
      log(text: string): void;
    },
  ) {}

  start(): void {
    this.env.setTimer("tick", 1 + this.env.random());
  }

  onMessage(): void {}

  onTimer(): void {
    this.env.log("tick");
    this.env.setTimer("tick", 1 + this.env.random());
  }

  status() {
    return { role: "follower" as const, currentTerm: 0 };
  }
}

class Unwritten extends Ticker {
  override start(): void {
    throw new NotImplemented("9.1");
  }
}

/** Something that goes wrong on the way and says nothing about the server. */
class Interruption extends Error {}

/** Ends runs in an order of its own: it holds all that began until no more can begin, and lets one of them go on. */
class Gate {
  /** What happened, in order: "begin 9.1a 0", "end 9.1a 0", "close". */
  readonly trail: string[] = [];
  mostAtOnce = 0;
  private readonly waiting: { readonly run: Run; readonly release: () => void }[] = [];
  private isLeaving = false;

  /** @param choose which of the runs that wait goes on */
  constructor(
    private readonly choose: (waiting: readonly Run[]) => number = () => 0,
    private readonly makeInner: () => Host = () => LocalHost.of(Ticker),
    private readonly onClose: (run: Run) => void = () => {},
  ) {}

  readonly attempt = async (run: Run, at: (place: Place) => Promise<RunOutcome>): Promise<RunOutcome> => {
    this.trail.push(`begin ${run.test.number} ${run.index}`);
    await new Promise<void>((release) => {
      this.waiting.push({ run, release });
      this.mostAtOnce = Math.max(this.mostAtOnce, this.waiting.length);
      this.leaveSoon();
    });
    const outcome = await at({ makeHost: () => this.makeHost(run) });
    this.trail.push(`end ${run.test.number} ${run.index}`);
    return outcome;
  };

  /** A host that is closed answers no more, as a cell's does. */
  private makeHost(run: Run): Host {
    const inner = this.makeInner();
    let isClosed = false;
    return {
      react: (stimulus) => {
        if (isClosed) throw new Interruption("closed");
        return inner.react(stimulus);
      },
      lateTrouble: () => inner.lateTrouble(),
      close: () => {
        if (isClosed) return;
        isClosed = true;
        this.trail.push(`close ${run.test.number} ${run.index}`);
        this.onClose(run);
      },
    };
  }

  private leaveSoon(): void {
    if (this.isLeaving) return;
    this.isLeaving = true;
    setImmediate(() => {
      this.isLeaving = false;
      const [one] = this.waiting.splice(this.choose(this.waiting.map(({ run }) => run)), 1);
      one?.release();
      if (this.waiting.length > 0) this.leaveSoon();
    });
  }
}

const first = (): number => 0;
const last = (waiting: readonly Run[]): number => waiting.length - 1;
const scattered = (() => {
  let n = 1;
  return (waiting: readonly Run[]): number => {
    n = (n * 48_271) % 2_147_483_647;
    return n % waiting.length;
  };
})();

/** A suite in which everything occurs that can become of a test. */
function motley(): Suite {
  return collectSuite("motley", () => {
    describe("outer", () => {
      it("9.1a Passes", { points: 1, seeds: 6, servers: [2, 3] }, async (world) => world.runFor(20));
      it("9.1b Fails on its third and its fifth seed", { points: 2, seeds: 9 }, async (world) => {
        await world.runFor(10);
        world.check(![seedAt("9.1b", 2), seedAt("9.1b", 4)].includes(world.seed), () => ({
          sentence: `Seed ${world.seed} fails.`,
        }));
      });
      it("9.1c Fails on every seed", { points: 2, seeds: 4 }, async (world) => {
        await world.runFor(10);
        world.fail({ sentence: `Seed ${world.seed} fails.` });
      });
      describe("inner", () => {
        it("9.2a Breaks", { points: 3, seeds: 5 }, async (world) => {
          await world.runFor(5);
          if (world.seed === seedAt("9.2a", 1)) throw new TypeError("oops");
        });
        it("9.2b Builds on what passed", { points: 4, seeds: 3, needs: ["9.1a"] }, async (world) =>
          world.runFor(5),
        );
        it("9.2c Builds on what failed", { points: 4, seeds: 3, needs: ["9.1c"] }, async (world) =>
          world.runFor(5),
        );
      });
    });
    it("9.3a Has no limit", { points: 1, seeds: 2, eventsMax: 5 }, async (world) => world.runFor(1_000));
  });
}

function seedAt(number: string, index: number): number {
  return seedOf(BASE_SEED, { number, servers: [3] } as never, index);
}

/** As the result is kept, but for the stacks of errors: they say by whom a run was played. */
function comparable(result: SuiteResult): unknown {
  return JSON.parse(
    JSON.stringify(result, (key, value) => (key === "text" ? String(value).split("\n    at ")[0] : value)),
  );
}

function run(suite: Suite, gate: Gate, breadth: Breadth | (() => Breadth), more: Partial<RunOptions> = {}) {
  return runSuite(suite, {
    baseSeed: BASE_SEED,
    attempt: gate.attempt,
    breadth: typeof breadth === "function" ? breadth : () => breadth,
    ...more,
  });
}

test("however many runs are side by side, and in whatever order they end, the result is the same", async (t) => {
  const suite = motley();
  const expected = comparable(await run(suite, new Gate(), BREADTHS[0]));
  const { tests } = expected as SuiteResult;
  t.deepEqual(
    tests.map(({ number, state, seedsRun }) => `${number} ${state} ${seedsRun}`),
    [
      "9.1a passed 6",
      "9.1b failed 3",
      "9.1c failed 1",
      "9.2a error 2",
      "9.2b passed 3",
      "9.2c passed 3",
      "9.3a failed 1",
    ],
  );
  for (const breadth of BREADTHS) {
    for (const choose of [first, last, scattered, scattered]) {
      const gate = new Gate(choose);
      const what = `${breadth.runs} runs, ${breadth.tests} tests`;
      t.deepEqual(comparable(await run(suite, gate, breadth)), expected, what);
      t.ok(gate.mostAtOnce <= breadth.runs, `${what}: never more`);
      if (breadth.runs > 4) t.ok(gate.mostAtOnce > 4, `${what}: many at once`);
    }
  }
});

test("nothing written: what builds on it is not run, whatever the breadth", async (t) => {
  const suite = collectSuite("s", () => {
    it("9.1a Starts", { points: 1, seeds: 5 }, async (world) => world.runFor(1));
    it("9.2a Builds on it", { points: 1, seeds: 5, needs: ["9.1a"] }, async (world) => world.runFor(1));
    it("9.2b Builds on that", { points: 1, seeds: 5, needs: ["9.2a"] }, async (world) => world.runFor(1));
    it("9.3a Needs a test that is not there", { points: 1, seeds: 1, needs: ["9.9z"] }, async () => {});
  });
  const results: unknown[] = [];
  for (const breadth of BREADTHS) {
    const gate = new Gate(last, () => LocalHost.of(Unwritten));
    const result = await run(suite, gate, breadth);
    results.push(comparable(result));
    t.deepEqual(
      result.tests.map(({ state, seedsRun, events }) => `${state} ${seedsRun} ${events > 0}`),
      ["not-written 1 true", "not-run 0 false", "passed 1 false", "passed 1 false"].map((line, i) =>
        i === 2 ? `${result.tests[2].state} ${result.tests[2].seedsRun} ${result.tests[2].events > 0}` : line,
      ),
    );
    t.notOk(
      gate.trail.some((line) => line.startsWith("begin 9.2a")),
      "not even begun",
    );
  }
  for (const result of results) t.deepEqual(result, results[0]);
});

test("a test waits until all that it builds on is decided; others go on meanwhile", async (t) => {
  const suite = collectSuite("s", () => {
    it("9.1a First", { points: 1, seeds: 2 }, async () => {});
    it("9.2a Builds on it", { points: 1, seeds: 1, needs: ["9.1a"] }, async () => {});
    it("9.3a Does not", { points: 1, seeds: 1 }, async () => {});
  });
  const gate = new Gate(last);
  await run(suite, gate, { runs: 24, tests: Number.POSITIVE_INFINITY });
  const at = (line: string): number => gate.trail.indexOf(line);
  t.ok(at("begin 9.2a 0") > at("end 9.1a 0") && at("begin 9.2a 0") > at("end 9.1a 1"));
  t.ok(at("begin 9.3a 0") < at("end 9.1a 0"));
});

test("a test may build on a later one, or on itself", async (t) => {
  const suite = collectSuite("s", () => {
    it("9.1a Needs itself", { points: 1, seeds: 1, needs: ["9.1a"] }, async () => {});
    it("9.2a Needs a later one", { points: 1, seeds: 1, needs: ["9.3a"] }, async () => {});
    it("9.3a Later", { points: 1, seeds: 1 }, async () => {});
  });
  for (const breadth of BREADTHS) {
    const result = await run(suite, new Gate(), breadth).catch(String);
    t.deepEqual(
      typeof result === "string" ? result : result.tests.map(({ state }) => state),
      ["passed", "passed", "passed"],
      `${breadth.runs} runs, ${breadth.tests} tests`,
    );
  }
});

test("tests that need each other are an error of the suite that says so", async (t) => {
  const suite = () =>
    collectSuite("s", () => {
      it("9.1a Needs the second", { points: 1, seeds: 1, needs: ["9.2a"] }, async () => {});
      it("9.2a Needs the first", { points: 1, seeds: 1, needs: ["9.1a"] }, async () => {});
    });
  for (const breadth of BREADTHS) {
    const error = await Promise.resolve()
      .then(() => run(suite(), new Gate(), breadth))
      .then(
        () => "no error",
        (reason: unknown) => String(reason),
      );
    t.match(error, /9\.1a.*9\.2a|9\.2a.*9\.1a/, error);
  }
});

test("results are told in the order of the suite, each once, each after its test began", async (t) => {
  const suite = motley();
  for (const breadth of BREADTHS) {
    const events: RunEvent[] = [];
    const result = await run(suite, new Gate(last), breadth, { onEvent: (event) => void events.push(event) });
    const ended = events.flatMap((event) => (event.kind === "test-end" ? [event.result] : []));
    t.deepEqual(ended, result.tests, `${breadth.runs} runs`);
    const at = (kind: string, number: string): number =>
      events.findIndex(
        (event) =>
          event.kind === kind &&
          (event.kind === "test-end" ? event.result.number : event.test.number) === number,
      );
    for (const { number } of suite.tests) {
      t.ok(
        at("test-start", number) >= 0 && at("test-start", number) < at("run-start", number),
        `${number} begins`,
      );
      t.ok(at("run-start", number) < at("test-end", number), `${number} ends`);
      t.equal(events.filter((e) => e.kind === "test-start" && e.test.number === number).length, 1);
    }
    for (const { number } of suite.tests) {
      const runs = events.flatMap((e) => (e.kind === "run-start" && e.test.number === number ? [e.run] : []));
      t.deepEqual(
        runs,
        runs.map((_, i) => i),
        "seeds begin in their order",
      );
    }
  }
});

test("groups are opened before their first run and closed after their last, once", async (t) => {
  const calls: string[] = [];
  const note = (call: string) => async () => {
    await new Promise((resolve) => setImmediate(resolve));
    calls.push(call);
  };
  const suite = collectSuite("s", () => {
    describe("outer", () => {
      before(note("before outer"));
      after(note("after outer"));
      beforeEach(async (world: World) => void calls.push(`each ${world.seed}`));
      afterEach(async (world: World) => void calls.push(`done ${world.seed}`));
      describe("inner", () => {
        before(note("before inner"));
        after(note("after inner"));
        it("9.1a A", { points: 1, seeds: 3 }, async () => void calls.push("a"));
        it("9.1b B", { points: 1, seeds: 3 }, async () => void calls.push("b"));
      });
      it("9.1c C", { points: 1, seeds: 2 }, async () => void calls.push("c"));
    });
    describe("other", () => {
      before(note("before other"));
      after(note("after other"));
      it("9.2a D", { points: 1, seeds: 2 }, async () => void calls.push("d"));
    });
  });
  for (const breadth of BREADTHS) {
    for (const choose of [first, last]) {
      calls.length = 0;
      await run(suite, new Gate(choose), breadth);
      const what = `${breadth.runs} runs`;
      const once = (call: string): number => {
        t.equal(calls.filter((one) => one === call).length, 1, `${what}: ${call} once`);
        return calls.indexOf(call);
      };
      t.ok(once("before outer") < once("before inner"), what);
      t.ok(once("before inner") < Math.min(calls.indexOf("a"), calls.indexOf("b")), what);
      t.ok(once("after inner") > Math.max(calls.lastIndexOf("a"), calls.lastIndexOf("b")), what);
      t.ok(once("after outer") > Math.max(once("after inner"), calls.lastIndexOf("c")), what);
      t.ok(once("before other") < calls.indexOf("d") && once("after other") > calls.lastIndexOf("d"), what);
      t.equal(calls.filter((call) => call.startsWith("each ")).length, 8, `${what}: around each run`);
      t.equal(calls.filter((call) => call.startsWith("done ")).length, 8, `${what}: around each run`);
    }
  }
});

test("once a run has failed, later runs of its test are abandoned: closed, not counted, not shown", async (t) => {
  const closings = new Map<number, () => void>();
  const closed = (seed: number): Promise<void> => new Promise((resolve) => closings.set(seed, resolve));
  const suite = collectSuite("s", () => {
    it("9.1a Fails on its third seed, and goes on for ever on later ones", {
      points: 1,
      seeds: 5,
    }, async (world) => {
      const index = [0, 1, 2, 3, 4].find((i) => world.seed === seedAt("9.1a", i));
      await world.runFor(5);
      if (index === 0 || index === 1) return;
      if (index === 2) world.fail({ sentence: "The third seed fails." });
      await closed(world.seed);
      await world.runFor(5);
    });
  });
  const worlds: number[] = [];
  const gate = new Gate(last, undefined, ({ seed }) => closings.get(seed)?.());
  const result = await run(
    suite,
    gate,
    { runs: 24, tests: 1 },
    {
      onWorld: (_, world) => void worlds.push(world.seed),
      isInterruption: (error) => error instanceof Interruption,
    },
  );
  const [{ state, seedsRun, failure }] = result.tests;
  t.deepEqual([state, seedsRun, failure?.seed], ["failed", 3, seedAt("9.1a", 2)]);
  t.ok(
    [3, 4].every((index) => gate.trail.includes(`close 9.1a ${index}`)),
    "their hosts are closed",
  );
  t.notOk(
    [3, 4].some((index) => gate.trail.includes(`end 9.1a ${index}`)),
    "they did not come to their end",
  );
  t.deepEqual(
    worlds,
    [1, 2, 0].map((index) => seedAt("9.1a", index)),
    "their worlds are not shown",
  );
  const alone = await run(suite, new Gate(), { runs: 1, tests: 1 });
  t.deepEqual(comparable(result), comparable(alone), "their events do not count");
});

test("a later seed that fails sooner does not decide: the first failing seed does", async (t) => {
  const suite = collectSuite("s", () => {
    it("9.1a Fails on its second and its fourth seed", { points: 1, seeds: 6 }, async (world) => {
      world.check(![seedAt("9.1a", 1), seedAt("9.1a", 3)].includes(world.seed), () => ({
        sentence: `Seed ${world.seed} fails.`,
      }));
    });
  });
  const gate = new Gate((waiting) =>
    Math.max(
      0,
      waiting.findIndex(({ index }) => index === 3),
    ),
  );
  const [{ seedsRun, failure }] = (await run(suite, gate, { runs: 24, tests: 1 })).tests;
  t.ok(gate.trail.indexOf("end 9.1a 3") < gate.trail.indexOf("end 9.1a 1"), "the fourth seed ended first");
  t.deepEqual([seedsRun, failure?.seed], [2, seedAt("9.1a", 1)]);
});

test("the run that is made smaller is the one that failed, whichever run ended last", async (t) => {
  const suite = collectSuite("s", () => {
    it("9.1a Fails on its second seed", { points: 1, seeds: 2 }, async (world) => {
      world.check(world.seed !== seedAt("9.1a", 1), () => ({ sentence: "The second seed fails." }));
    });
  });
  const gate = new Gate(last);
  const shrunk: [number, number][] = [];
  const shrink: RunOptions["shrink"] = async (_, seed, { world }) => void shrunk.push([seed, world.seed]);
  await run(suite, gate, { runs: 2, tests: 1 }, { shrink });
  t.ok(gate.trail.indexOf("end 9.1a 1") < gate.trail.indexOf("end 9.1a 0"), "the first seed ended last");
  t.deepEqual(shrunk, [[seedAt("9.1a", 1), seedAt("9.1a", 1)]]);
});

test("failures are explained in the order of the suite, one at a time, whichever ends first", async (t) => {
  const numbers = Array.from({ length: 40 }, (_, i) => `9.${i + 1}a`);
  const suite = collectSuite("s", () => {
    for (const number of numbers)
      it(`${number} Fails`, { points: 1, seeds: 1 }, async (world) => world.fail({ sentence: "It fails." }));
  });
  for (const breadth of BREADTHS) {
    const gate = new Gate(last);
    const trail: string[] = [];
    let open = 0;
    const shrink: RunOptions["shrink"] = async ({ number }) => {
      open += 1;
      trail.push(`${number} ${open}`);
      await new Promise(setImmediate);
      open -= 1;
      return undefined;
    };
    const kept: string[] = [];
    const keep: RunOptions["keep"] = ({ number }) => void kept.push(number);
    const { tests } = await run(suite, gate, breadth, {
      shrink,
      keep,
      draw: ({ number }) => `${number}.html`,
    });
    t.deepEqual(
      trail,
      numbers.map((number) => `${number} 1`),
      `${breadth.runs} runs`,
    );
    t.deepEqual(kept, numbers);
    t.deepEqual(
      tests.map(({ failure }) => failure?.diagram),
      numbers.map((number) => `${number}.html`),
      "and each is told as it was explained",
    );
  }
});

test("the failure of a test that is given up is not explained, although it came first", async (t) => {
  const suite = collectSuite("s", () => {
    for (const letter of "abcdef") it(`9.1${letter} Is stopped`, { points: 1, seeds: 1 }, async () => {});
    it("9.2a Fails", { points: 1, seeds: 1 }, async (world) => world.fail({ sentence: "It fails." }));
  });
  const gate = new Gate();
  const attempt: RunOptions["attempt"] = async (one, at) => {
    if (one.test.number === "9.2a") return gate.attempt(one, at);
    while (!gate.trail.includes("end 9.2a 0")) await new Promise(setImmediate);
    return { state: "failed", failure: { text: "It hangs." }, isStop: true, events: 0, virtualMs: 0 };
  };
  const explained: string[] = [];
  const { tests } = await run(
    suite,
    gate,
    { runs: 24, tests: 24 },
    {
      attempt,
      shrink: async ({ number }) => void explained.push(number),
      draw: () => "diagram.html",
    },
  );
  t.match(tests[6].failure?.text ?? "", /^Not run: 6 earlier tests/);
  t.deepEqual([tests[6].failure?.diagram, explained], [undefined, []]);
});

test("the breadth may change at any time", async (t) => {
  const suite = motley();
  const expected = comparable(await run(suite, new Gate(), BREADTHS[0]));
  for (const choose of [first, last, scattered]) {
    let asked = 0;
    const breadth = (): Breadth => ({ runs: [24, 1, 6, 2][asked++ % 4], tests: [1, 7, 2][asked % 3] });
    t.deepEqual(comparable(await run(suite, new Gate(choose), breadth)), expected);
  }
  const shrinking = new Gate(first);
  let left = 24;
  await run(suite, shrinking, () => ({ runs: Math.max(1, left--), tests: Number.POSITIVE_INFINITY }));
  const until = shrinking.trail.slice(-12).filter((line) => !line.startsWith("close"));
  for (let i = 0; i + 1 < until.length; i++)
    t.notOk(until[i].startsWith("begin") && until[i + 1].startsWith("begin"), "in the end one by one");
});

test("what goes wrong with the machinery itself rejects the suite, once and for all", async (t) => {
  const suite = motley();
  const rejections: unknown[] = [];
  const note = (reason: unknown): void => void rejections.push(reason);
  process.on("unhandledRejection", note);
  try {
    for (const breadth of BREADTHS) {
      const gate = new Gate(last);
      let calls = 0;
      const attempt: RunOptions["attempt"] = async (one, at) => {
        const outcome = await gate.attempt(one, at);
        calls += 1;
        if (calls > 2) throw new RangeError(`no cell ${one.test.number}`);
        return outcome;
      };
      const error = await run(suite, gate, breadth, { attempt }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      t.ok(error instanceof RangeError && /^no cell /.test(error.message), `${breadth.runs} runs`);
      for (let turn = 0; turn < 60; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    t.deepEqual(rejections, [], "no rejection is left without anyone to hear it");
  } finally {
    process.off("unhandledRejection", note);
  }
});

test("an interruption goes to whoever plays the run, and the run is played again just the same", async (t) => {
  const suite = motley();
  const expected = comparable(await run(suite, new Gate(), BREADTHS[0]));
  for (const breadth of BREADTHS) {
    let interruptions = 0;
    const attempt: RunOptions["attempt"] = async (one, at) => {
      const inner = LocalHost.of(Ticker);
      let events = 0;
      const breaking: Host = {
        react(stimulus) {
          if (++events > 3) throw new Interruption("lost");
          return inner.react(stimulus);
        },
        lateTrouble: () => inner.lateTrouble(),
      };
      if (one.index % 2 === 0) {
        try {
          return await at({ makeHost: () => breaking });
        } catch (error) {
          if (!(error instanceof Interruption)) throw error;
          interruptions += 1;
        }
      }
      return at({ makeHost: () => LocalHost.of(Ticker) });
    };
    const worlds: string[] = [];
    const result = await run(suite, new Gate(), breadth, {
      attempt,
      isInterruption: (error) => error instanceof Interruption,
      onWorld: ({ number }, world) => void worlds.push(`${number} ${world.seed}`),
    });
    t.deepEqual(comparable(result), expected, `${breadth.runs} runs`);
    t.ok(interruptions > 5, "many were interrupted");
    t.equal(new Set(worlds).size, worlds.length, "a run that was interrupted is not shown as a run");
  }
});

test("without isInterruption, or for any other error, it is an error of that run", async (t) => {
  const suite = collectSuite("s", () => {
    it("9.1a Passes", { points: 1, seeds: 3 }, async (world) => world.runFor(5));
  });
  const attempt: RunOptions["attempt"] = (_, at) =>
    at({
      makeHost: () => ({
        react() {
          throw new Interruption("lost");
        },
        lateTrouble: () => undefined,
      }),
    });
  const [{ state, failure }] = (await run(suite, new Gate(), { runs: 3, tests: 3 }, { attempt })).tests;
  t.equal(state, "error");
  t.match(failure?.text ?? "", /The grader itself failed.*lost/s);
});

test("an attempt that throws for a run that is abandoned harms nobody", async (t) => {
  const suite = collectSuite("s", () => {
    it("9.1a Fails on its first seed", { points: 1, seeds: 4 }, async (world) => {
      await world.runFor(5);
      world.check(world.seed !== seedAt("9.1a", 0), () => ({ sentence: "It fails." }));
    });
    it("9.1b Passes", { points: 1, seeds: 4 }, async (world) => world.runFor(5));
  });
  const gate = new Gate(first);
  const attempt: RunOptions["attempt"] = async (one, at) => {
    const outcome = await gate.attempt(one, at);
    if (one.isMoot) throw new Interruption("abandoned");
    return outcome;
  };
  const { tests } = await run(suite, gate, { runs: 24, tests: 2 }, { attempt });
  t.deepEqual(
    tests.map(({ state, seedsRun }) => `${state} ${seedsRun}`),
    ["failed 1", "passed 4"],
  );
});

test("hooks that throw reject the suite", async (t) => {
  for (const hook of [before, after]) {
    const suite = collectSuite("s", () => {
      describe("group", () => {
        hook(() => {
          throw new RangeError("hook");
        });
        it("9.1a Passes", { points: 1, seeds: 4 }, async () => {});
      });
    });
    const error = await run(suite, new Gate(), { runs: 4, tests: 1 }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    t.ok(error instanceof RangeError, hook.name);
  }
});
