import { type Conditions, mustApply, Proposer, TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { entryAt, propose } from "../leading";
import { RULE, WORKING } from "../rules";
import { steadyLeader } from "../steady";

const COMMANDS = 10;
const COMMAND_BYTES = 5_000;
const SPARE_BYTES = 50_000;
const IDLE_MS = 2_000;
/** Each entry may be repeated once, while the answer to it is under way. */
const TIMES = 2;

/** Messages to and from one peer that one command may cost: entries, answer, commitIndex, answer, and two to spare. */
const MESSAGES_PER_PEER = 6;

/** Slow, so that several commands are under way at a time, and three messages of ten arrive twice. */
const SLOW_AND_DOUBLING: Conditions = {
  delay: [40, 60],
  loss: 0,
  duplication: 0.3,
  tail: { chance: 0, delay: [0, 0] },
};
/** A leader that sends every entry alone, and repeats it until it is acknowledged, needs 17 for each command and peer. */
const DOUBLED_MESSAGES_PER_PEER = 50;

describe("Budgets", () => {
  it(
    "2.5f A silent peer is not flooded",
    { points: 1, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a", "2.5d"] },
    async (world, peers) => {
      await peers.elect();
      const silent = peers.ids[peers.ids.length - 1];
      peers.silent.add(silent);
      const { index } = await propose(world, "S1", "a");
      const already = peers.heard.length;
      await world.runFor(2_000);

      const sent = peers.heard.slice(already).filter(({ to }) => to === silent);
      const most = 2_000 / TIMING.heartbeatIntervalMin + 4;
      world.check(sent.length <= most, () => ({
        sentence: `In 2 s S1 sent ${sent.length} messages to ${silent}, which does not answer; expected at most ${most}: one every ${TIMING.heartbeatIntervalMin} ms.`,
        rule: "The handout, budgets.",
        next: "What makes S1 send an entry again, and how long does it wait before?",
      }));
      world.check(
        sent.some(({ message }) => entryAt(message, index) !== undefined),
        () => ({
          sentence: `S1 took a command as entry ${index}, and in 2 s did not send it to ${silent}, which does not answer.`,
          rule: RULE.retry,
          next: "What does S1 send to a peer that is silent?",
        }),
      );
    },
  );

  it("2.8m Large commands go to each server hardly more than once", {
    points: 1,
    seeds: 10,
    servers: [3, 5],
    needs: WORKING,
  }, async (world) => {
    const leader = await steadyLeader(world);
    const before = world.counts.bytes();
    for (let n = 1; n <= COMMANDS; n++)
      await mustApply(world, await propose(world, leader, `${n} `.padEnd(COMMAND_BYTES, "x")));

    const sent = world.counts.bytes() - before;
    const most = TIMES * COMMANDS * COMMAND_BYTES * world.ids.length + SPARE_BYTES;
    world.check(sent <= most, () => ({
      sentence: `${COMMANDS} commands of ${COMMAND_BYTES} bytes, one after the other, made ${world.ids.length} servers send ${sent.toLocaleString("en")} bytes; expected at most ${most.toLocaleString("en")}.`,
      rule: "The handout, budgets: each entry goes to each server once, and perhaps once more.",
      next: "Does nextIndex move on when a peer acknowledges entries?",
    }));
  });

  it(
    "2.5b What is acknowledged is not sent again",
    { points: 1, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a", "2.5a"] },
    async (world, peers) => {
      await peers.elect();
      for (const command of ["a", "b", "c"]) await propose(world, "S1", command);
      await world.runFor(TIMING.applyWithin);
      const already = peers.heard.length;
      await world.runFor(TIMING.applyWithin);

      const without = peers.ids.filter((id) => peers.log(id).entries.at(-1)?.command !== "c");
      world.check(without.length === 0, () => ({
        sentence: `S1 took three commands, and ${TIMING.commitWithin} ms later ${without.join(", ")} did not get all of them.`,
        rule: RULE.send,
        next: "When does S1 send new entries, and to whom?",
      }));
      const full = peers.heard.slice(already).find(({ message }) => (message.entries ?? []).length > 0);
      world.check(full === undefined, () => ({
        sentence: `All peers have acknowledged all entries ${TIMING.applyWithin} ms ago, and S1 still sends ${full?.to} ${full?.message.entries?.length} of them with its heartbeats.`,
        rule: RULE.send,
        next: "Does nextIndex move on when a peer acknowledges entries?",
      }));
    },
  );

  it("2.8i Twelve commands take few messages, and then there is quiet", {
    points: 1,
    seeds: 10,
    servers: [3, 5],
    needs: WORKING,
  }, async (world) => {
    const commands = 12;
    const peers = world.ids.length - 1;
    const leader = await steadyLeader(world);
    const before = world.counts.messages();
    const since = world.now;
    for (let n = 1; n <= commands; n++) await mustApply(world, await propose(world, leader, n));

    const sent = world.counts.messages() - before;
    const heartbeats = Math.ceil((world.now - since) / TIMING.heartbeatIntervalMin) + 2;
    const most = peers * (commands * MESSAGES_PER_PEER + 2 * heartbeats);
    world.check(sent <= most, () => ({
      sentence: `${commands} commands, one after the other, took ${world.ids.length} servers ${sent} messages; expected at most ${most}: ${MESSAGES_PER_PEER} for each command and peer, and heartbeats with their answers.`,
      rule: "The handout, budgets.",
      next: "Which type of message is sent too often, and what makes a server send it?",
    }));

    const already = world.counts.messages();
    await world.runFor(IDLE_MS);
    const idle = world.counts.messages() - already;
    const idleMost = 2 * peers * (IDLE_MS / TIMING.heartbeatIntervalMin + 2);
    world.check(idle <= idleMost, () => ({
      sentence: `All commands are applied, and an idle cluster of ${world.ids.length} sends ${idle} messages in ${IDLE_MS} ms; expected at most ${idleMost} (heartbeats and their answers).`,
      rule: "The handout, budgets.",
      next: "Which type of message is sent too often, and what makes a server send it?",
    }));
  });

  it("2.8t Messages that arrive twice do not multiply", {
    points: 1,
    seeds: 6,
    servers: [3, 5],
    needs: WORKING,
  }, async (world) => {
    await steadyLeader(world);
    const before = world.counts.messages();
    const since = world.now;
    world.faults.network(SLOW_AND_DOUBLING);
    const proposer = new Proposer(world, [5, 50]);
    for (let second = 1; second <= 4; second++) {
      await world.runFor(1_000);
      const sent = world.counts.messages() - before;
      const commands = proposer.proposals.length;
      const heartbeats = Math.ceil((world.now - since) / TIMING.heartbeatIntervalMin) + 2;
      const most = (world.ids.length - 1) * (commands * DOUBLED_MESSAGES_PER_PEER + 2 * heartbeats);
      world.check(sent <= most, () => ({
        sentence: `On a slow network where three messages of ten arrive twice, ${commands} commands made ${world.ids.length} servers send ${sent.toLocaleString("en")} messages in ${second} s; expected at most ${most.toLocaleString("en")}: ${DOUBLED_MESSAGES_PER_PEER} for each command and peer, and heartbeats with their answers.`,
        rule: "The handout, budgets: a reply that tells the leader nothing new is not answered.",
        next: "A reply arrives twice. What does the leader send each time, and what do the answers to that make it send?",
      }));
    }
  });
});
