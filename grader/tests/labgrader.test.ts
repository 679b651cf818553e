import { spawnSync } from "node:child_process";
import path from "node:path";
import test from "tape";
import { LocalHost, NotImplemented, type ServerClass } from "../../labs/kit";
import { ROOT } from "../course/labs";
import { selection } from "../labgrader/cli";
import { after, afterEach, before, beforeEach, collectSuite, describe, it } from "../labgrader/language";
import { report } from "../labgrader/reporters";
import { prettySummary } from "../labgrader/reporters/pretty";
import { countStates } from "../labgrader/result";
import { inThisProcess, type RunOptions, runSuite, seedOf } from "../labgrader/runner";
import type { Suite } from "../labgrader/suite";
import { EXIT } from "../tools/command-line";

/** A server that does nothing, and says so. */
class Idle {
  start(): void {}
  onMessage(): void {}
  onTimer(): void {}
  status() {
    return { role: "follower" as const, currentTerm: 0 };
  }
}

class Unwritten extends Idle {
  override start(): void {
    throw new NotImplemented("9.1");
  }
}

function run(
  suite: Suite,
  server: ServerClass = Idle,
  more: Partial<RunOptions> & { readonly testMaxMs?: number } = {},
) {
  return runSuite(suite, { ...inThisProcess(() => LocalHost.of(server), more), baseSeed: 1, ...more });
}

const ONE = { points: 1, seeds: 3 } as const;

test("a suite runs in its order, and hooks surround groups and runs", async (t) => {
  const calls: string[] = [];
  const suite = collectSuite("s", () => {
    describe("outer", () => {
      before(() => void calls.push("before"));
      after(() => void calls.push("after"));
      beforeEach(async () => void calls.push("each"));
      afterEach(async () => void calls.push("done"));
      it("9.1a First", { points: 1, seeds: 2 }, async () => void calls.push("first"));
      it("9.1b Second", { points: 1, seeds: 1 }, async () => void calls.push("second"));
    });
  });
  const { points, maxPoints } = await run(suite);
  t.deepEqual(calls, [
    "before",
    "each",
    "first",
    "done",
    "each",
    "first",
    "done",
    "each",
    "second",
    "done",
    "after",
  ]);
  t.deepEqual([points, maxPoints], [2, 2]);
});

test("a test passes only if every seed does, and stops at the first that fails", async (t) => {
  let runs = 0;
  const suite = collectSuite("s", () => {
    it("9.1a Fails on its second seed", { points: 4, seeds: 10 }, async (world) => {
      runs += 1;
      world.check(runs < 2, () => ({ sentence: "The second run fails." }));
    });
  });
  const [result] = (await run(suite)).tests;
  t.equal(runs, 2);
  t.deepEqual(
    [result.state, result.points, result.maxPoints, result.seedsRun, result.seedsPlanned],
    ["failed", 0, 4, 2, 10],
  );
  t.equal(result.failure?.seed, seedOf(1, suite.tests[0], 1), "the seed is named");
  t.match(result.failure?.text ?? "", /^The second run fails\./);
});

test("a failure counts although the test forgot to await it", async (t) => {
  const suite = collectSuite("s", () => {
    it("9.1a Forgets", { ...ONE, eventsMax: 1 }, async (world) => {
      world.runFor(1_000).catch(() => {});
    });
  });
  const [result] = (await run(suite)).tests;
  t.equal(result.state, "failed");
  t.equal(result.failure?.story?.kind, "budget");
});

test("a test that computes for too long is ended and fails; the clock is not part of the verdict otherwise", async (t) => {
  const suite = collectSuite("s", () => {
    it("9.1a Long", ONE, async (world) => world.runFor(10_000));
  });
  let now = 0;
  const clock = (): number => (now += 10);
  class Ticking extends Idle {
    constructor(private readonly env: { setTimer(name: string, delay: number): void }) {
      super();
    }
    override start(): void {
      this.env.setTimer("tick", 1);
    }
    override onTimer(): void {
      this.env.setTimer("tick", 1);
    }
  }
  const [slow] = (await run(suite, Ticking, { clock, testMaxMs: 1_000 })).tests;
  t.equal(slow.state, "failed");
  t.match(slow.failure?.text ?? "", /computed for more than 1 s/);
  const [fine] = (await run(suite, Ticking, { clock: () => 0, testMaxMs: 1_000 })).tests;
  t.equal(fine.state, "passed");
});

