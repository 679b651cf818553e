import {
  appendEntries,
  heartbeatReply,
  requestVote,
  restart,
  stopAfterSending,
  TIMING,
} from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { ANSWERED, EFFECTS_MAX, laterWords, ROUND } from "../moments";
import { answerWords, giveLog, ONE_VOTE, PERSIST } from "../rules";

describe("A crash at any moment", () => {
  it(
    "3.4c A vote that was sent outlives a crash at any moment, and so do older ones",
    { points: 3, needs: ["3.3a"], seeds: 5, servers: [3, 5], scripted: true, quiet: true },
    async (world, peers) => {
      for (let effects = 0; effects <= EFFECTS_MAX; effects++) {
        const term = effects * ROUND + 1;
        await peers.ask("S2", requestVote("S2", term));
        const already = peers.heard.length;
        world.faults.stopAfter("S1", effects);
        peers.tell("S3", requestVote("S3", term + 1));
        await world.runFor(ANSWERED);
        const hasVoted = peers.heard.slice(already).some(({ message }) => message.voteGranted === true);
        await restart(world, "S1");

        const older = await peers.ask("S3", requestVote("S3", term));
        world.check(older.voteGranted === false, () => ({
          sentence: `S1 voted for S2 in term ${term}, was asked by S3 for its vote of term ${term + 1}, and stopped ${laterWords(effects)}; started again, it votes for S3 in term ${term}.`,
          rule: ONE_VOTE,
          next: "The term and the vote belong together: are they changed on the disk in one write?",
        }));
        if (!hasVoted) continue;
        const second = await peers.ask("S2", requestVote("S2", term + 1));
        world.check(second.voteGranted === false, () => ({
          sentence: `S1 voted for S3 in term ${term + 1}, the answer was sent, and S1 stopped; started again, it votes for S2 in term ${term + 1}.`,
          rule: ONE_VOTE,
          next: "What comes first in the handler: the write, or the answer?",
        }));
      }
    },
  );

  it(
    "3.4d A candidate that stops after its first request remembers that it stood",
    { points: 2, needs: ["3.3a"], seeds: 5, servers: [3, 5], scripted: true },
    async (world, peers) => {
      for (const requests of [1, 2, 1]) {
        const already = peers.heard.length;
        let left = requests;
        stopAfterSending(world, "S1", ({ type }) => type === "RequestVote" && --left === 0);
        const asked = () => peers.heard.slice(already).find(({ message }) => message.type === "RequestVote");
        await world.runWhile(() => asked() === undefined, 2 * TIMING.electionTimeoutMax + ANSWERED);
        await world.runFor(ANSWERED);
        const term = asked()?.message.term ?? 0;
        world.check(term > 0, () => ({
          sentence: "S1 heard from no leader, and did not stand for election.",
          rule: "Figure 2, Followers: if the election timeout elapses, convert to candidate.",
          next: "Is the election timer set after a restart?",
        }));
        await restart(world, "S1");

        const reply = await peers.ask("S2", requestVote("S2", term));
        world.check(reply.voteGranted === false && reply.term === term, () => ({
          sentence: `S1 stood for election in term ${term} and stopped after ${requests === 1 ? "its first request" : "two of its requests"}; started again, it answers S2's request of term ${term}: ${answerWords(reply)}.`,
          rule: ONE_VOTE,
          next: "What comes first in startElection: the write, or the requests?",
        }));
      }
    },
  );

  it(
    "3.4e A term that a server has spoken in outlives a crash at any moment",
    { points: 2, needs: ["3.3b"], seeds: 5, servers: [3, 5], scripted: true, quiet: true },
    async (world, peers) => {
      await giveLog(world, peers, "S2", 1, [1, 1]);
      await restart(world, "S1"); // who has just heard a leader may keep its term to itself
      for (let effects = 0; effects <= EFFECTS_MAX; effects++) {
        const term = effects * ROUND + 3;
        const news = [
          requestVote("S3", term), // refused: its log is empty
          appendEntries("S3", term + 1, { index: 9, term }, []), // refused: S1 has no entry 9
          heartbeatReply(term + 2, false), // needs no answer
        ];
        for (const message of news) {
          const already = peers.heard.length;
          world.faults.stopAfter("S1", effects);
          peers.tell("S3", message);
          await world.runFor(ANSWERED);
          const said = Math.max(0, ...peers.heard.slice(already).map((heard) => heard.message.term ?? 0));
          await restart(world, "S1");
          if (said < message.term) continue;

          const reply = await peers.ask("S2", requestVote("S2", said - 1, { index: 9, term: 2 }));
          world.check(reply.voteGranted === false && (reply.term ?? 0) >= said, () => ({
            sentence: `S1 answered in term ${said}, stopped ${laterWords(effects)}, was started again, and answers a candidate of term ${said - 1} ${answerWords(reply)}.`,
            rule: PERSIST,
            next: "A refusal names a term, too: is that on the disk before the answer is sent?",
          }));
        }
      }
    },
  );
});
