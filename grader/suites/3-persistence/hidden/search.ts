import { mustSurvive, walkRandomly } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import {
  type Allow,
  all,
  bothStand,
  noLeadersTimers,
  onlyElections,
  S1_HAS_A_COMMAND,
  without,
} from "../../searching";
import { RESTARTING } from "../rules";

/** Of all servers, only S1 stops and starts again. */
const onlyS1Stops: Allow = ({ kind, node }) => (kind !== "reboot" && kind !== "cut") || node === "S1";

const WALKS = { walks: 10, steps: 60, budget: { reboots: 3, drops: 5 } };

describe("A crash before and after every write", () => {
  it("3.4r Whoever stops, wherever in a handler, and whatever arrives then: a vote is given once", {
    points: 1,
    needs: RESTARTING,
    seeds: 1,
  }, async (world) => {
    await mustSurvive(world, { walks: WALKS }, bothStand({ id: "S1", term: 1 }, { id: "S3", term: 2 }, 6), {
      budget: { reboots: 1 },
      states: 3_000,
      watchEvery: 20,
      allow: onlyElections,
    });
    const commands = ["a", "b", "c", "d"];
    await walkRandomly(world, { walks: 10, steps: 100, commands, budget: { reboots: 5, drops: 5 } });
  });

  it("3.4s A candidate that stops, wherever in a handler, stands for election once in a term", {
    points: 1,
    needs: RESTARTING,
    seeds: 1,
  }, async (world) => {
    await mustSurvive(
      world,
      { walks: WALKS },
      {
        budget: { timers: 2, reboots: 1 },
        states: 3_000,
        watchEvery: 20,
        allow: all(onlyS1Stops, onlyElections),
      },
    );
  });

  it("3.4t An entry is committed, and the leader or the follower that stores it stops on the way: the next leader has it", {
    points: 1,
    needs: RESTARTING,
    seeds: 1,
  }, async (world) => {
    await mustSurvive(
      world,
      { commands: ["a"], walks: WALKS },
      S1_HAS_A_COMMAND,
      {
        budget: { reboots: 1 },
        states: 2_000,
        watchEvery: 20,
        allow: without("S3"),
        until: (state) => state.applied("S1") > 0 && state.count("reboots") === 1,
        starts: 40,
      },
      { budget: { timers: 1 }, states: 1_500, watchEvery: 2, allow: all(noLeadersTimers, onlyElections) },
    );
  });
});
