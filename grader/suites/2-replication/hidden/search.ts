import { mustSurvive, type Stage, walkRandomly } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import {
  all,
  fromTerm,
  leads,
  noLeadersTimers,
  onlyElections,
  S1_HAS_A_COMMAND,
  sendsEntries,
  timersOf,
} from "../../searching";
import { WORKING } from "../rules";

/** S2 leads too, in a later term, and has taken another one, which is on its way. */
const S2_LEADS_TOO: Stage = {
  budget: { timers: 2, proposals: 2 },
  states: 1_000,
  allow: all(timersOf("S2"), onlyElections),
  until: (state) => leads(state, "S2") && sendsEntries(state, "S2"),
};

const WALKS = { walks: 10, steps: 60, budget: { duplicates: 5, drops: 5 } };

describe("Every order", () => {
  it("2.8q Two servers lead, each with an entry of its own: whatever comes first, the logs stay right", {
    points: 1,
    needs: WORKING,
    seeds: 1,
  }, async (world) => {
    await mustSurvive(world, { commands: ["a", "b"], walks: WALKS }, S1_HAS_A_COMMAND, S2_LEADS_TOO, {
      budget: { duplicates: 1 },
      states: 4_000,
      watchEvery: 20,
    });
    const commands = ["a", "b", "c", "d"];
    await walkRandomly(world, { walks: 10, steps: 100, commands, budget: { duplicates: 5, drops: 10 } });
  });

  it("2.8r Figure 8: whoever leads next and whatever arrives, no entry of an earlier term is committed by counting", {
    points: 1,
    needs: WORKING,
    seeds: 1,
  }, async (world) => {
    await mustSurvive(
      world,
      { commands: ["a", "b"], walks: WALKS },
      S1_HAS_A_COMMAND,
      S2_LEADS_TOO,
      {
        budget: { timers: 2 },
        states: 1_000,
        allow: all(timersOf("S1"), noLeadersTimers, onlyElections),
        until: (state) => leads(state, "S1") && state.status("S1").currentTerm > 2,
      },
      {
        budget: { timers: 1 },
        states: 4_000,
        watchEvery: 5,
        allow: all(timersOf("S2"), noLeadersTimers, fromTerm(3)),
      },
    );
  });

  it("2.8s Figure 7: a new leader and two followers with other logs: in whatever order they talk, all logs become its own", {
    points: 1,
    needs: WORKING,
    seeds: 1,
  }, async (world) => {
    await mustSurvive(
      world,
      { commands: ["a", "b", "c", "d"], walks: WALKS },
      // S1 has entries 1 and 2 of term 1, S2 has entry 1 of term 2, S3 has nothing.
      {
        budget: { timers: 1, proposals: 2 },
        states: 1_000,
        allow: all(timersOf("S1"), onlyElections),
        until: (state) => leads(state, "S1") && state.count("proposals") === 2,
      },
      {
        budget: { timers: 1, proposals: 3 },
        states: 1_000,
        allow: all(timersOf("S2"), onlyElections),
        until: (state) => leads(state, "S2") && state.count("proposals") === 3,
      },
      {
        budget: { timers: 2 },
        states: 2_000,
        allow: all(timersOf("S1", "S3"), onlyElections),
        until: (state) => leads(state, "S1") && state.status("S1").currentTerm > 2,
      },
      {
        budget: { duplicates: 1, proposals: 4 },
        states: 4_000,
        watchEvery: 20,
        allow: fromTerm(3),
      },
    );
  });
});
