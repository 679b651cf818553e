import { appendEntries, entriesOfTerms, heartbeat, TIMING, wroteBefore } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { answerWords, countsAsCommitted, KEEP, mustWriteBeforeSending } from "../rules";

describe("Entries on the disk", () => {
  it(
    "3.2a An entry is on the disk before it is acknowledged",
    { points: 3, seeds: 10, servers: [3, 5], scripted: true, quiet: true },
    async (world, peers) => {
      const entries = entriesOfTerms([2, 2, 2, 2]);
      await peers.ask("S2", heartbeat("S2", 2));
      for (const [i, entry] of entries.entries()) {
        const since = world.trace.length;

        const before = { index: i, term: i === 0 ? 0 : 2 };
        const reply = await peers.ask("S2", appendEntries("S2", 2, before, [entry]));

        world.check(reply.success === true && reply.matchIndex === i + 1, () => ({
          sentence: `S1 is sent entry ${i + 1} and answers ${answerWords(reply)}; expected success, matchIndex ${i + 1}.`,
          rule: "Figure 2, AppendEntries receiver, step 4.",
          next: "Does the log of lab 2 still work as before?",
        }));
        mustWriteBeforeSending(
          world,
          since,
          ({ type, success, matchIndex = 0 }) =>
            type === "AppendEntriesReply" && success === true && matchIndex > i,
          `my log has entry ${i + 1}`,
        );
      }
    },
  );

  it(
    "3.2b A leader counts itself for an entry only once it is on its disk",
    { points: 3, seeds: 10, servers: [3, 5], scripted: true },
    async (world, peers) => {
      await peers.elect();
      for (let round = 1; round <= 3; round++) {
        const since = world.trace.length;

        const proposed = await world.propose("S1", `command ${round}`);
        await world.runFor(TIMING.commitWithin);

        const index = proposed?.index ?? 0;
        const hasWritten = wroteBefore(world, "S1", since, countsAsCommitted(world, index));
        world.check(hasWritten === true, () => ({
          sentence:
            hasWritten === undefined
              ? `S1 leads, was given a command, every peer has it, and ${TIMING.commitWithin} ms later S1 has not applied it.`
              : `S1 leads and treats entry ${index} as committed, with itself in the majority; nothing was written to its disk since the command came.`,
          rule: KEEP,
          next: "When does the leader's own log reach the disk: before or after it counts who has the entry?",
        }));
      }
    },
  );
});