test("a stub is “not written yet”, and what builds on it is not run", async (t) => {
  const suite = collectSuite("s", () => {
    it("9.1a Starts", ONE, async (world) => world.runFor(1));
    it("9.2a Builds on it", { ...ONE, needs: ["9.1a"] }, async () => {});
  });
  const { tests, points } = await run(suite, Unwritten);
  t.deepEqual(
    tests.map(({ state }) => state),
    ["not-written", "not-run"],
  );
  t.equal(points, 0);
  t.match(tests[0].failure?.text ?? "", /^Task 9\.1 is not written yet\.$/);
});

test("an error in a suite is the grader's, not the student's", async (t) => {
  const suite = collectSuite("s", () => {
    it("9.1a Breaks", ONE, async () => {
      throw new TypeError("oops");
    });
  });
  const [result] = (await run(suite)).tests;
  t.equal(result.state, "error");
  t.match(result.failure?.text ?? "", /The grader itself failed.*oops/s);
});

test("seeds: the same base seed gives the same runs, another gives others, sizes take turns", async (t) => {
  const suite = collectSuite("s", () => {
    it("9.1a Sizes", { points: 1, seeds: 4, servers: [2, 3, 5] }, async (world) => world.runFor(1));
  });
  const worlds = async (baseSeed: number): Promise<string[]> => {
    const seen: string[] = [];
    await run(suite, Idle, {
      baseSeed,
      onWorld: (_, world) => void seen.push(`${world.ids.length} ${world.seed} ${world.traceHash}`),
    });
    return seen;
  };
  const first = await worlds(7);
  t.deepEqual(first, await worlds(7));
  t.notDeepEqual(first, await worlds(8));
  t.deepEqual(
    first.map((line) => line.split(" ")[0]),
    ["2", "3", "5", "2"],
  );

  const seed = Number(first[2].split(" ")[1]);
  const again: string[] = [];
  await run(suite, Idle, {
    seed,
    onWorld: (_, world) => void again.push(`${world.ids.length} ${world.seed} ${world.traceHash}`),
  });
  t.deepEqual(again, [first[2]], "a single seed replays the very run");
});

test("--seeds and selection", async (t) => {
  const suite = collectSuite("s", () => {
    it("9.1a A", ONE, async () => {});
    it("9.1b B", ONE, async () => {});
    it("9.2a C", ONE, async () => {});
  });
  const chosen = async (...only: string[]) =>
    (await run(suite, Idle, { seeds: 7, select: selection(only, suite.tests) })).tests;
  t.deepEqual(
    (await chosen("9.1")).map(({ number, seedsRun }) => `${number} ${seedsRun}`),
    ["9.1a 7", "9.1b 7"],
  );
  t.deepEqual(
    (await chosen("9.1b,9.2")).map(({ number }) => number),
    ["9.1b", "9.2a"],
  );
  t.throws(() => selection(["9.3"], suite.tests), /There is no test 9\.3\. There are: 9\.1a, 9\.1b, 9\.2a\./);
  const [none] = (await run(suite, Idle, { seeds: 0 })).tests;
  t.equal(none.state, "error", "no seed at all is no pass");
});

test("a suite that is not right is refused when it is loaded", (t) => {
  const collect = (load: () => void) => () => collectSuite("s", load);
  t.throws(
    collect(() => {}),
    /declares no test/,
  );
  t.throws(
    collect(() => it("no number", ONE, async () => {})),
    /A test's title is its number and a sentence/,
  );
  t.throws(
    collect(() => [1, 2].forEach(() => void it("9.1a Twice", ONE, async () => {}))),
    /Two tests have the number 9\.1a/,
  );
  t.throws(
    collect(() => it("9.1a Points", { points: Number.NaN }, async () => {})),
    /needs points/,
  );
  t.throws(
    collect(() => before(() => {})),
    /belongs inside a describe/,
  );
  t.throws(() => it("9.1a Outside", ONE, async () => {}), /stands outside of a suite/);
  t.end();
});

