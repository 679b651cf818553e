import { entriesOfTerms, TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { entryAt, propose, SENT, TOO_EARLY } from "../leading";
import { RULE } from "../rules";
import { fill } from "../scripted-leader";

describe("Sending entries", () => {
  it(
    "2.4a A leader sends a new command to every peer",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a"] },
    async (world, peers) => {
      peers.answersHeartbeats = false;
      const term = await peers.elect();
      const { index: first } = await propose(world, "S1", "a");
      await propose(world, "S1", "b");
      await world.runFor(SENT);

      for (const [i, command] of ["a", "b"].entries()) {
        const index = first + i;
        for (const peer of peers.ids) {
          const brought = peers
            .all("AppendEntries")
            .filter(({ to }) => to === peer)
            .map(({ message }) => entryAt(message, index))
            .find((entry) => entry !== undefined);
          world.check(brought?.term === term && brought.command === command, () => ({
            sentence: `S1 took the command “${command}” as entry ${index} of term ${term}; within ${SENT} ms ${peer} ${brought === undefined ? "was not sent an entry with this index" : `was sent “${brought.command}” of term ${brought.term} as entry ${index}`}.`,
            rule: RULE.send,
            next: "Which entries does S1 send, from which index on, and to whom?",
          }));
        }
      }
    },
  );
});

describe("Taking answers", () => {
  it(
    "2.5a A leader goes back where a refusal tells it to, until its peers' logs are like its own",
    { points: 2, seeds: 10, servers: 5, scripted: true, needs: ["2.1a", "2.3a", "2.4a"] },
    async (world, peers) => {
      const terms = [1, 1, 3, 3];
      await fill(world, peers, "S5", terms);
      const logs = { S2: [], S3: [1, 1, 2, 2, 2], S4: [1, 1, 3], S5: terms };
      for (const [id, log] of Object.entries(logs)) peers.log(id).entries = entriesOfTerms(log);
      const term = await peers.elect();
      const { index } = await propose(world, "S1", "a");

      const expected = [...terms, ...Array<number>(index - terms.length).fill(term)].join(" ");
      for (const [id, log] of Object.entries(logs)) {
        const has = () => peers.log(id).entries.map((entry) => entry.term);
        await world.runUntil(
          () => has().join(" ") === expected,
          TIMING.leaderWithin,
          () => ({
            sentence: `S1 leads term ${term} with entries of the terms ${expected}. ${id} had ${log.length === 0 ? "none" : `those of ${log.join(" ")}`} and now has ${has().join(" ") || "none"}; each of its refusals said how far the logs might match.`,
            rule: "Figure 2, Leaders: if AppendEntries fails because of log inconsistency: decrement nextIndex and retry.",
            next: "What becomes of nextIndex after a refusal, and what does S1 send then?",
          }),
        );
      }
    },
  );

  it(
    "2.5d A leader sends again what was lost",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a", "2.4a", "2.5a"] },
    async (world, peers) => {
      await peers.elect();
      peers.isLost = () => true;
      const { index } = await propose(world, "S1", "a");
      await world.runFor(TOO_EARLY);
      peers.isLost = () => false;

      await world.runFor(TIMING.commitWithin);
      const without = peers.ids.filter((id) => peers.log(id).entries[index - 1]?.command !== "a");
      world.check(without.length === 0, () => ({
        sentence: `S1 has not sent entry ${index} to ${without.join(", ")} again, although its first messages were lost.`,
        rule: RULE.retry,
        next: "What does a heartbeat carry for a peer that has not acknowledged everything?",
      }));
    },
  );
});
