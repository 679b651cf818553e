import { appendReply } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { entryAt, mustCommit, mustNotApply, propose, SENT, TOO_EARLY } from "../leading";
import { RULE } from "../rules";
import { fill } from "../scripted-leader";

describe("What replies say", () => {
  it(
    "2.6l A refusal's hint is no acknowledgement",
    { points: 2, seeds: 10, servers: 5, scripted: true, needs: ["2.1a", "2.6a"] },
    async (world, peers) => {
      await fill(world, peers, "S5", [1, 1, 1, 1]);
      peers.isLost = (to) => to !== "S3";
      const term = await peers.elect();
      const first = await propose(world, "S1", "a");
      for (const command of ["b", "c"]) await propose(world, "S1", command);

      let seen = 0;
      for (let round = 0; round < TOO_EARLY / 5; round++) {
        await world.runFor(5);
        for (const { to, message } of peers.heard.slice(seen)) {
          if (to === "S2" && message.type === "AppendEntries" && (message.prevLogIndex ?? 0) > 0)
            peers.tell("S2", appendReply(term, false, (message.prevLogIndex as number) - 1));
        }
        seen = peers.heard.length;
      }
      const because =
        "of its peers only S3 stores it: S2 has refused everything, and said where its log might match";
      mustNotApply(world, "S1", first.index, because, RULE.match);

      peers.isLost = () => false;
      await mustCommit(world, first, "All peers take S1's entries now");
    },
  );

  it(
    "2.6m An acknowledgement counts for the entries that it names, not for all that are there by now",
    { points: 2, seeds: 10, servers: 3, scripted: true, needs: ["2.1a", "2.6a"] },
    async (world, peers) => {
      const term = await peers.elect();
      peers.isLost = () => true;
      const first = await propose(world, "S1", "a");
      const hasHeard = () =>
        peers.heard.some(({ to, message }) => to === "S2" && entryAt(message, first.index) !== undefined);
      await world.runUntil(hasHeard, SENT, () => ({
        sentence: `S1 took a command as entry ${first.index} and did not send it to S2 within ${SENT} ms.`,
        rule: RULE.send,
        next: "When does S1 send new entries?",
      }));
      const second = await propose(world, "S1", "b");
      await propose(world, "S1", "c");
      peers.tell("S2", appendReply(term, true, first.index));

      await mustCommit(world, first, `S2 has acknowledged entry ${first.index}`);
      await world.runFor(TOO_EARLY);
      const because = `S2 has acknowledged no entry after ${first.index}, and S3 none at all`;
      mustNotApply(world, "S1", second.index, because, RULE.match);
    },
  );

  it(
    "2.6o Only one vote for each peer: doubled acknowledgements count once",
    { points: 1, seeds: 10, servers: [4, 5], scripted: true, needs: ["2.1a", "2.6a"] },
    async (world, peers) => {
      const term = await peers.elect();
      peers.isLost = (to) => to !== "S2";
      const proposed = await propose(world, "S1", "a");
      await world.runFor(SENT);
      for (let copy = 0; copy < 5; copy++) {
        peers.tell("S2", appendReply(term, true, proposed.index));
        await world.runFor(5);
      }
      const because = `of ${world.ids.length} servers only S1 and S2 store it; S2's answer came several times`;
      mustNotApply(world, "S1", proposed.index, because, RULE.commit);

      peers.isLost = (to) => to !== "S2" && to !== "S3";
      await mustCommit(world, proposed, "S1, S2 and S3 store S1's entry");
    },
  );
});