test("reports: TAP 14, JSON and pretty say the same", async (t) => {
  const suite = collectSuite("s", () => {
    it("9.1a Passes", ONE, async () => {});
    it("9.1b Fails with # and \\", ONE, async (world) =>
      world.fail({ sentence: "Expected this;\nfound that." }),
    );
  });
  const result = await run(suite);
  t.deepEqual(countStates(result.tests), { passed: 1, failed: 1, "not-written": 0, "not-run": 0, error: 0 });
  const tap = report(result, "tap").split("\n");
  t.deepEqual(tap.slice(0, 3), ["TAP version 14", "1..2", "ok 1 - 9.1a Passes"]);
  t.equal(tap[3], "not ok 2 - 9.1b Fails with \\# and \\\\");
  t.equal(tap[4], "  ---");
  t.equal(tap.at(-1), "  ...");
  t.deepEqual(JSON.parse(report(result, "json")).points, 1);
  t.match(report(result, "pretty"), /1 of 2 points/);
  const side = { ...result, tests: result.tests.map((test) => ({ ...test, wallMs: 60_000 })) };
  t.match(prettySummary(side, 61_500), / s of virtual time in 61\.5 s$/, "tests run side by side");
  t.doesNotMatch(prettySummary(side), / in \d/, "without a clock no time is told");
});

test("a reason for which several tests fail is told once, and every test keeps its own result", async (t) => {
  const suite = collectSuite("s", () => {
    it("9.1a Waits for a leader", ONE, async (world) => void (await world.awaitLeader()));
    it("9.1b Fails for a reason of its own", ONE, async (world) =>
      world.fail({ sentence: "Something else." }),
    );
    it("9.1c Waits for a leader as well", ONE, async (world) => void (await world.awaitLeader()));
  });
  const result = await run(suite);
  const pretty = report(result, "pretty");
  const { tests, reasons } = JSON.parse(report(result, "json"));

  t.equal(pretty.match(/^ +Rule /gm)?.length, 1, "one whole story");
  t.match(pretty, /9\.1c .*\n +.*No leader within.*\n +Same reason as 9\.1a\./);
  t.match(pretty, / 2 tests fail for one reason, told at 9\.1a: No leader within/);
  t.deepEqual(
    reasons.map((reason: { first: string; tests: string[] }) => [reason.first, ...reason.tests]),
    [
      ["9.1a", "9.1a", "9.1c"],
      ["9.1b", "9.1b"],
    ],
  );
  t.ok(tests[2].failure.story.headline.startsWith("No leader within"), "the data has every story");
  t.equal(report(result, "tap").match(/No leader within/g)?.length, 2, "and TAP too");
});

test("with a check of determinism each run is made twice, and must be the same", async (t) => {
  let runs = 0;
  const suite = collectSuite("s", () => {
    it("9.1a Runs", ONE, async (world) => {
      runs += 1;
      await world.runFor(100);
    });
  });
  const [result] = (await run(suite, Idle, { checksDeterminism: true })).tests;
  t.deepEqual([result.state, runs, result.seedsRun], ["passed", 6, 3]);
});

test("a server that keeps something from one run to the next is found out, with the first event that differs", async (t) => {
  let starts = 0;
  class Counting extends Idle {
    constructor(private readonly env: { log(text: string): void }) {
      super();
    }
    override start(): void {
      this.env.log(`start ${++starts}`);
    }
  }
  const suite = collectSuite("s", () => {
    it("9.1a Runs", ONE, async (world) => world.runFor(100));
  });

  t.equal((await run(suite, Counting)).tests[0].state, "passed", "one run at a time shows nothing");
  const worlds: number[] = [];
  const [result] = (
    await run(suite, Counting, {
      checksDeterminism: true,
      onWorld: (_, world) => worlds.push(world.seed),
    })
  ).tests;
  t.equal(result.state, "failed");
  t.equal(result.points, 0);
  t.match(result.failure?.text ?? "", /^Seed \d+ gave two different runs/);
  t.match(
    result.failure?.text ?? "",
    /S1 has only just started, so it finds what another run has left behind/,
  );
  t.equal(worlds.length, 1, "the second run is nobody's business");
});

test("--trace of a whole suite is refused before anything runs; of one seed it is printed", (t) => {
  const cli = ["-r", "ts-node/register", path.join(ROOT, "grader", "labgrader", "cli.ts")];
  const traced = (...args: readonly string[]) =>
    spawnSync(process.execPath, [...cli, "--trace", "--in-this-process", ...args], {
      cwd: ROOT,
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1" },
    });

  const all = traced();
  t.equal(all.status, EXIT.usage);
  t.match(all.stderr, /Say which: --only 1\.3b/);
  t.doesNotMatch(all.stdout, / trace /);
  const one = traced("--only", "1.3b", "--seed", "7");
  t.equal(one.status, EXIT.passed);
  t.equal(one.stdout.match(/^1\.3b seed 7 trace /gm)?.length, 1);
  t.end();
});
