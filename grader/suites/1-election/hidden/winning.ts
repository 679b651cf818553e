import { grant, heartbeat, heartbeatReply, refuse, requestVote, TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { ADOPT, NEXT_ELECTION_MAX } from "../rules";

describe("Winning", () => {
  it(
    "1.6c Doubled votes count once",
    { points: 2, servers: [4, 5, 7], scripted: true },
    async (world, peers) => {
      const term = await peers.awaitCampaign();
      for (let copy = 0; copy < world.ids.length; copy++) peers.tell("S2", grant(term));
      await world.runFor(2 * TIMING.answerWithin);

      world.check(peers.status.role !== "leader", () => ({
        sentence: `S1 leads term ${term}, elected by itself and by S2, whose vote arrived ${world.ids.length} times.`,
        rule: "§5.2: votes from a majority of the servers, that is, of distinct servers.",
        next: "Does S1 count replies, or remember who voted?",
      }));
    },
  );

  it(
    "1.6d Votes of an earlier election do not count",
    { points: 2, servers: [3, 5], scripted: true },
    async (world, peers) => {
      const earlier = await peers.awaitCampaign();
      const later = await peers.awaitCampaign(NEXT_ELECTION_MAX);
      for (const voter of peers.ids) peers.tell(voter, grant(earlier));
      await world.runFor(2 * TIMING.answerWithin);

      world.check(peers.status.role !== "leader", () => ({
        sentence: `S1 leads term ${later} with votes that were given in term ${earlier}.`,
        rule: "§5.2: a candidate wins with votes from a majority for the same term.",
        next: "Is the term of a RequestVoteReply compared with currentTerm? Are old votes forgotten?",
      }));
    },
  );

  it(
    "1.6e Votes of two elections do not add up",
    { points: 2, servers: [4, 5], scripted: true },
    async (world, peers) => {
      const earlier = await peers.awaitCampaign();
      peers.tell("S2", grant(earlier));
      const later = await peers.awaitCampaign(NEXT_ELECTION_MAX);
      peers.tell("S3", grant(later));
      await world.runFor(2 * TIMING.answerWithin);

      world.check(peers.status.role !== "leader", () => ({
        sentence: `S1 leads term ${later} of ${world.ids.length} servers with S2's vote of term ${earlier} and S3's of term ${later}.`,
        rule: "§5.2: a candidate wins with votes from a majority for the same term.",
        next: "When does a candidate forget the votes it was given?",
      }));
    },
  );

  it("1.6f A cluster of one elects itself", { points: 2, seeds: 10, servers: 1 }, async (world) => {
    await world.awaitLeader(world.ids, TIMING.electionTimeoutMax + TIMING.answerWithin);
  });
});

describe("Terms of every message", () => {
  it(
    "1.6g A server adopts a higher term from any message",
    { points: 2, seeds: 10, servers: 5, scripted: true },
    async (world, peers) => {
      const messages = [requestVote("S2", 3), refuse(5), heartbeatReply(7, false), heartbeat("S2", 9)];
      for (const message of messages) {
        peers.tell("S2", message);
        await world.runFor(TIMING.answerWithin);

        const { role, currentTerm } = peers.status;
        world.check(currentTerm === message.term && role === "follower", () => ({
          sentence: `After a ${message.type} of term ${message.term}, S1 is a ${role} of term ${currentTerm}; expected a follower of term ${message.term}.`,
          rule: ADOPT,
          next: `Is the term of a ${message.type} looked at before anything else?`,
        }));
      }
    },
  );

  it(
    "1.6h Messages of older terms change nothing",
    { points: 1, seeds: 10, servers: 5, scripted: true },
    async (world, peers) => {
      await peers.ask("S2", requestVote("S2", 8));
      for (const message of [
        requestVote("S3", 5),
        refuse(6),
        grant(6),
        heartbeat("S3", 7),
        heartbeatReply(7, true),
      ]) {
        peers.tell("S3", message);
        await world.runFor(TIMING.answerWithin);

        const { role, currentTerm, leader } = peers.status;
        world.check(role === "follower" && currentTerm === 8 && leader !== "S3", () => ({
          sentence: `S1, a follower of term 8, gets a ${message.type} of term ${message.term} and is a ${role} of term ${currentTerm}${leader === undefined ? "" : ` that follows ${leader}`}.`,
          rule: "§5.1: if a server receives a request with a stale term number, it rejects the request.",
          next: `What does S1 compare before it acts on a ${message.type}?`,
        }));
      }
    },
  );
});
