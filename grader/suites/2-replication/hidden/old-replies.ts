import { appendReply, TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { depose, mustCommit, mustNotApply, propose, SENT, TOO_EARLY } from "../leading";
import { RULE } from "../rules";
import { fill } from "../scripted-leader";
import { leadAgain } from "./lead-again";

describe("Replies that are late, doubled, or out of order", () => {
  it(
    "2.6j An older acknowledgement takes nothing back",
    { points: 2, seeds: 10, servers: 5, scripted: true, needs: ["2.1a", "2.6a"] },
    async (world, peers) => {
      const term = await peers.elect();
      peers.isLost = (to) => to !== "S2";
      const first = await propose(world, "S1", "a");
      await propose(world, "S1", "b");
      const last = await propose(world, "S1", "c");
      await world.runUntil(
        () => peers.log("S2").entries.length >= last.index,
        TIMING.commitWithin,
        () => ({
          sentence: `S1 took three commands, up to entry ${last.index}, and ${TIMING.commitWithin} ms later S2 does not have them all.`,
          rule: RULE.send,
          next: "When does S1 send new entries, and to whom?",
        }),
      );
      await world.runFor(TIMING.answerWithin);
      peers.isLost = () => true;
      peers.tell("S2", appendReply(term, true, first.index));
      await world.runFor(TIMING.answerWithin);

      peers.isLost = (to) => to !== "S3";
      const because = `S2 has acknowledged everything up to ${last.index}, its older answer up to ${first.index} came late, and S3 acknowledges everything too`;
      await mustCommit(world, last, because);
    },
  );

  it(
    "2.5c An older refusal does not send the leader back for good",
    { points: 1, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a", "2.5a"] },
    async (world, peers) => {
      await fill(world, peers, "S3", [1, 1, 1]);
      const term = await peers.elect();
      await propose(world, "S1", "a");
      await world.runFor(TIMING.applyWithin);
      peers.tell("S2", appendReply(term, false, 0));
      await world.runFor(TIMING.applyWithin);
      const already = peers.heard.length;
      await world.runFor(TIMING.applyWithin);

      world.check(peers.log("S2").entries.at(-1)?.command === "a", () => ({
        sentence: "S1 took a command, and a second later S2 has not got it.",
        rule: RULE.send,
        next: "When does S1 send new entries, and to whom?",
      }));
      const full = peers.heard.slice(already).find(({ message }) => (message.entries ?? []).length > 0);
      world.check(full === undefined, () => ({
        sentence: `S2 has acknowledged everything; a copy of its first refusal came late, and ${TIMING.applyWithin} ms later each heartbeat still brings ${full?.to} ${full?.message.entries?.length} entries after entry ${full?.message.prevLogIndex}.`,
        rule: "Figure 2, Leaders: if successful, update nextIndex and matchIndex for the follower: matchIndex < nextIndex.",
        next: "What does a refusal do to nextIndex if matchIndex says more, and what does the next acknowledgement?",
      }));
    },
  );

  it(
    "2.6k An acknowledgement from an earlier term does not count",
    { points: 2, seeds: 10, servers: 5, scripted: true, needs: ["2.1a", "2.3c", "2.6a"] },
    async (world, peers) => {
      const { earlier, reached } = await leadAgain(world, peers, { isAnswered: false });
      peers.isLost = (to) => to !== "S3";
      const proposed = await propose(world, "S1", "z");
      await world.runFor(SENT);
      peers.tell("S2", appendReply(earlier, true, reached));
      await world.runFor(SENT);

      const because = `of its peers only S3 has it: what S2 acknowledged in term ${earlier}, up to ${reached}, were other entries`;
      mustNotApply(world, "S1", proposed.index, because, RULE.match);

      peers.isLost = (to) => to !== "S3" && to !== "S4";
      await mustCommit(world, proposed, "S1, S3 and S4 store S1's entry");
    },
  );

  it(
    "2.6n Who does not lead any more counts nothing any more",
    { points: 1, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a", "2.6a"] },
    async (world, peers) => {
      const term = await peers.elect();
      await mustCommit(world, await propose(world, "S1", "in office"), "All peers answer S1");
      peers.isLost = () => true;
      const { index } = await propose(world, "S1", "a");
      await world.runFor(SENT);
      await depose(world, peers, "S3", (newer) => appendReply(newer, false, 0));
      for (const id of peers.ids) peers.tell(id, appendReply(term, true, index));
      await world.runFor(TIMING.answerWithin * 2);

      const because = "it had lost its office before anybody acknowledged the entry";
      mustNotApply(world, "S1", index, because, RULE.commit);
    },
  );

  it(
    "2.6p A new leader forgets what it knew of its peers' logs in an earlier term",
    { points: 2, seeds: 10, servers: 5, scripted: true, needs: ["2.1a", "2.3c", "2.6a"] },
    async (world, peers) => {
      const { reached, earlier } = await leadAgain(world, peers, { isAnswered: true });
      peers.isLost = (to) => to !== "S3";
      const proposed = await propose(world, "S1", "z");
      await world.runFor(TOO_EARLY);
      const because = `of its peers only S3 has it: S2 acknowledged ${reached} entries in term ${earlier}, but S1's log was replaced since then`;
      mustNotApply(world, "S1", proposed.index, because, RULE.match);

      peers.isLost = (to) => to === "S5";
      await mustCommit(world, proposed, "S2, S3 and S4 have acknowledged S1's entry");
    },
  );
});
