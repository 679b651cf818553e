import { appendEntries, entriesOfTerms, requestVote, restart, TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { answerWords, giveLog, holds, KEEP, MATCHING, mustHold } from "../rules";

describe("Restarts", () => {
  it(
    "3.3f Entries that gave way to others do not come back",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true, quiet: true },
    async (world, peers) => {
      await giveLog(world, peers, "S2", 1, [1, 1, 1]);
      await giveLog(world, peers, "S2", 2, [1, 1, 2]);
      await restart(world, "S1");
      await mustHold(
        world,
        peers,
        "S2",
        2,
        [1, 1, 2],
        "S1 acknowledged entry 3 of term 2 in the place of another",
      );

      await giveLog(world, peers, "S2", 2, [1, 1, 2, 2, 2, 2]);
      const [, , third] = entriesOfTerms([1, 1, 3]);
      await peers.ask("S3", appendEntries("S3", 3, { index: 2, term: 1 }, [third]));
      await restart(world, "S1");

      await mustHold(world, peers, "S3", 4, [1, 1, 3], "S1 acknowledged entry 3 of term 3");
      const hasOld = await holds(world, peers, "S2", 5, { index: 6, term: 2 });
      world.check(!hasOld, () => ({
        sentence:
          "S1's entries 3 to 6 of term 2 gave way to entry 3 of term 3; S1 was started again, and entry 6 of term 2 is back.",
        rule: MATCHING,
        next: "The log has become shorter: what removes the rest from the disk?",
      }));
      await restart(world, "S1");
      const vote = await peers.ask("S3", requestVote("S3", 6, { index: 3, term: 3 }));
      world.check(vote.voteGranted === true, () => ({
        sentence: `S1's log ends with entry 3 of term 3; after a restart it answers a candidate with just such a log ${answerWords(vote)}.`,
        rule: "§5.4.1: the log of the later last term is more up-to-date; with equal last terms, the longer one.",
        next: "Which entries does S1 read from its disk?",
      }));
    },
  );

  it(
    "3.3g A log that is shortened after a restart stays so after the next",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true, quiet: true },
    async (world, peers) => {
      await giveLog(world, peers, "S2", 2, [1, 2, 2, 2, 2]);
      await restart(world, "S1");
      await giveLog(world, peers, "S3", 3, [1, 3]);
      await restart(world, "S1");
      await mustHold(world, peers, "S3", 4, [1, 3], "S1 acknowledged entry 2 of term 3");

      const hasOld = await holds(world, peers, "S2", 5, { index: 5, term: 2 });
      world.check(!hasOld, () => ({
        sentence:
          "S1 was started with 5 entries on its disk, of which 2 to 5 gave way to entry 2 of term 3; it was started again, and entry 5 of term 2 is back.",
        rule: MATCHING,
        next: "After a restart, how does S1 know how much of a log its disk holds?",
      }));
      await giveLog(world, peers, "S3", 6, [1, 3, 6]);
      await restart(world, "S1");
      await mustHold(world, peers, "S3", 7, [1, 3, 6], "S1 acknowledged entry 3 of term 6");
    },
  );

  it(
    "3.3h A leader that is started again leads again with all its entries",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true },
    async (world, peers) => {
      const commands = ["a", { b: [1, 2] }, 3];
      peers.silent.add("S3");
      await peers.elect();
      for (const command of commands) {
        await world.propose("S1", command);
        await world.runFor(TIMING.heartbeatIntervalMax);
      }
      const mine = peers.log("S2").entries;
      const last = { index: mine.length, term: mine.at(-1)?.term ?? 0 };
      await restart(world, "S1");
      peers.silent.clear();

      const term = await peers.awaitCampaign();
      const request = peers.all("RequestVote").find(({ message }) => message.term === term)?.message;
      world.check(request?.lastLogIndex === last.index && request.lastLogTerm === last.term, () => ({
        sentence: `S1's log ended with entry ${last.index} of term ${last.term}; it was started again, and asks for votes with lastLogIndex ${request?.lastLogIndex} and lastLogTerm ${request?.lastLogTerm}.`,
        rule: "§5.4.1: the RequestVote includes information about the candidate's log.",
        next: "Does a restarted server know its last entry: is everything rebuilt that depends on the log?",
      }));
      await peers.elect();
      await world.runFor(TIMING.commitWithin);
      const received = peers.log("S3").entries.map(({ command }) => JSON.stringify(command));
      const lost = commands.find((command) => !received.includes(JSON.stringify(command)));
      world.check(lost === undefined, () => ({
        sentence: `S1 took ${commands.length} commands as the leader, was started again, and leads again; S3, who had heard of none of them, still lacks ${JSON.stringify(lost)} ${TIMING.commitWithin} ms later.`,
        rule: KEEP,
        next: "Are the commands on the disk, or only what the log looks like?",
      }));
    },
  );
});
