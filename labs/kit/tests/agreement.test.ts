import test from "tape";
import { Raft } from "../../../solutions/2-replication/raft";
import { agree, entriesOfTerms, LocalHost, lastOf, mustApply, ScriptedLog, World } from "..";
import { storyOf } from "./helpers";

const cluster = (seed = 1): World => new World({ seed, servers: 3, host: LocalHost.of(Raft) });

test("all come to apply a command, and its index is told", async (t) => {
  const world = cluster();
  t.equal(await agree(world, "a"), 1);
  t.equal(await agree(world, { put: "b" }), 2);
  for (const id of world.ids) t.equal(world.applied(id).length, 2);
  t.end();
});

test("a command that is lost with its leader is given to the next one", async (t) => {
  const world = cluster(4);
  const old = await world.awaitLeader();
  world.after(0.5, () => world.faults.isolate(old));
  const others = world.ids.filter((id) => id !== old);
  t.ok((await agree(world, "a", others)) >= 1);
  t.end();
});

test("who cannot agree is named", async (t) => {
  const world = cluster();
  const leader = await world.awaitLeader();
  const lost = world.ids.find((id) => id !== leader) as string;
  world.faults.isolate(lost);
  const story = await storyOf(agree(world, "a", world.ids, 3_000));
  t.match(story.headline, new RegExp(`did not come to apply “a”: ${lost} did not`));
  t.end();
});

test("an entry that is not applied in time is a failure that names who lags behind", async (t) => {
  const world = cluster();
  const leader = await world.awaitLeader();
  const lost = world.ids.find((id) => id !== leader) as string;
  world.faults.isolate(lost);
  const proposed = await world.propose(leader, "a");
  if (proposed === null) throw new Error("the leader leads");
  await mustApply(
    world,
    proposed,
    world.ids.filter((id) => id !== lost),
  );
  t.match((await storyOf(mustApply(world, proposed))).headline, new RegExp(`${lost} has not applied it`));
  t.end();
});

test("a scripted log answers as a correct follower would", (t) => {
  const log = new ScriptedLog();
  const request = (prevLogIndex: number, prevLogTerm: number, terms: number[], leaderCommit = 0) => ({
    type: "AppendEntries",
    term: 4,
    prevLogIndex,
    prevLogTerm,
    entries: entriesOfTerms(terms, prevLogIndex + 1),
    leaderCommit,
  });
  const reply = (success: boolean, matchIndex: number) => ({
    type: "AppendEntriesReply",
    term: 4,
    success,
    matchIndex,
  });
  t.deepEqual(log.take(request(0, 0, [])), reply(true, 0), "a heartbeat to an empty log");
  t.deepEqual(log.take(request(2, 1, [2])), reply(false, 0), "a gap: its last index might match");
  t.deepEqual(log.take(request(0, 0, [1, 1, 2, 2])), reply(true, 4));
  t.deepEqual(log.take(request(0, 0, [1])), reply(true, 1), "an old request takes nothing away");
  t.equal(log.entries.length, 4);
  t.deepEqual(log.take(request(4, 3, [3])), reply(false, 2), "another term: before all entries of it");
  t.deepEqual(log.take(request(2, 1, [3], 9)), reply(true, 3), "a conflict: the tail goes");
  t.deepEqual(lastOf(log.entries), { index: 3, term: 3 });
  t.equal(log.commitIndex, 3, "no further than what was checked");
  t.end();
});
