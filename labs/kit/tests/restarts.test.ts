import test from "tape";
import { Raft } from "../../../solutions/2-replication/raft";
import { KIND, Proposer, restart, sending, stopAfterSending, World, wroteBefore } from "..";
import { LocalHost } from "../host/local-host";
import type { Part } from "./helpers";
import { note, recordsOf, worldOf } from "./helpers";

/** Counts its lives on its disk, tells a peer, and writes once more. */
const COUNTER: Part = {
  start(env) {
    const lives = Number(env.disk.read("lives") ?? 0) + 1;
    env.disk.write({ lives });
    for (const peer of env.peers) env.send(peer, note(lives));
    env.disk.write({ told: lives });
  },
};

const disk = (world: World, id: string) => world.simulation.nodes[world.ids.indexOf(id)].disk;

test("a restart keeps the disk and nothing else, takes no time, and works on stopped servers too", async (t) => {
  const world = worldOf(COUNTER, { oracles: [] });
  await world.runFor(10);
  await restart(world, "S1");
  world.faults.stop("S2");
  await restart(world, "S1", "S2");

  t.equal(world.now, 10);
  t.equal(disk(world, "S1").get("lives"), 3);
  t.equal(disk(world, "S2").get("lives"), 2);
  t.deepEqual(world.runningIds, ["S1", "S2"]);
});

test("a server stops right after it has sent a message", async (t) => {
  const world = worldOf(COUNTER, { oracles: [] });
  await world.runFor(10);
  world.faults.stop("S1");
  world.faults.restart("S1");
  stopAfterSending(world, "S1", ({ type }) => type === "Note");
  await world.runFor(10);

  t.ok(world.isStopped("S1"));
  t.equal(disk(world, "S1").get("lives"), 2, "what it wrote before is there");
  t.equal(disk(world, "S1").get("told"), 1, "what it would have written after is not");
});

test("whether a promise was written before it was made is seen in the trace", async (t) => {
  const world = worldOf(COUNTER, { oracles: [] });
  await world.runFor(10);
  const isNote = sending(world.trace, ({ type }) => type === "Note");
  t.equal(wroteBefore(world, "S1", 0, isNote), true);
  const [, second] = recordsOf(world.trace, KIND.write);
  t.equal(wroteBefore(world, "S1", second + 1, isNote), undefined, "no promise since then");

  const hasty = worldOf({ start: (env) => env.send(env.peers[0], note(1)) }, { oracles: [] });
  await hasty.runFor(10);
  t.equal(
    wroteBefore(
      hasty,
      "S1",
      0,
      sending(hasty.trace, () => true),
    ),
    false,
  );
});

test("a proposer gives every command once, to whoever leads, until it is stopped", async (t) => {
  const world = new World({ seed: 5, servers: 3, host: LocalHost.of(Raft) });
  const proposer = new Proposer(world, [10, 20]);
  await world.runFor(3_000);
  proposer.stop();
  await world.runFor(500);

  const { length } = proposer.proposals;
  const taken = proposer.proposals.filter(({ answer }) => answer).map(({ command }) => command);
  t.ok(taken.length > 50, `${taken.length} of ${length}`);
  t.equal(new Set(taken).size, taken.length);
  const [leader] = world.leaders();
  t.deepEqual(
    world.applied(leader).map(({ command }) => command),
    taken,
  );
  await world.runFor(500);
  t.equal(proposer.proposals.length, length);
});
