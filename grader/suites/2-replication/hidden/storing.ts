import { TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { mustStandWith } from "../leading";
import { RULE } from "../rules";
import { fill, mustApplyLogOf, ScriptedLeader } from "../scripted-leader";

describe("Storing entries", () => {
  it(
    "2.3f A deposed leader stores and commits nothing any more",
    { points: 2, seeds: 10, servers: 5, scripted: true, needs: ["2.1a", "2.3a"] },
    async (world, peers) => {
      await fill(world, peers, "S2", [1, 1, 1, 1]);
      const leader = new ScriptedLeader(world, peers, "S3", 3, [1, 1, 1, 1]);
      await leader.mustSend(4, 4);

      const deposed = new ScriptedLeader(world, peers, "S4", 2, [1, 1, 2]);
      for (const [prev, last] of [
        [2, 3],
        [2, 2],
      ] as const) {
        const { success, term } = await deposed.send(prev, last, 2);
        world.check(success === false && term === 3, () => ({
          sentence: `S1 is in term 3 and answers entries from S4, the leader of term 2, with term ${term}, ${success ? "ok" : "refused"}; expected term 3, refused.`,
          rule: RULE.stale,
          next: "What does S1 compare before it touches its log?",
        }));
      }
      await leader.mustHold(1, 4, "After a deposed leader sent a conflicting entry");
      await mustApplyLogOf(world, leader, 0, "Only a deposed leader says that two entries are committed");
    },
  );

  it(
    "2.3g A follower vouches only for what a request has shown",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a", "2.3a"] },
    async (world, peers) => {
      await fill(world, peers, "S2", [1, 1, 1, 1]);
      const leader = new ScriptedLeader(world, peers, "S3", 3, [1, 1, 3, 3]);

      await leader.mustSend(2, 2);
      await leader.mustSend(2, 3);
      await leader.mustSend(1, 3);
      await leader.mustHold(1, 3, "After entry 3 was replaced");
    },
  );

  it(
    "2.3h A refusal is still word from the leader",
    { points: 1, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a", "2.3b"] },
    async (world, peers) => {
      const leader = new ScriptedLeader(world, peers, "S2", 3, [1, 1, 1, 3, 3, 3]);
      for (let beat = 0; beat < 40; beat++) {
        peers.tell("S2", {
          type: "AppendEntries",
          term: 3,
          leaderId: "S2",
          prevLogIndex: 6,
          prevLogTerm: 3,
          entries: [],
          leaderCommit: 0,
        });
        await world.runFor(TIMING.heartbeatIntervalMax);
      }
      const accepted = peers.all("AppendEntriesReply").filter(({ message }) => message.success === true);
      world.check(accepted.length === 0, () => ({
        sentence: "S1's log is empty, and it accepts a heartbeat after entry 6 of term 3.",
        rule: RULE.consistency,
        next: "What does S1 look up before it answers?",
        wrong: accepted[0].record,
      }));
      world.check(peers.all("RequestVote").length === 0 && peers.status.currentTerm === 3, () => ({
        sentence: `S1 heard from ${leader.id}, the leader of term 3, every ${TIMING.heartbeatIntervalMax} ms, refused because it lacks entries, and stood for election all the same: it is in term ${peers.status.currentTerm}.`,
        rule: "§5.2: a server remains a follower as long as it receives valid AppendEntries from the leader of its term.",
        next: "Is the election timer restarted before or after the entry at prevLogIndex is looked at?",
        wrong: peers.all("RequestVote")[0]?.record,
      }));
    },
  );

  it(
    "2.3k Whatever follows a conflicting entry goes with it",
    { points: 1, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a", "2.3c", "2.2c"] },
    async (world, peers) => {
      await fill(world, peers, "S2", [1, 1, 2, 2, 2, 2]);
      await new ScriptedLeader(world, peers, "S3", 4, [1, 1, 2, 3]).mustSend(2, 4);
      const after = "Entry 4 of term 3 has replaced entry 4 of term 2, which entries 5 and 6 had followed";
      await mustStandWith(world, peers, { index: 4, term: 3 }, after, RULE.conflict);
    },
  );
});
