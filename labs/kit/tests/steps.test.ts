import test from "tape";
import { type Host, LocalHost, type Stimulus } from "..";
import { refuseAsync, STEPS_MAX, step, stepsTaken } from "../host/steps";
import { type Part, playing, storyOfPart } from "./helpers";

const NO_END = `expected a handler that comes to its end; found no end after ${STEPS_MAX.toLocaleString("en")} rounds of loops and calls of functions.`;

function endless(): never {
  for (;;) step();
}

function stepsOf(count: number): void {
  for (let i = 0; i < count; i++) step();
}

function stimulus(kind: Stimulus["kind"]): Stimulus {
  return {
    node: 0,
    kind,
    now: 0,
    from: 0,
    message: { type: "Note" },
    timer: "t",
    command: undefined,
    boot: { ids: ["S1"], peers: [], clients: [], randomKey: 1, disk: new Map() },
  };
}

function hostOf(part: Part): Host {
  const host = LocalHost.of(playing(part));
  host.react(stimulus("start"));
  return host;
}

test("an endless loop is stopped after so many steps, and told like any breach of the contract", async (t) => {
  const story = await storyOfPart({ start: (env) => env.setTimer("t", 5), onTimer: () => endless() });

  t.equal(story.kind, "contract");
  t.equal(story.headline, `S1.onTimer: ${NO_END}`);
  t.match(String(story.next), /What should end this loop/);
});

test("a loop that catches everything ends all the same, and is what is told", async (t) => {
  const caught: string[] = [];
  const story = await storyOfPart({
    start() {
      try {
        endless();
      } catch (error) {
        caught.push(String(error));
      }
      try {
        endless();
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: this is how an error is swallowed
        return;
      }
    },
  });

  t.equal(story.headline, `S1.start: ${NO_END}`);
  t.equal(caught.length, 1);
  t.match(caught[0], /no end after/);
});

test("past the limit each further step throws, so that nothing goes on for long", (t) => {
  let rounds = 0;
  const host = hostOf({
    onTimer() {
      stepsOf(STEPS_MAX);
      for (let i = 0; i < 10; i++) {
        try {
          step();
          rounds += 1;
        } catch {
          // On to the next one.
        }
      }
    },
  });

  const { trouble, steps } = host.react(stimulus("timer"));

  t.equal(trouble?.kind, "contract");
  t.equal(rounds, 0);
  t.equal(steps, STEPS_MAX + 10);
  t.end();
});

test("a handler may take exactly as many steps as there are, each one anew", (t) => {
  const host = hostOf({ onTimer: () => stepsOf(STEPS_MAX) });

  for (let i = 0; i < 3; i++) {
    const { trouble, steps } = host.react(stimulus("timer"));
    t.equal(trouble, undefined);
    t.equal(steps, STEPS_MAX);
  }
  t.end();
});

test("the steps of status() count as the handler's", (t) => {
  const host = hostOf({
    onMessage: () => stepsOf(3),
    status: () => {
      stepsOf(4);
      return { role: "follower", currentTerm: 0 };
    },
  });

  t.equal(host.react(stimulus("message")).steps, 7);
  t.end();
});

test("code that does not count takes no steps", (t) => {
  t.equal(hostOf({}).react(stimulus("message")).steps, 0);
  t.end();
});

test("what was refused first is told, not the loop that came of it", async (t) => {
  const story = await storyOfPart({
    start() {
      try {
        Math.random();
      } catch {
        endless();
      }
    },
  });

  t.match(story.headline, /found a call of Math\.random/);
});

test("between handlers a loop is stopped too, and the next handler begins anew", (t) => {
  const host = hostOf({ onMessage: () => stepsOf(1), onTimer: () => stepsOf(2) });
  host.react(stimulus("timer"));

  t.equal(stepsTaken(), 2);
  t.throws(endless, /Between two handlers: expected a handler that comes to its end/);
  t.throws(endless, /no end/);

  const { trouble, steps } = host.react(stimulus("message"));
  t.equal(trouble, undefined);
  t.equal(steps, 1);
  t.end();
});

test("a recursion that catches the verdict at each turn comes to an end", (t) => {
  const again = (depth: number): void => {
    step();
    if (depth === 0) return;
    try {
      again(depth - 1);
    } catch {
      again(depth - 1);
    }
    again(depth - 1);
  };

  const { trouble } = hostOf({ onTimer: () => again(100) }).react(stimulus("timer"));

  t.equal(trouble?.kind === "contract" && trouble.rule, "a handler that comes to its end");
  t.end();
});

test("an async function is refused at its call, and not a line of it runs", async (t) => {
  const done: string[] = [];
  const work = async () => {
    await refuseAsync();
    done.push("its body ran");
  };
  const story = await storyOfPart({
    start(env) {
      void work();
      env.log("the handler goes on");
    },
  });
  await new Promise(setImmediate);

  t.equal(
    story.headline,
    "S1.start: expected a server that does all its work before its handler returns; found a call of an async function.",
  );
  t.match(String(story.next), /Remove async and await/);
  t.deepEqual(done, []);
});

test("a handler that is async itself is told as that, not as a promise that it returned", async (t) => {
  const start = async () => {
    await refuseAsync();
  };

  t.match((await storyOfPart({ start })).headline, /found a call of an async function\.$/);
});

test("an async function that throws ends no process, refused or not", async (t) => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  await storyOfPart({
    start() {
      void (async () => {
        await refuseAsync();
        throw new Error("nobody sees this");
      })();
    },
  });
  await new Promise(setImmediate);
  process.off("unhandledRejection", note);

  t.deepEqual(unhandled, []);
});
