import { appendEntries, entriesOfTerms, restart, START, TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { giveLog } from "../rules";

describe("Restarts", () => {
  it(
    "3.3j What was not committed is not applied after a restart",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true },
    async (world, peers) => {
      peers.answersHeartbeats = false;
      const term = await peers.elect();
      for (const command of ["x", "y", "z"]) await world.propose("S1", command);
      await world.runFor(TIMING.answerWithin);
      await restart(world, "S1");
      await world.runFor(TIMING.answerWithin);

      const early = world.applied("S1").length;
      world.check(early === 0, () => ({
        sentence: `S1 led and took three commands, which no other server has; it was started again, and applies ${early} entries.`,
        rule: "§5.3: an entry is committed once the leader that created it has replicated it on a majority.",
        next: "Which entries of its log does a server know to be committed when it starts?",
      }));
      const entry = { term: term + 1, command: "of the next leader" };
      await peers.ask("S2", appendEntries("S2", term + 1, START, [entry], 1));
      const applied = world.applied("S1").map(({ command }) => command);
      world.check(applied.length === 1 && applied[0] === entry.command, () => ({
        sentence: `The next leader's first entry is committed; S1, which had others there when it was started, has applied ${JSON.stringify(applied)}.`,
        rule: "State Machine Safety (Figure 3).",
        next: "Which values do commitIndex and lastApplied have after a restart?",
      }));
    },
  );

  it(
    "3.3k What is committed beyond what a follower has checked is not applied after a restart",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true, quiet: true },
    async (world, peers) => {
      const newer = entriesOfTerms([1, 2, 2]);
      await giveLog(world, peers, "S2", 1, [1, 1, 1]);
      await peers.ask("S3", appendEntries("S3", 2, { index: 1, term: 1 }, [], 3));
      await restart(world, "S1");
      await world.runFor(TIMING.answerWithin);

      const early = world.applied("S1").length;
      world.check(early <= 1, () => ({
        sentence: `The leader has committed 3 entries, of which S1 has only the first, and two others in the places of the rest; S1 was started again, and applies ${early} entries.`,
        rule: "Figure 2, AppendEntries receiver, step 5: commitIndex = min(leaderCommit, index of last new entry).",
        next: "If S1 keeps its commitIndex: what exactly does it write?",
      }));
      await peers.ask("S3", appendEntries("S3", 2, { index: 1, term: 1 }, newer.slice(1), 3));
      const applied = world.applied("S1").map(({ command }) => command);
      const isRight = applied.length === 3 && newer.every(({ command }, i) => command === applied[i]);
      world.check(isRight, () => ({
        sentence: `S1 was sent the entries that it lacked, all three are committed, and it has applied ${JSON.stringify(applied)}.`,
        rule: "State Machine Safety (Figure 3).",
        next: "Which values do commitIndex and lastApplied have after a restart?",
      }));
    },
  );
});
