import { entriesOfTerms } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { entryAt, mustCommit, mustNotApply, propose, SENT, TOO_EARLY } from "../leading";
import { RULE } from "../rules";
import { fill } from "../scripted-leader";
import { leadAgain } from "./lead-again";

describe("Sending entries", () => {
  it(
    "2.6p A new leader forgets what it knew of its peers' logs in an earlier term",
    { points: 2, seeds: 10, servers: 5, scripted: true, needs: ["2.3c", "2.6a"] },
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

  it(
    "2.4c Each AppendEntries says which entry comes before its own",
    { points: 2, seeds: 10, servers: 5, scripted: true, needs: ["2.3a", "2.4a"] },
    async (world, peers) => {
      const terms = [1, 1, 2, 3, 3];
      await fill(world, peers, "S2", terms);
      for (const [i, id] of peers.ids.entries()) peers.log(id).entries = entriesOfTerms(terms.slice(0, i));
      const term = await peers.elect();
      await propose(world, "S1", "a");
      await world.runFor(SENT);
      await propose(world, "S1", "b");
      await world.runFor(3 * SENT);

      const termAt = (index: number) => (index === 0 ? 0 : (terms[index - 1] ?? term));
      for (const { to, message } of peers.all("AppendEntries")) {
        const { prevLogIndex = 0, prevLogTerm, entries = [] } = message;
        world.check(prevLogTerm === termAt(prevLogIndex), () => ({
          sentence: `S1 sends ${to} an AppendEntries with prevLogIndex ${prevLogIndex} and prevLogTerm ${prevLogTerm}; its entry ${prevLogIndex} is of term ${termAt(prevLogIndex)}.`,
          rule: "Figure 2, AppendEntries: prevLogTerm is the term of the entry at prevLogIndex, the one immediately preceding the new ones.",
          next: "Which entry does S1 look up for prevLogTerm?",
        }));
        const wrong = entries.findIndex((_, i) => {
          const index = prevLogIndex + 1 + i;
          return entryAt(message, index)?.term !== termAt(index);
        });
        world.check(wrong === -1, () => ({
          sentence: `S1 sends ${to} as entry ${prevLogIndex + 1 + wrong} one of term ${entries[wrong]?.term}; its own entry ${prevLogIndex + 1 + wrong} is of term ${termAt(prevLogIndex + 1 + wrong)}.`,
          rule: RULE.send,
          next: "From where in the log are the entries taken that go with a prevLogIndex?",
        }));
      }
    },
  );
});
