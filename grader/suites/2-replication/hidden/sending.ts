import { entriesOfTerms } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { depose, entryAt, propose, SENT } from "../leading";
import { RULE } from "../rules";
import { fill } from "../scripted-leader";

const PREV =
  "Figure 2, AppendEntries: prevLogTerm is the term of the entry at prevLogIndex, the one immediately preceding the new ones.";

describe("Sending entries", () => {
  it(
    "2.4b A new leader asks for the entry before the first that it sends",
    { points: 1, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a"] },
    async (world, peers) => {
      peers.answersHeartbeats = false;
      const earlier = await peers.elect();
      await propose(world, "S1", "a");
      const last = await propose(world, "S1", "b");
      await depose(world, peers, "S3");
      const term = await peers.elect();
      await propose(world, "S1", "c");
      await world.runFor(SENT);

      const sent = peers.all("AppendEntries").filter(({ message }) => message.term === term);
      const termAt = (index: number) => (index === 0 ? 0 : index <= last.index ? earlier : term);
      for (const { to, message } of sent) {
        const { prevLogIndex = 0, prevLogTerm } = message;
        world.check(prevLogTerm === termAt(prevLogIndex), () => ({
          sentence: `S1 sends ${to} an AppendEntries with prevLogIndex ${prevLogIndex} and prevLogTerm ${prevLogTerm}; its entry ${prevLogIndex} is of term ${termAt(prevLogIndex)}.`,
          rule: PREV,
          next: "Which entry does S1 look up for prevLogTerm?",
        }));
      }
      const full = sent.some(({ message }) => (message.entries ?? []).length > 0);
      world.check(full, () => ({
        sentence: `S1 leads term ${term} and took a command ${SENT} ms ago; it has sent no entries in this term.`,
        rule: RULE.send,
        next: "When does S1 send new entries, and to whom?",
      }));
    },
  );

  it(
    "2.5e Each AppendEntries says which entry comes before its own",
    { points: 1, seeds: 10, servers: 5, scripted: true, needs: ["2.1a", "2.3a", "2.5a"] },
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
          rule: PREV,
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
