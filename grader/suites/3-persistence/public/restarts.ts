import {
  appendEntries,
  entriesOfTerms,
  lastOf,
  requestVote,
  restart,
  START,
  TIMING,
} from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { answerWords, giveLog, mustHold, ONE_VOTE } from "../rules";

describe("Restarts", () => {
  it(
    "3.3a A server that is started again remembers its vote",
    { points: 4, seeds: 10, servers: [3, 5], scripted: true, quiet: true },
    async (world, peers) => {
      for (const term of [1, 4]) {
        await peers.ask("S2", requestVote("S2", term));
        await restart(world, "S1");

        const second = await peers.ask("S3", requestVote("S3", term));
        world.check(second.voteGranted === false && second.term === term, () => ({
          sentence: `S1 voted for S2 in term ${term} and was started again; S3 asks for its vote of term ${term}, and S1 answers ${answerWords(second)}.`,
          rule: ONE_VOTE,
          next: "What does start() read from the disk, and under which keys was it written?",
        }));

        const again = await peers.ask("S2", requestVote("S2", term));
        world.check(again.voteGranted === true, () => ({
          sentence: `S1 voted for S2 in term ${term} and was started again; S2, whose answer may have been lost, asks again and is refused.`,
          rule: "Figure 2, RequestVote receiver, step 2: if votedFor is null or candidateId, grant vote.",
          next: "What is votedFor after the restart?",
        }));
      }
    },
  );

  it(
    "3.3b A server that is started again has its log",
    { points: 4, seeds: 10, servers: [3, 5], scripted: true, quiet: true },
    async (world, peers) => {
      const terms = [1, 1, 2, 4];
      await giveLog(world, peers, "S2", 1, [1, 1]);
      await giveLog(world, peers, "S2", 4, terms);
      await restart(world, "S1");

      await mustHold(world, peers, "S3", 6, terms, "S1 acknowledged four entries");
      await restart(world, "S1");

      const shorter = await peers.ask("S2", requestVote("S2", 7, { index: 3, term: 2 }));
      world.check(shorter.voteGranted === false, () => ({
        sentence:
          "S1's last entry is of term 4; it was started again and votes for a candidate whose log ends in term 2.",
        rule: "§5.4.1: a voter denies its vote if its own log is more up-to-date than that of the candidate.",
        next: "Are lastLogIndex and lastLogTerm those of the log on the disk after a restart?",
      }));
    },
  );

  it(
    "3.3c A server that is started again applies the committed entries again, and no others",
    { points: 4, seeds: 10, servers: 3, scripted: true, quiet: true },
    async (world, peers) => {
      const entries = entriesOfTerms([1, 1, 1, 1, 1]);
      await giveLog(world, peers, "S2", 1, [1, 1, 1, 1, 1], 3);
      await restart(world, "S1");
      await world.runFor(TIMING.answerWithin);
      const early = world.applied("S1").length;
      world.check(early <= 3, () => ({
        sentence: `S1's log has 5 entries, of which 3 are committed; it was started again, and applies ${early}.`,
        rule: "Figure 2, State: commitIndex begins at 0 and grows as S1 learns what is committed; the log may hold more.",
        next: "What does a server know to be committed when it starts?",
      }));

      for (const commit of [3, 4]) {
        await peers.ask("S2", appendEntries("S2", 1, lastOf(entries), [], commit));
        const applied = world.applied("S1");
        const isRight =
          applied.length === commit && applied.every(({ command }, i) => command === entries[i].command);
        world.check(isRight, () => ({
          sentence: `S1 was started again with an empty state machine, and hears that entries up to ${commit} are committed; it has applied ${applied.length === 0 ? "nothing" : `the entries ${applied.map(({ index }) => index).join(", ")}`}.`,
          rule: "Figure 2, State: lastApplied is volatile and begins at 0: the state machine gets every entry again, from index 1 on.",
          next: "Which values do commitIndex and lastApplied have after a restart?",
        }));
      }
      await peers.ask("S2", appendEntries("S2", 1, START, []));
    },
  );
});
