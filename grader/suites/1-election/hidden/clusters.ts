import { type NodeId, planSwarm, playSwarm, TIMING, type World } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { LEADING } from "../rules";
import { mustSettle } from "../stability";

describe("Clusters in a good network", () => {
  it("1.8b Clusters of one to seven servers elect a leader", {
    points: 2,
    needs: LEADING,
    seeds: 28,
    servers: [1, 2, 3, 4, 5, 6, 7],
    network: "wan",
  }, async (world) => {
    await world.awaitLeader();
    await mustSettle(world);
  });

  it("1.8c An idle cluster sends heartbeats and answers, nothing else", {
    points: 1,
    needs: LEADING,
    seeds: 10,
    servers: [3, 5],
  }, async (world) => {
    await world.awaitLeader();
    await world.runFor(500);
    const before = world.counts.messages();
    await world.runFor(5_000);
    const sent = world.counts.messages() - before;
    const most = 2 * (world.ids.length - 1) * (5_000 / TIMING.heartbeatIntervalMin + 2);
    world.check(sent <= most, () => ({
      sentence: `An idle cluster of ${world.ids.length} sent ${sent} messages in 5 s; expected at most ${most} (heartbeats and their answers).`,
      rule: "The handout, timing.",
      next: "Which type of message is sent too often, and by whom?",
    }));
  });
});

describe("Clusters in trouble", () => {
  it("1.8e Without a majority nobody becomes leader; with one again, somebody does", {
    points: 2,
    needs: LEADING,
    servers: [3, 4, 5, 6],
  }, async (world) => {
    const leader = await world.awaitLeader();
    const needed = Math.floor(world.ids.length / 2) + 1;
    const others = world.ids.filter((id) => id !== leader);
    const connected = others.slice(0, needed - 1);
    world.faults.isolate(leader, ...others.slice(needed - 1));
    await world.runFor(3 * TIMING.electionTimeoutMax);
    const claiming = world.leaders(connected);
    world.check(claiming.length === 0, () => ({
      sentence: `${claiming[0]} leads, although it can reach only ${connected.length} of ${world.ids.length} servers, itself included.`,
      rule: "§5.2: a leader needs votes from a majority of the servers in the full cluster.",
      next: "Out of how many servers does it count a majority?",
    }));
    world.faults.rejoin(others[needed - 1]);
    await world.awaitLeader([...connected, others[needed - 1]]);
    world.faults.heal();
    await world.runFor(TIMING.electionTimeoutMax);
    await mustSettle(world);
  });

  it("1.8f Seven servers survive nine rounds of cutting off three", {
    points: 1,
    needs: LEADING,
    seeds: 10,
    servers: 7,
  }, async (world) => {
    await world.awaitLeader();
    for (let round = 0; round < 9; round++) {
      const away = world.draws.shuffle(world.ids).slice(0, 3);
      world.faults.isolate(...away);
      await world.awaitLeader(world.ids.filter((id) => !away.includes(id)));
      world.faults.rejoin(...away);
    }
    await world.runFor(TIMING.electionTimeoutMax);
    await world.awaitLeader();
  });

  it("1.8g Halves of an even cluster do not both elect", {
    points: 2,
    needs: LEADING,
    servers: [2, 4, 6],
  }, async (world) => {
    await world.awaitLeader();
    const mixed = world.draws.shuffle(world.ids);
    world.faults.partition(mixed.slice(0, mixed.length / 2), mixed.slice(mixed.length / 2));
    await world.runFor(4 * TIMING.electionTimeoutMax);
    world.faults.heal();
    await world.awaitLeader();
  });

  it("1.8h A leader that cannot be heard any more is replaced", {
    points: 2,
    needs: LEADING,
    servers: [3, 5],
  }, async (world) => {
    const first = await world.awaitLeader();
    const others = world.ids.filter((id) => id !== first);
    for (const other of others) world.faults.cutOneWay(first, other);
    await world.awaitLeader(others);
    await world.runFor(1_000);
    world.check(world.status(first).role !== "leader", () => ({
      sentence: `${first} still leads term ${world.status(first).currentTerm}, although it hears the heartbeats of a newer leader.`,
      rule: "§5.1: a leader that discovers that its term is out of date immediately reverts to follower state.",
      next: `What does ${first} do with an AppendEntries of a higher term?`,
    }));
  });

  it("1.8i A leader that was frozen wakes up and steps down", {
    points: 2,
    needs: LEADING,
    servers: [3, 5],
  }, async (world) => {
    const first = await world.awaitLeader();
    world.faults.pause(first);
    const others = world.ids.filter((id) => id !== first);
    await world.awaitLeader(others);
    await world.runFor(world.draws.int(0, 3_000));
    world.faults.resume(first);
    await world.runFor(TIMING.electionTimeoutMax);
    await mustSettle(world);
  });

  it("1.8j A server that comes back with a huge term does not end elections", {
    points: 2,
    needs: LEADING,
    seeds: 10,
    servers: [3, 5],
  }, async (world) => {
    await world.awaitLeader();
    const away = world.draws.pick(world.ids);
    world.faults.isolate(away);
    await world.runFor(60_000);
    world.faults.rejoin(away);
    await world.runFor(TIMING.electionTimeoutMax);
    await mustSettle(world);
  });

  it("1.8k Terms are stable although one message in ten is lost", {
    points: 1,
    needs: LEADING,
    seeds: 10,
    servers: 5,
    network: "lossy",
  }, async (world) => {
    await world.awaitLeader();
    const before = highestTerm(world);
    const since = world.trace.length;
    await world.runFor(10_000);
    const elections = highestTerm(world) - before;
    world.check(elections <= 5, () => ({
      sentence: `In 10 s with 10 % loss there were ${elections} new terms; expected hardly any.`,
      rule: "§5.6: broadcast time ≪ election timeout, so that lost heartbeats do not start elections.",
      next: "How many heartbeats fit into the shortest election timeout?",
      why: { kind: "no-peace", among: world.ids, since },
    }));
  });

  it("1.8l Doubled and very late votes elect no second leader", {
    points: 1,
    needs: LEADING,
    seeds: 80,
    servers: [3, 4, 5],
    network: "stormy",
  }, async (world) => {
    for (let round = 0; round < 6; round++) {
      await world.runFor(world.draws.int(300, 2_500));
      const [away] = world.leaders().length > 0 ? world.leaders() : world.ids;
      world.faults.isolate(away);
      await world.runFor(world.draws.int(300, 2_500));
      world.faults.rejoin(away);
    }
    world.faults.network("lan");
    await world.awaitLeader();
  });

  it("1.8m A voter that stops before its answer is out stops nobody else", {
    points: 1,
    needs: LEADING,
    seeds: 10,
    servers: [3, 5],
  }, async (world) => {
    const voter = world.draws.pick(world.ids);
    world.faults.stopBefore(
      voter,
      (effect) => effect.kind === "send" && effect.message.type === "RequestVoteReply",
    );
    await world.runFor(TIMING.electionTimeoutMax);
    await world.awaitLeader(world.runningIds);
  });

  it("1.8n Any mix of faults: never two leaders in a term, and one soon after the last fault", {
    points: 2,
    needs: LEADING,
    seeds: 300,
    servers: [2, 3, 4, 5, 7],
  }, async (world) => {
    const duration = 10_000;
    await playSwarm(world, planSwarm(world.seed, world.ids, duration), duration);
    await world.runFor(2 * TIMING.electionTimeoutMax);
    await mustSettle(world);
  });
});

function highestTerm(world: World): number {
  return Math.max(...world.ids.map((id: NodeId) => world.status(id).currentTerm));
}
