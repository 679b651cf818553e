import {
  appendEntries,
  entriesOfTerms,
  lastOf,
  restart,
  type Term,
  TIMING,
  wroteBefore,
} from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { ANSWERED, EFFECTS_MAX, laterWords, ROUND } from "../moments";
import { countsAsCommitted, giveLog, holds, KEEP, MATCHING, mustHold } from "../rules";

describe("A crash at any moment", () => {
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
        const story = `S1 had acknowledged ${kept.length} entries, stopped ${laterWords(effects)}`;
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

        const scene = `S1's entries 2 to 4 of term ${term} were to give way to entry 2 of term ${term + 1}; it stopped ${laterWords(effects)}, and was started again`;
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
