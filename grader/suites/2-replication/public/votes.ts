import { START } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { mustVote } from "../candidates";
import { depose, propose } from "../leading";

describe("The election restriction", () => {
  it(
    "2.2a A server votes only for candidates whose log is at least as up to date",
    { points: 3, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a"] },
    async (world, peers) => {
      peers.answersHeartbeats = false;
      await peers.elect();
      await propose(world, "S1", "a");
      const own = await propose(world, "S1", "b");
      const newer = await depose(world, peers, "S3");

      await mustVote(world, peers, own, START, false);
      await mustVote(world, peers, own, { index: own.index - 1, term: own.term }, false);
      await mustVote(world, peers, own, own, true);
      await mustVote(world, peers, own, { index: 1, term: newer }, true);
    },
  );
});
