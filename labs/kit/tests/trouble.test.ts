import test from "tape";
import { Raft } from "../../../solutions/1-election/raft";
import { type Env, NotImplemented, type RaftMessage } from "..";
import { studentLine } from "../host/student-line";
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

test("whatever is thrown gets a text", async (t) => {
  const throwing = async (thrown: unknown) => {
    const story = await storyOfPart({
      start() {
        throw thrown;
      },
    });
    return story.headline;
  };

  t.equal(await throwing("just words"), "S1 threw just words (not an Error)");
  t.equal(await throwing(undefined), "S1 threw undefined (not an Error)");
  t.equal(await throwing(Object.create(null)), "S1 threw an error that cannot be printed");
  t.equal((await throwing(new Error("x".repeat(9_999)))).length, "S1 threw ".length + 500);
});

test("the line of an error is found in the stacks of every engine, folders with blanks included", (t) => {
  const KIT = "/w/labs/kit/host/local-host.ts:51:9";
  const lineOf = (...frames: readonly string[]): string | undefined => {
    const error = new Error("x");
    error.stack = frames.join("\n");
    return studentLine(error);
  };

  t.equal(
    lineOf("Error: x", `    at LocalHost.react (${KIT})`, "    at Raft.start (/w/raft.ts:5:3)"),
    "raft.ts:5",
  );
  t.equal(lineOf("    at Raft.start (C:\\Users\\Ana Maria\\labs (1)\\raft.ts:5:3)"), "raft.ts:5");
  t.equal(lineOf("    at /w/my labs/raft.ts:6:3"), "raft.ts:6");
  t.equal(lineOf("    at async Raft.start (file:///w/raft.ts:7:3)"), "raft.ts:7");
  t.equal(lineOf("    at async file:///w/raft.ts:8:3"), "raft.ts:8");
  t.equal(lineOf("    at new Raft (/w/a@b/raft.ts:9:3)"), "raft.ts:9");
  t.equal(lineOf("    at Raft.go [as onTimer] (/w/raft.ts:10:3)"), "raft.ts:10");
  t.equal(lineOf(`react@http://host${KIT}`, "start@http://host/1-election/raft.ts:11:3"), "raft.ts:11");
  t.equal(lineOf("    at node:internal/x:1:1", "    at f (/w/node_modules/tape/x.js:2:2)"), undefined);
  t.equal(lineOf("    at eval (eval at <anonymous> (/w/x.ts:1:2), <anonymous>:1:1)"), undefined);
  t.equal(studentLine("no error"), undefined);
  t.end();
});

test("a breach of the contract is reported even if the server catches the error", async (t) => {
  const story = await storyOfPart({
    start(env) {
      try {
        env.send("S9", { type: "Note" });
      } catch {
        env.log("never mind");
      }
    },
  });

  t.equal(story.kind, "contract");
  t.match(story.headline, /^S1\.start, env\.send: .* found "S9" as receiver\.$/);
});

test("of two breaches in one handler the first is reported", async (t) => {
  const story = await storyOfPart({
    start(env) {
      try {
        env.setTimer("t", -1);
      } finally {
        env.send("S9", { type: "Note" });
      }
    },
  });

  t.match(story.headline, /env\.setTimer\("t"\)/);
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
