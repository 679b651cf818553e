import { agree, heartbeat, mustApply, requestVote, TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { mustVote } from "../candidates";
import { depose, lastOfLog, mustStandWith, propose, SENT } from "../leading";
import { RULE, WORKING } from "../rules";
import { fill, ScriptedLeader } from "../scripted-leader";
import { steadyLeader } from "../steady";

describe("The election restriction", () => {
  it(
    "2.2b A later last term beats a longer log, and a refusal leaves the vote free",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.3a"] },
    async (world, peers) => {
      await fill(world, peers, "S2", [1, 2, 2]);
      const own = { index: 3, term: 2 };
      await peers.awaitCampaign();

      await mustVote(world, peers, own, { index: 5, term: 1 }, false);
      await mustVote(world, peers, own, { index: 4, term: 2 }, true);
      await mustVote(world, peers, own, { index: 1, term: 3 }, true);
      await mustVote(world, peers, own, { index: 5, term: 1 }, false);
      const { currentTerm } = peers.status;
      const reply = await peers.ask("S2", requestVote("S2", currentTerm, own));
      world.check(reply.voteGranted === true, () => ({
        sentence: `S1 refused S3 its vote of term ${currentTerm}, whose log was not up to date, and then refuses S2 as well, whose log is just like S1's.`,
        rule: "Figure 2, RequestVote receiver, step 2: if votedFor is null or candidateId, and the log is up-to-date, grant vote.",
        next: "When is votedFor set: before or after the logs are compared?",
      }));
    },
  );

  it(
    "2.2c A candidate names its own last entry, not its term",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true, needs: ["2.3a", "2.4a"] },
    async (world, peers) => {
      const rule = "Figure 2, RequestVote: lastLogTerm is the term of the candidate's last log entry.";
      await fill(world, peers, "S2", [1, 1, 2]);
      await new ScriptedLeader(world, peers, "S3", 6, [1, 1, 2]).mustSend(3, 3);
      await mustStandWith(
        world,
        peers,
        { index: 3, term: 2 },
        "With three entries, the last of term 2, and a currentTerm of 6",
        rule,
      );

      await peers.elect();
      await propose(world, "S1", "a");
      await world.runFor(SENT);
      const last = lastOfLog(peers.log("S2").entries);
      await depose(world, peers, "S3");
      await mustStandWith(world, peers, last, "After it led and took a command", rule);
    },
  );

  it("2.2d A server that missed a committed entry is not elected", {
    points: 2,
    servers: 3,
    needs: WORKING,
  }, async (world) => {
    const leader = await steadyLeader(world);
    const [away, other] = world.draws.shuffle(world.ids.filter((id) => id !== leader));
    world.faults.isolate(away);
    for (const command of ["a", "b", "c"])
      await mustApply(world, await propose(world, leader, command), [leader, other]);
    await world.runFor(TIMING.electionTimeoutMax);

    world.faults.isolate(leader);
    world.faults.rejoin(away);
    const next = await world.awaitLeader([away, other]);
    world.check(next === other, () => ({
      sentence: `${away} leads term ${world.status(away).currentTerm}, although three commands were committed that it does not have.`,
      rule: RULE.upToDate,
      next: `Why did ${other}, which has these entries, vote for ${away}?`,
    }));
    await agree(world, "d", [away, other]);
    world.faults.heal();
    await agree(world, "e");
  });
});

describe("Entries and elections", () => {
  it(
    "2.3j Votes and new terms take nothing from a log",
    { points: 1, seeds: 10, servers: 5, scripted: true, needs: ["2.3a", "2.2a"] },
    async (world, peers) => {
      await peers.elect();
      peers.isLost = (to) => to !== "S2";
      await propose(world, "S1", "a");
      await propose(world, "S1", "b");
      await world.runFor(SENT);
      const last = lastOfLog(peers.log("S2").entries);

      const term = await depose(world, peers, "S3");
      await peers.ask("S2", requestVote("S2", term, last));
      await peers.ask("S2", heartbeat("S2", term));
      const after = `After it led, heard of term ${term} and voted`;
      const stood = await mustStandWith(world, peers, last, after, RULE.conflict);
      await peers.ask("S2", requestVote("S2", stood + 1, last));
      await mustStandWith(world, peers, last, "After another vote", RULE.conflict);
    },
  );
});
