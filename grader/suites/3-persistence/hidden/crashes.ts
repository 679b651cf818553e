import {
  appendEntries,
  entriesOfTerms,
  heartbeatReply,
  lastOf,
  requestVote,
  restart,
  stopAfterSending,
  type Term,
  TIMING,
  wroteBefore,
} from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import {
  answerWords,
  countsAsCommitted,
  giveLog,
  holds,
  KEEP,
  MATCHING,
  mustHold,
  ONE_VOTE,
  PERSIST,
} from "../rules";

/** A handler is stopped after 0, 1, 2, … effects, up to so many. */
const EFFECTS_MAX = 7;
/** Time in which S1 answers, and the answer arrives. */
const ANSWERED = TIMING.answerWithin + 3;
/** Terms of one round of a test lie above those of the round before by so much. */
const ROUND: Term = 10;

const words = (effects: number) => `${effects} ${effects === 1 ? "effect" : "effects"} later`;

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
          sentence: `S1 voted for S2 in term ${term}, was asked by S3 for its vote of term ${term + 1}, and stopped ${words(effects)}; started again, it votes for S3 in term ${term}.`,
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
            sentence: `S1 answered in term ${said}, stopped ${words(effects)}, was started again, and answers a candidate of term ${said - 1} ${answerWords(reply)}.`,
            rule: PERSIST,
            next: "A refusal names a term, too: is that on the disk before the answer is sent?",
          }));
        }
      }
    },
  );

  it(
    "3.4f An entry that was acknowledged outlives a crash at any moment",
    { points: 3, needs: ["3.3b"], seeds: 5, servers: [3, 5], scripted: true, quiet: true },
    async (world, peers) => {
      const terms: Term[] = [];
      for (let effects = 0; effects <= EFFECTS_MAX; effects++) {
        const term = effects * ROUND + 1;
        if (terms.length > 0) await giveLog(world, peers, "S2", term, terms);
        const before = lastOf(entriesOfTerms(terms));
        terms.push(term, term);
        const entries = entriesOfTerms(terms).slice(before.index);
        const already = peers.heard.length;
        world.faults.stopAfter("S1", effects);
        peers.tell("S2", appendEntries("S2", term, before, entries, before.index + 1));
        await world.runFor(ANSWERED);
        const acknowledged = peers.heard.slice(already).some(({ message }) => message.success === true);
        await restart(world, "S1");

        const kept = acknowledged ? terms : terms.slice(0, before.index);
        const story = `S1 had acknowledged ${kept.length} entries, stopped ${words(effects)}`;
        if (kept.length > 0) await mustHold(world, peers, "S3", term + 1, kept, story);
      }
    },
  );

  it(
    "3.4g A crash never leaves half of an old log beside half of a new one",
    { points: 3, needs: ["3.3b"], seeds: 5, servers: [3, 5], scripted: true, quiet: true },
    async (world, peers) => {
      for (let effects = 0; effects <= EFFECTS_MAX; effects++) {
        const term = effects * ROUND + 2;
        await giveLog(world, peers, "S2", term, [1, term, term, term]);
        const [, entry] = entriesOfTerms([1, term + 1]);
        const already = peers.heard.length;
        world.faults.stopAfter("S1", effects);
        peers.tell("S3", appendEntries("S3", term + 1, { index: 1, term: 1 }, [entry]));
        await world.runFor(ANSWERED);
        const acknowledged = peers.heard.slice(already).some(({ message }) => message.success === true);
        await restart(world, "S1");

        const scene = `S1's entries 2 to 4 of term ${term} were to give way to entry 2 of term ${term + 1}; it stopped ${words(effects)}, and was started again`;
        const hasFirst = await holds(world, peers, "S2", term + 2, { index: 1, term: 1 });
        world.check(hasFirst, () => ({
          sentence: `${scene}. Entry 1, which was not in conflict, is gone.`,
          rule: KEEP,
          next: "Is there a moment at which the disk has no log?",
        }));
        const hasNew = await holds(world, peers, "S3", term + 3, { index: 2, term: term + 1 });
        world.check(hasNew || !acknowledged, () => ({
          sentence: `${scene}. It had acknowledged the new entry, and does not have it.`,
          rule: KEEP,
          next: "What comes first in the handler: the write, or the answer?",
        }));
        const hasOld = await holds(world, peers, "S2", term + 4, { index: 4, term });
        world.check(!(hasNew && hasOld), () => ({
          sentence: `${scene}. Now its log has both the new entry 2 of term ${term + 1} and the old entry 4 of term ${term}.`,
          rule: MATCHING,
          next: "How many writes does it take to put new entries in the place of old ones?",
        }));
      }
    },
  );

  it(
    "3.4h An entry that its leader counted as committed outlives the leader's crash at any moment",
    { points: 2, needs: ["3.3b"], seeds: 5, servers: [3, 5], scripted: true },
    async (world, peers) => {
      for (let effects = 0; effects <= 2 * EFFECTS_MAX; effects++) {
        const term = await peers.elect();
        const since = world.trace.length;
        world.faults.stopAfter("S1", effects);
        const { answer } = await submit();
        await world.runFor(2 * TIMING.heartbeatIntervalMax);
        await restart(world, "S1");

        if (!answer) continue;
        const isCounted = wroteBefore(world, "S1", since, countsAsCommitted(world, answer.index));
        if (isCounted === undefined) continue;
        const has = await holds(world, peers, "S2", term + ROUND, answer);
        world.check(has, () => ({
          sentence: `S1 led term ${term}, treated its entry ${answer.index} as committed, with itself in the majority, and stopped; started again, it has no such entry.`,
          rule: KEEP,
          next: "When does the leader's own log reach the disk: before or after it counts who has the entry?",
        }));
      }

      async function submit() {
        const proposal = world.submit("S1", "a command");
        await world.runFor(0);
        return proposal;
      }
    },
  );
});
