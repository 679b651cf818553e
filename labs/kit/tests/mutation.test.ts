import test from "tape";
import type { AnyMessage, Json, ServerClass } from "..";
import { storyOf, storyOfPart, worldOf } from "./helpers";

/**
 * A server class in a file of its own, "raft.ts", so that its frames are a student's and not this kit's.
 */
function studentClass(body: string): ServerClass {
  const source = `"use strict";
    return class Raft {
      constructor(env) { this.env = env; }
      ${body}
      status() { return { role: "follower", currentTerm: 0 }; }
    };
    //# sourceURL=/home/ana/1-election/raft.ts`;
  const made: ServerClass = new Function(source)();
  return made;
}

const NEVER_CHANGED =
  "that nothing is changed once it was sent, received or written, nor the language's own objects";

test("changing a message after it was sent is reported with server, method and line", async (t) => {
  const mutator = studentClass(`
    start() {
      const message = { type: "Note", list: [1] };
      if (this.env.self === "S1") this.env.send("S2", message);
      message.list.push(2);
    }
    onMessage() {}
    onTimer() {}`);
  const story = await storyOfPart(mutator, { servers: 2 });

  t.equal(story.kind, "contract");
  t.match(story.headline, /^S1\.start \(raft\.ts:\d+\): expected /);
  t.ok(story.headline.includes(`expected ${NEVER_CHANGED}; found a change of one (`), story.headline);
  t.match(story.headline, /not extensible/);
  t.match(String(story.next), /^Make a copy first/);
});

test("changing a message that was received is reported with server, method and line", async (t) => {
  const mutator = studentClass(`
    start() { if (this.env.self === "S1") this.env.send("S2", { type: "Note", term: 1 }); }
    onMessage(from, message) { message.term += 1; }
    onTimer() {}`);
  const story = await storyOfPart(mutator, { servers: 2 });

  t.equal(story.kind, "contract");
  t.match(story.headline, /^S2\.onMessage \(raft\.ts:\d+\): expected /);
  t.match(story.headline, /found a change of one \(.*(read only|readonly|read-only).*\)\.$/);
  t.equal(story.lines.length, 2, "the delivery, and the start that sent the message");
  t.equal(story.lines[1].event, "S1 → S2  Note term 1");
  t.ok(story.lines[1].isWrong);
});

test("deleting and adding a field of a received message is a change of it", async (t) => {
  const onMessage = (change: (message: AnyMessage) => void) =>
    storyOfPart({
      start: (env) => env.self === "S1" && env.send("S2", { type: "Note", term: 1 }),
      onMessage: (_env, _from, message) => change(message),
    });

  const deleted = await onMessage((message) => Reflect.deleteProperty(message, "term") || thrown(message));
  t.equal(deleted.kind, "threw", "Reflect only answers false: nothing is changed");
  const removed = await onMessage((message) => delete (message as { term?: number }).term);
  t.match(
    removed.headline,
    /^S2\.onMessage: expected that nothing is changed once it was sent, received or written/,
  );
  const added = await onMessage((message) => Object.assign(message, { extra: 1 }));
  t.match(
    added.headline,
    /^S2\.onMessage: expected that nothing is changed once it was sent, received or written/,
  );
});

function thrown(message: AnyMessage): never {
  throw new Error(`term is still ${message.term}`);
}

test("changing a value that was written to disk is reported", async (t) => {
  const story = await storyOfPart({
    start(env) {
      const log = [1];
      env.disk.write({ log });
      log.push(2);
    },
  });

  t.equal(story.kind, "contract");
  t.match(
    story.headline,
    /^S1\.start: expected that nothing is changed once it was sent, received or written/,
  );
});

test("changing a value that was read from the disk of an earlier life is reported, and changes nothing", async (t) => {
  const world = worldOf(
    {
      start(env) {
        const log = env.disk.read("log") as { deep: number[] } | undefined;
        if (log === undefined) env.disk.write({ log: { deep: [1] } });
        else log.deep.push(2);
      },
    },
    { servers: 1 },
  );
  await world.runFor(10);
  world.faults.stop("S1");
  world.faults.restart("S1");
  const story = await storyOf(world.runFor(10));

  t.equal(story.kind, "contract");
  t.match(
    story.headline,
    /^S1\.start: expected that nothing is changed once it was sent, received or written/,
  );
  t.deepEqual(world.simulation.nodes[0].disk.get("log"), { deep: [1] } as Json);
});

test("a server may change a copy of what it received", async (t) => {
  const world = worldOf({
    start: (env) => env.self === "S1" && env.send("S2", { type: "Note", term: 1 }),
    onMessage(env, from, message) {
      if (env.self === "S2") env.send(from, { ...message, term: Number(message.term) + 1 });
    },
  });
  await world.runFor(10);

  t.equal(world.counts.messages("Note"), 2);
});
