import test from "tape";
import {
  type AnyMessage,
  type Divergence,
  type DivergenceStory,
  divergenceStory,
  divergenceText,
  firstDivergence,
  type Status,
  type World,
} from "..";
import { FOLLOWER, note, type Part, worldOf } from "./helpers";

/** What a program keeps outside of its servers: the same in both runs, as a variable of a module would be. */
type Made = () => Part;

/** Runs a program twice in one process, as a test does. */
async function twice(part: Part): Promise<readonly [World, World]> {
  const run = async (): Promise<World> => {
    const world = worldOf(part);
    await world.runFor(100).catch(() => undefined); // a failure stands in the world
    return world;
  };
  return [await run(), await run()];
}

async function told(make: Made): Promise<{ readonly found: Divergence; readonly story: DivergenceStory }> {
  const [first, second] = await twice(make());
  const found = firstDivergence(first, second);
  if (found === undefined) throw new Error("Expected two different runs; they are the same.");
  return { found, story: divergenceStory(first, second, found) };
}

const greets: Part = {
  start: (env) => env.setTimer("tick", 20 + 10 * env.random()),
  onTimer(env) {
    for (const peer of env.peers) env.send(peer, note(Math.round(env.now())));
    env.log("ticked");
    env.setTimer("tick", 20);
  },
};

test("two runs of a deterministic program are the same", async (t) => {
  const [first, second] = await twice(greets);
  t.equal(first.traceHash, second.traceHash);
  t.equal(firstDivergence(first, second), undefined);
});

test("a counter outside of the class: the message in which it goes on counting is named", async (t) => {
  const { found, story } = await told(() => {
    let n = 0;
    return {
      start: (env) => env.setTimer("tick", 30),
      onTimer: (env) => env.send(env.peers[0] ?? "", note(n++)),
    };
  });

  t.deepEqual(found.what, { kind: "field", of: found.record, path: "n", first: 0, second: 2 });
  t.equal(story.common, "0 ms  S2  starts", "the last event that both have");
  t.match(story.first, /^30 ms {2}S1 {2}timer “tick” runs out {3}S1 sends Note to S2/);
  t.equal(story.parting, "S1's Note to S2: n is 0 in the first run, 2 in the second.");
  t.match(
    story.next,
    /^The second run goes on counting where the first one stopped\. Look for a variable outside/,
  );
});

test("what differs as soon as a server has started was left behind by another run", async (t) => {
  const { found, story } = await told(() => {
    let starts = 0;
    return { start: (env) => env.log(`start ${++starts}`) };
  });

  t.equal(found.lastCommon, -1);
  t.equal(story.common, undefined);
  t.equal(story.parting, 'What S1 logs: it is "start 1" in the first run, "start 3" in the second.');
  t.match(story.next, /^S1 has only just started, so it finds what another run has left behind/);
});

test("a timer that runs out at another time is told of where it was set", async (t) => {
  const { found, story } = await told(() => {
    const known = new Set<string>();
    return {
      start: (env) => env.setTimer("first", 10),
      onTimer(env, name) {
        if (name === "second" || env.self === "S2") return;
        env.setTimer("second", 20 + known.size);
        known.add(env.self);
      },
    };
  });

  t.deepEqual(found.what, { kind: "delay", timer: "second", delays: [20, 21] });
  t.match(story.first, /^30 ms {2}S1 {2}timer “second” runs out/);
  t.match(story.second, /^31 ms {2}S1 {2}timer “second” runs out/);
  t.equal(
    story.parting,
    "At 10 ms S1 sets its timer “second”. It runs out after 20 ms in the first run, after 21 ms in the second.",
  );
  t.match(story.next, /is env\.random\(\) called equally often in both runs\?/);
});

