import { type KvOperation, mustSurvive, type Stage, walkRandomly } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { type Allow, all, hasStored, leads, timersOf, without } from "../../searching";
import { append, cas } from "../requests";
import { WORKING } from "../rules";

// No operation here is a get: a search knows no time, and leases, with which reads may be answered, are promises about time.

/** Of a text that was appended once, cas finds one. */
const APPEND_AND_LOOK: readonly KvOperation[] = [append("x", "1;"), cas("x", "1;", "2;")];

/** S1 leads, and S2 follows it. */
const S1_LEADS: Stage = {
  budget: { timers: 1 },
  states: 1_000,
  allow: timersOf("S1"),
  until: (state) => leads(state, "S1") && state.status("S2").currentTerm === state.status("S1").currentTerm,
};

/** What was done and answered is not done again: C2 begins after C1's first operation, and C1 goes on after C2's. */
const oneAfterTheOther: Allow = ({ kind, node }, state) => {
  if (kind !== "invoke") return true;
  const [first, second] = [state.completed("C1"), state.completed("C2")];
  return node === "C2" ? first === 1 : first === second;
};

const WALKS = { walks: 10, steps: 60, budget: { duplicates: 5, drops: 5 } };

describe("Every order", () => {
  it("4.5j A request comes twice, or is sent again, or both: it is carried out once", {
    points: 1,
    needs: WORKING,
    seeds: 1,
    clients: 1,
  }, async (world) => {
    const allow = all(without("S3"), timersOf("C1"));
    await mustSurvive(
      world,
      { operations: [APPEND_AND_LOOK], walks: WALKS },
      S1_LEADS,
      {
        budget: { timers: 1, duplicates: 2 },
        states: 2_000,
        watchEvery: 50,
        allow,
        until: (state) => state.completed("C1") === 1,
        starts: 60,
      },
      { budget: { duplicates: 1 }, states: 4_000, watchEvery: 50, allow },
    );
    const operations = [[...APPEND_AND_LOOK, append("x", "3;"), cas("x", "2;3;", "4;")]];
    await walkRandomly(world, { walks: 10, steps: 120, operations, budget: { duplicates: 10, drops: 5 } });
  });

  it("4.5k Two clients, one after the other, and a message that comes twice: each has its own operations done once", {
    points: 1,
    needs: WORKING,
    seeds: 1,
    clients: 2,
  }, async (world) => {
    await mustSurvive(
      world,
      { operations: [[append("x", "1;"), cas("x", "1;2;", "3;")], [append("x", "2;")]], walks: WALKS },
      S1_LEADS,
      {
        budget: { duplicates: 1 },
        states: 2_000,
        watchEvery: 50,
        allow: all(without("S3"), oneAfterTheOther),
      },
    );
  });

  it("4.5l The leader is lost after it has stored a request: with the next one it is carried out once, however often it comes", {
    points: 1,
    needs: WORKING,
    seeds: 1,
    clients: 1,
  }, async (world) => {
    const allow = all(without("S1"), timersOf("C1"));
    await mustSurvive(
      world,
      { operations: [APPEND_AND_LOOK], walks: WALKS },
      {
        budget: { timers: 1 },
        states: 2_000,
        allow: timersOf("S1"),
        until: (state) => leads(state, "S1") && hasStored(state, "S2"),
      },
      {
        budget: { timers: 1 },
        states: 1_000,
        allow: all(without("S1"), timersOf("S2")),
        until: (state) => leads(state, "S2"),
      },
      {
        budget: { timers: 2 },
        states: 2_000,
        watchEvery: 50,
        allow,
        until: (state) => state.completed("C1") === 1,
        starts: 40,
      },
      { budget: { timers: 1, duplicates: 1 }, states: 4_000, watchEvery: 50, allow },
    );
  });
});
