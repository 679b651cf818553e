import type { KvOperation, KvResult } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { append, carryOut, cas, get, put, request, saidLately } from "../requests";
import { ANSWERING, ONCE, PROPOSING } from "../rules";
import { mustGive } from "../store";

describe("Carrying operations out", () => {
  it(
    "4.4a Put, get, append and cas do what they say",
    { points: 4, seeds: 4, scripted: true, servers: [3, 5], clients: 2, needs: PROPOSING },
    async (world, peers) => {
      await peers.elect();
      const steps: readonly (readonly [KvOperation, KvResult])[] = [
        [get("x"), null],
        [put("x", "a"), null],
        [get("x"), "a"],
        [append("x", "b"), null],
        [get("x"), "ab"],
        [cas("x", "ab", "c"), true],
        [cas("x", "ab", "d"), false],
        [get("x"), "c"],
        [append("y", "1"), null],
        [get("y"), "1"],
        [get("x"), "c"],
      ];
      await mustGive(world, peers, steps);
    },
  );
});

describe("At most once", () => {
  it(
    "4.5a A request that comes twice is carried out once, and answered twice",
    { points: 3, seeds: 6, scripted: true, servers: [3, 5], clients: 2, needs: ANSWERING },
    async (world, peers) => {
      await peers.elect();
      const times = world.draws.int(2, 4);
      for (let n = 0; n < times; n++) await carryOut(world, peers, request("C1", 1, append("x", "C1.1;")));
      const value = await carryOut(world, peers, request("C2", 1, get("x")));

      world.check(value === "C1.1;", () => ({
        sentence: `C1 asks ${times} times for its operation 1, append(x, “C1.1;”), for it has not got the answer; then x is ${JSON.stringify(value)}.`,
        rule: ONCE,
        next: "How does S1 know that it has carried this operation out before?",
        evidence: saidLately(world),
      }));
    },
  );
});
