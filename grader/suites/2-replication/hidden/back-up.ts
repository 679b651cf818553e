import { agree, entriesOfTerms, TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { propose } from "../leading";
import { RULE, refusalsMax, WORKING } from "../rules";
import { fill, ScriptedLeader } from "../scripted-leader";
import { steadyLeader } from "../steady";

describe("Fast back-up", () => {
  it(
    "2.7b A leader goes back as far as a refusal says",
    { points: 1, seeds: 10, servers: 5, scripted: true, needs: ["2.1a", "2.5a"] },
    async (world, peers) => {
      const terms = [1, ...Array<number>(60).fill(13)];
      const logs = {
        S2: { log: [], termsInConflict: 0 },
        S3: { log: [1, ...Array<number>(70).fill(2)], termsInConflict: 1 },
        S4: { log: [1, ...entriesPerTerm(2, 11, 5)], termsInConflict: 10 },
        S5: { log: terms, termsInConflict: 0 },
      };
      await fill(world, peers, "S5", terms);
      for (const [id, { log }] of Object.entries(logs)) peers.log(id).entries = entriesOfTerms(log);
      await peers.elect();
      const { index } = await propose(world, "S1", "a");

      for (const [id, { termsInConflict }] of Object.entries(logs)) {
        await world.runUntil(
          () => peers.log(id).entries[index - 1]?.command === "a",
          TIMING.leaderWithin,
          () => ({
            sentence: `S1 has not brought ${id}'s log in line with its own within ${TIMING.leaderWithin} ms.`,
            rule: RULE.retry,
            next: "Which prevLogIndex does S1 try after each refusal?",
          }),
        );
        const { refusals } = peers.log(id);
        const most = refusalsMax(termsInConflict);
        world.check(refusals <= most, () => ({
          sentence: `${id} has ${termsInConflict} terms in conflict with S1's log and refused ${refusals} requests, each time saying how far the logs might match, before S1 had gone back far enough; expected at most ${most}.`,
          rule: RULE.backUp,
          next: "What becomes of the matchIndex of a refusal?",
        }));
      }
    },
  );

  it(
    "2.7d A follower gives up a term with each refusal",
    { points: 1, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.1a", "2.7a"] },
    async (world, peers) => {
      await fill(world, peers, "S2", [1, 1, 1, ...entriesPerTerm(2, 11, 5)], 3);
      const terms = [1, 1, 1, ...Array<number>(60).fill(12), 13];
      const leader = new ScriptedLeader(world, peers, "S3", 13, terms);

      await leader.repair(refusalsMax(10), 3);
      await leader.mustHold(1, leader.lastIndex, "After S3 has found where the logs part");
    },
  );

  it("2.7e Minorities with fifty entries that nobody else wants come to agree", {
    points: 1,
    seeds: 5,
    servers: 5,
    needs: WORKING,
  }, async (world) => {
    const first = await steadyLeader(world);
    await agree(world, "begin");
    const [friend, ...three] = world.draws.shuffle(world.ids.filter((id) => id !== first));
    const apart = world.faults.partition([first, friend], three);
    for (let n = 1; n <= 50; n++) await world.propose(first, `first minority ${n}`);

    await agree(world, "majority", three);
    const second = await steadyLeader(world, three);
    for (let n = 1; n <= 50; n++) await propose(world, second, `majority ${n}`);
    await agree(world, "majority's last", three);

    const [left, alone] = three.filter((id) => id !== second);
    const splits = world.faults.partition([second, left], [alone]);
    for (let n = 1; n <= 50; n++) await world.propose(second, `second minority ${n}`);
    await world.runFor(500);

    apart();
    splits();
    const others = [first, friend, alone];
    const joined = world.faults.partition(others, [second, left]);
    await agree(world, "joined", others);
    for (let n = 1; n <= 50; n++) await world.propose(await world.awaitLeader(others), `joined ${n}`);
    await agree(world, "joined's last", others);

    joined();
    await agree(world, "end");
  });
});

/** Terms from `first` to `last`, each so many times. */
function entriesPerTerm(first: number, last: number, times: number): number[] {
  const terms = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return terms.flatMap((term) => Array<number>(times).fill(term));
}