test("a random number drawn once more shows in the next delay", async (t) => {
  const { found } = await told(() => {
    let isWarm = false;
    return {
      start(env) {
        if (env.self === "S2") return;
        if (isWarm) env.random();
        isWarm = true;
        env.setTimer("election", 10 + 50 * env.random());
      },
    };
  });
  t.equal(found.what.kind, "delay");
  t.equal(found.lastCommon, 2, "both servers have started alike");
});

test("the same work in another order is called that", async (t) => {
  const { found, story } = await told(() => {
    const order = ["b", "a"];
    return {
      start: (env) => env.setTimer("tick", 10),
      onTimer(env) {
        if (env.self === "S1") order.reverse();
        if (env.self === "S1") for (const text of order) env.log(text);
      },
    };
  });
  t.deepEqual(found.what, { kind: "order" });
  t.equal(story.parting, "S1 does the same things in another order.");
  t.match(story.next, /^Which collection does S1 go through here\?/);
});

test("what a server does in one run only is told", async (t) => {
  const { found, story } = await told(() => {
    const greeted = new Set<string>();
    return {
      start: (env) => env.setTimer("tick", 10),
      onTimer(env) {
        if (!greeted.has(env.self)) env.send(env.peers[0] ?? "", note(1));
        greeted.add(env.self);
      },
    };
  });
  t.equal(found.what.kind, "effects");
  t.equal(story.parting, "In the first run only, S1 sends Note to S2.");
  t.match(story.next, /^What does S1 know in one run, and not in the other\?/);
});

test("a status that differs is named by its field", async (t) => {
  const { story } = await told(() => {
    let term = 0;
    return {
      start: (env) => env.setTimer("tick", 10),
      onTimer(env) {
        if (env.self === "S2") term += 1;
      },
      status: (env): Status => ({ ...FOLLOWER, currentTerm: env.self === "S2" && env.now() > 5 ? term : 0 }),
    };
  });
  t.equal(story.parting, "S2's status(): currentTerm is 1 in the first run, 2 in the second.");
});

test("a run that ends early says how", async (t) => {
  const { found, story } = await told(() => {
    let runs = 0;
    return {
      start: (env) => void (env.self === "S1" && runs++),
      onMessage() {},
      onTimer() {},
      status(env) {
        if (runs > 1 && env.now() === 0 && env.self === "S2") throw new Error("Too late.");
        return FOLLOWER;
      },
    };
  });
  t.equal(found.what.kind, "end");
  t.match(story.parting, /^How they end: “it went well” and “.*Too late\./);
});

test("a test that does something else is not a server's mistake", async (t) => {
  const [first, second] = [worldOf(greets), worldOf(greets)];
  await first.runFor(50);
  await second.runFor(50);
  first.faults.isolate("S1");
  second.faults.isolate("S2");
  await first.runFor(50);
  await second.runFor(50);
  const found = firstDivergence(first, second);
  t.equal(found?.what.kind, "test");
  if (found) t.match(divergenceStory(first, second, found).next, /no mistake of a server/);
});

test("fields in another order are a difference: whoever reads them one by one sees it", async (t) => {
  const { found } = await told(() => {
    let isFirst = true;
    return {
      start(env) {
        const [a, b] = isFirst ? ["x", "y"] : ["y", "x"];
        if (env.self === "S1") isFirst = false;
        const message: AnyMessage & Record<string, unknown> = { type: "Pair", [a]: 1, [b]: 1 };
        if (env.self === "S1") env.send("S2", message);
      },
    };
  });
  t.equal(found.what.kind, "field");
});

test("the message has the seed, what was expected and found, and what to do next", async (t) => {
  const { story } = await told(() => {
    let n = 0;
    return { start: (env) => env.setTimer("tick", 30), onTimer: (env) => env.log(`tick ${n++}`) };
  });
  const lines = divergenceText(7, story).split("\n");
  t.equal(lines[0], "Seed 7 gave two different runs, one after the other.");
  t.deepEqual(
    lines.slice(1).map((line) => line.slice(0, 10).trim()),
    ["Expected", "Same", "Found", "", "Differs", "Next"],
  );
});
