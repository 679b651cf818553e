import {
  appendEntries,
  entriesOfTerms,
  heartbeat,
  requestVote,
  restart,
  START,
  TIMING,
} from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { adopt, answerWords, giveLog, holds, KEEP, MATCHING, mustHold, ONE_VOTE, PERSIST } from "../rules";

describe("Restarts", () => {
  it(
    "3.3d A candidate that is started again keeps its term and its vote for itself",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true },
    async (world, peers) => {
      for (let round = 0; round < 3; round++) {
        const term = await peers.awaitCampaign();
        await restart(world, "S1");

        const reply = await peers.ask("S2", requestVote("S2", term));
        world.check(reply.voteGranted === false && reply.term === term, () => ({
          sentence: `S1 stood for election in term ${term} and was started again; S2 asks for its vote of term ${term}, and S1 answers ${answerWords(reply)}.`,
          rule: ONE_VOTE,
          next: "To stand for election is to vote for oneself: when does that vote reach the disk?",
        }));
      }
      await peers.awaitCampaign(); // in a newer term than before
    },
  );

  it(
    "3.3e A vote that a new term has freed is free after a restart, too",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true, quiet: true },
    async (world, peers) => {
      for (const term of [2, 5]) {
        await peers.ask("S2", requestVote("S2", term));
        await adopt(world, peers, term + 1);
        await peers.ask("S2", requestVote("S2", term)); // the answer says that S1 is in the new term
        await restart(world, "S1");

        const reply = await peers.ask("S3", requestVote("S3", term + 1));
        world.check(reply.voteGranted === true, () => ({
          sentence: `S1 voted for S2 in term ${term}, came to term ${term + 1}, in which it voted for nobody, and was started again; S3 asks for its vote of term ${term + 1}, and S1 answers ${answerWords(reply)}.`,
          rule: "Figure 2, State: votedFor is the candidate that received the vote in the current term, or null if none.",
          next: "What happens to the votedFor on the disk when currentTerm changes there?",
        }));
      }
    },
  );

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

  it(
    "3.3i A server that is started again is in no older term than it has said",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true, quiet: true },
    async (world, peers) => {
      for (const term of [5, 9]) {
        await adopt(world, peers, term);
        await peers.ask("S3", requestVote("S3", term - 2)); // the answer says so
        await restart(world, "S1");

        const vote = await peers.ask("S2", requestVote("S2", term - 1));
        world.check(vote.voteGranted === false && vote.term === term, () => ({
          sentence: `S1 said that it is in term ${term}, was started again, is asked for its vote of term ${term - 1}, and answers ${answerWords(vote)}.`,
          rule: PERSIST,
          next: "Is a term that was only heard of on the disk, too?",
        }));
        await restart(world, "S1");
        const reply = await peers.ask("S2", heartbeat("S2", term - 1));
        world.check(reply.success === false && reply.term === term, () => ({
          sentence: `S1 said that it is in term ${term}, was started again, hears from the leader of term ${term - 1}, and answers ${answerWords(reply)}.`,
          rule: PERSIST,
          next: "Is a term that was only heard of on the disk, too?",
        }));
      }
    },
  );

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
