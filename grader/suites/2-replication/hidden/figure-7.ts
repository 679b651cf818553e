import { entriesOfTerms, TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { propose } from "../leading";
import { RULE, refusalsMax } from "../rules";
import { fill, ScriptedLeader } from "../scripted-leader";
import { FOLLOWERS, LEADER } from "./figure-7-logs";

/** Each follower's log is tried in terms of its own: so many later than those of the one before. */
const TERMS_APART = 10;

describe("Figure 7", () => {
  it(
    "2.3i A follower with any log of Figure 7 ends with its leader's",
    { points: 2, seeds: 10, servers: 3, scripted: true, needs: ["2.1a", "2.3c"] },
    async (world, peers) => {
      for (const [round, { letter, log, termsInConflict }] of world.draws.shuffle(FOLLOWERS).entries()) {
        const later = (terms: readonly number[]) => terms.map((term) => term + TERMS_APART * round);
        const ofTerm = (term: number) => (term % 2 === 0 ? "S2" : "S3");
        await fill(world, peers, ofTerm(log[log.length - 1]), later(log));
        const terms = later([...LEADER, 8]);
        const leader = new ScriptedLeader(world, peers, ofTerm(8), 8 + TERMS_APART * round, terms);
        await leader.repair(refusalsMax(termsInConflict));
        await leader.mustHold(
          1,
          leader.lastIndex,
          `With log ${letter} of Figure 7, after its leader's repair`,
        );
      }
    },
  );

  it(
    "2.7c A leader repairs every log of Figure 7",
    { points: 2, seeds: 10, servers: 7, scripted: true, needs: ["2.1a", "2.5a"] },
    async (world, peers) => {
      await fill(world, peers, "S6", LEADER);
      for (const { id, log } of FOLLOWERS) peers.log(id).entries = entriesOfTerms(log);
      await peers.awaitCampaign(); // in term 7, which S7 leads
      const term = await peers.elect();
      const { index } = await propose(world, "S1", "a");

      const expected = [...LEADER, ...Array<number>(index - LEADER.length).fill(term)].join(" ");
      for (const { id, letter, log, termsInConflict } of FOLLOWERS) {
        const terms = () =>
          peers
            .log(id)
            .entries.map((entry) => entry.term)
            .join(" ");
        await world.runUntil(
          () => terms() === expected,
          TIMING.leaderWithin,
          () => ({
            sentence: `S1 leads term ${term} with a log of the terms ${expected}. Its follower with log ${letter} of Figure 7, ${log.join(" ")}, has ended with ${terms()}.`,
            rule: "§5.3: to bring a follower's log into consistency, the leader must find the latest entry where the two logs agree, delete what follows, and send the rest.",
            next: "Which prevLogIndex does S1 try after each refusal, and what does it send once one is accepted?",
          }),
        );
        const { refusals } = peers.log(id);
        world.check(refusals <= refusalsMax(termsInConflict), () => ({
          sentence: `S1 was refused ${refusals} times before it found where its log and log ${letter} of Figure 7 agree; expected at most ${refusalsMax(termsInConflict)} times.`,
          rule: RULE.backUp,
          next: "Where does S1 go after a refusal with matchIndex 3?",
        }));
      }
    },
  );
});
