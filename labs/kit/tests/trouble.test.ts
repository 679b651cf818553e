import test from "tape";
import { Raft } from "../../../solutions/1-election/raft";
import { type Env, NotImplemented, type RaftMessage } from "..";
import { storyOf, storyOfPart, worldOf } from "./helpers";

test("a stub that is reached makes the run “not written”, with the task", async (t) => {
  const story = await storyOfPart({
    start() {
      throw new NotImplemented("1.3");
    },
  });

  t.equal(story.kind, "not-written");
  t.equal(story.task, "1.3");
  t.equal(story.headline, "Task 1.3 is not written yet.");
});

test("a stub in any method counts, the constructor and status() included", async (t) => {
  const stub = (): never => {
    throw new NotImplemented("2.1");
  };
  class Unmade extends Raft {
    constructor(env: Env<RaftMessage>) {
      super(env);
      stub();
    }
  }
  const timed = { start: (env: Env<never>) => env.setTimer("t", 1), onTimer: stub };

  t.equal((await storyOfPart(Unmade)).task, "2.1");
  t.equal((await storyOfPart({ status: stub })).task, "2.1");
  t.equal((await storyOfPart(timed)).task, "2.1");
});

test("an error of the server's own is “threw”, with server, error text and event", async (t) => {
  const story = await storyOfPart({
    start: (env) => env.self === "S1" && env.send("S2", { type: "Note", term: 7 }),
    onMessage() {
      throw new RangeError("index 3 of 2");
    },
  });

  t.equal(story.kind, "threw");
  t.equal(story.headline, "S2 threw RangeError: index 3 of 2");
  t.equal(story.lines.at(-1)?.event, "S1 → S2  Note term 7");
  t.ok(story.lines.at(-1)?.isWrong);
});

test("an error shows the line of the student's file in which it began", async (t) => {
  const story = await storyOfPart({
    start() {
      const error = new TypeError("votes is undefined");
      error.stack = [
        "TypeError: votes is undefined",
        "    at RecordingEnv.send (/home/ana/labs/kit/host/recording-env.ts:57:9)",
        "    at Raft.count (/home/ana/labs/1-election/raft.ts:57:9)",
        "    at Raft.start (/home/ana/labs/1-election/raft.ts:21:5)",
      ].join("\n");
      throw error;
    },
  });

  t.equal(story.headline, "S1 threw TypeError: votes is undefined (raft.ts:57)");
});

const fails = (): never => {
  throw new Error("from within");
};

test("a promise that does not like to be used is told like any other", async (t) => {
  const odd = Promise.resolve();
  Object.defineProperty(odd, "constructor", { get: fails });
  const own = Object.assign(Promise.resolve(), { catch: fails });

  for (const promise of [odd, own])
    t.match(
      (await storyOfPart({ start: () => promise as never })).headline,
      /found a promise as its result\.$/,
    );
});

test("a run that has failed stays failed", async (t) => {
  const world = worldOf({
    start() {
      throw new Error("once");
    },
  });
  const first = await storyOf(world.runFor(1));
  const again = await storyOf(world.runFor(1));

  t.equal(first.headline, "S1 threw Error: once");
  t.equal(again, first);
  t.equal(world.failure?.story, first);
});
