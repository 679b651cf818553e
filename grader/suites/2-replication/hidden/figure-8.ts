import { appendReply } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { depose, mustCommit, mustNotApply, propose, SENT } from "../leading";
import { RULE } from "../rules";

describe("Figure 8", () => {
  it(
    "2.6g An entry of an earlier term is not committed by counting, but along with one of the leader's own",
    { points: 2, servers: 5, scripted: true, needs: ["2.1a", "2.6a"] },
    async (world, peers) => {
      // (a) S1 leads and sends an entry to S2 only.
      const earlier = await peers.elect();
      peers.isLost = (to) => to !== "S2";
      const old = await propose(world, "S1", "a");
      await world.runFor(SENT);
      // (b) S5 is elected by S3 and S4.
      peers.isLost = () => true;
      const between = await depose(world, peers, "S5");
      // (c) S1 leads again, by S2 and S3. The entry reaches S3 too; whatever is of S1's new term does not.
      const term = await peers.elect();
      peers.isLost = (to, { entries = [] }) =>
        (to !== "S2" && to !== "S3") || entries.some((entry) => entry.term === term);
      await world.runFor(SENT + 20);
      const because = `it is of term ${earlier}, S1 leads term ${term}: S1, S2 and S3 store it, but S5 with an entry of term ${between} could still be elected and replace it`;
      mustNotApply(world, "S1", old.index, because, `${RULE.commit} §5.4.2 and Figure 8.`);
      // The same with an entry of S1's own term at the end of its log, which nobody else has yet.
      const own = await propose(world, "S1", "b");
      for (const id of ["S2", "S3"])
        if (peers.log(id).entries[old.index - 1]?.term === earlier)
          peers.tell(id, appendReply(term, true, old.index));
      await world.runFor(20);
      mustNotApply(world, "S1", old.index, because, `${RULE.commit} §5.4.2 and Figure 8.`);
      // (e) An entry of S1's own term on a majority: nobody without it can be elected.
      peers.isLost = (to) => to !== "S2" && to !== "S3";
      await mustCommit(world, own, `S1, S2 and S3 store S1's entry of its own term ${term}`);
      const applied = world.applied("S1")[old.index - 1];
      world.check(applied.command === "a" && applied.term === earlier, () => ({
        sentence: `S1 committed entry ${own.index} of its own term; entry ${old.index} before it should be “a” of term ${earlier}, and S1 applied “${applied.command}” of term ${applied.term}.`,
        rule: RULE.apply,
        next: "Is everything before a committed entry applied first?",
      }));
    },
  );
});
