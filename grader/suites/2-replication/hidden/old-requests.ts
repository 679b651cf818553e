import { describe, it } from "../../../labgrader";
import { mustStandWith } from "../leading";
import { RULE } from "../rules";
import { fill, mustApplyLogOf, ScriptedLeader } from "../scripted-leader";

describe("Requests that are late, doubled, or out of order", () => {
  it(
    "2.3d An old request takes nothing away and adds nothing twice",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a", "2.3a", "2.2c"] },
    async (world, peers) => {
      const leader = await fill(world, peers, "S2", [1, 1, 2, 2, 2]);
      for (const [prev, last] of world.draws.shuffle([
        [0, 2],
        [1, 3],
        [0, 0],
        [2, 2],
        [3, 5],
        [0, 5],
      ] as const)) {
        const { success } = await leader.send(prev, last);
        world.check(success === true, () => ({
          sentence: `S1 refuses the entries ${prev + 1} to ${last}, which it has already.`,
          rule: RULE.append,
          next: "What does S1 do with an entry that it already has, of the same term?",
        }));
        await leader.mustHold(5, 5, `After the entries ${prev + 1} to ${last} came again, late`);
      }
      const after = "After entries that it had came again, late";
      await mustStandWith(world, peers, { index: 5, term: 2 }, after, RULE.append);
    },
  );

  it(
    "2.3e Old entries from a new leader are no conflict",
    { points: 1, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a", "2.3a", "2.2c"] },
    async (world, peers) => {
      await fill(world, peers, "S2", [1, 1, 2, 2, 2]);
      const leader = new ScriptedLeader(world, peers, "S3", 5, [1, 1, 2, 2, 2]);
      await leader.send(0, 2);
      await leader.send(1, 3);

      await leader.mustHold(5, 5, "After the leader of term 5 sent entries of older terms, which S1 has");
      const after = "After the leader of term 5 sent entries of older terms, which S1 has";
      await mustStandWith(world, peers, { index: 5, term: 2 }, after, RULE.conflict);
    },
  );

  it(
    "2.6e A follower commits no further than a request has shown that the logs match",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a", "2.6b"] },
    async (world, peers) => {
      await fill(world, peers, "S2", [1, 1, 1, 1]);
      const leader = new ScriptedLeader(world, peers, "S3", 3, [1, 1, 3, 3]);

      await leader.mustSend(2, 2, 4);
      await mustApplyLogOf(world, leader, 2, "S1's leader has committed four entries, two of which S1 has");
      await leader.mustSend(2, 3, 4);
      await mustApplyLogOf(
        world,
        leader,
        3,
        "S1's leader has sent a third of the four that it has committed",
      );
      await leader.mustSend(2, 4, 4);
      await mustApplyLogOf(world, leader, 4, "S1's leader has sent all four that it has committed");
    },
  );

  it(
    "2.6f What is committed stays so, whatever an older request says",
    { points: 1, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a", "2.6b"] },
    async (world, peers) => {
      await fill(world, peers, "S2", [1, 1, 1, 2], 3);
      const leader = new ScriptedLeader(world, peers, "S3", 3, [1, 1, 1, 2, 3]);
      await mustApplyLogOf(world, leader, 3, "S1's leader has committed three entries");

      for (const [prev, commit] of [
        [4, 1],
        [4, 0],
        [1, 3],
        [4, 2],
      ] as const) {
        await leader.mustSend(prev, prev, commit);
        const { commitIndex } = peers.status;
        world.check(commitIndex === undefined || commitIndex >= 3, () => ({
          sentence: `S1 knew that three entries are committed; after a request with leaderCommit ${commit} its commitIndex is ${commitIndex}.`,
          rule: RULE.followerCommit,
          next: "When may commitIndex become smaller?",
        }));
      }
      await leader.mustSend(4, 5, 4);
      await mustApplyLogOf(world, leader, 4, "S1's leaders have committed three entries and then a fourth");
    },
  );
});
