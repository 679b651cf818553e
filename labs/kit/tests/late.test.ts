import test from "tape";
import { NotImplemented, prematureStory } from "..";
import { worldOf } from "./helpers";

test("what a promise does after its handler has returned is reported, and ends no process", async (t) => {
  const world = worldOf({
    start: (env) => {
      void (async () => {
        await undefined;
        env.send(env.peers[0], { type: "Late" });
      })();
    },
  });
  await world.runFor(10).catch(() => {});
  t.match(
    world.failure?.story.headline ?? "",
    /^S1, env\.send.*: expected a server that does all its work before/,
  );
  t.match(world.failure?.story.next ?? "", /Remove async, await and promises/);
  t.equal(world.counts.messages(), 0, "and it has no effect");
});

test("a promise is refused at the call that makes it, before it can do anything late", async (t) => {
  const world = worldOf({
    start: (env) => {
      Promise.resolve().then(() => env.send(env.peers[0], { type: "Late" }));
    },
  });
  await world.runFor(10).catch(() => {});
  t.match(world.failure?.story.headline ?? "", /^S1\.start: .* found a call of Promise\.resolve\.$/);
  t.match(world.failure?.story.next ?? "", /set a timer/);
  t.equal(world.counts.messages(), 0);
});

test("env's methods may be taken out of it", async (t) => {
  const world = worldOf({
    start: ({ send, peers, setTimer, random, now, log }) => {
      send(peers[0], { type: "Hello" });
      setTimer("t", 5 + random() + now());
      log("taken out");
    },
  });
  await world.runFor(3);
  t.equal(world.failure, undefined);
  t.equal(world.counts.messages("Hello"), 2);
});

test("a stub of a later task in a test of an earlier one is told as a mistake, with what led there", async (t) => {
  const world = worldOf({
    start: (env) => env.setTimer("election", 3),
    onTimer: () => {
      throw new NotImplemented("1.10");
    },
  });
  await world.runFor(10).catch(() => {});
  const story = world.failure?.story;
  t.equal(story?.kind, "not-written");
  if (story === undefined) return;
  t.equal(prematureStory(story, "1.10"), undefined, "its own task");
  t.equal(prematureStory(story, "2.1"), undefined, "a later lab");
  const premature = prematureStory(story, "1.9");
  t.match(premature?.headline ?? "", /^This test of task 1\.9 came to task 1\.10/);
  t.deepEqual(
    premature?.lines.map(({ time, event }) => `${time} ${event}`),
    ["3 ms S1  timer “election” runs out"],
  );
});
