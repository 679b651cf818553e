import { heartbeatReply, requestVote, TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { ADOPT } from "../rules";

describe("Leading", () => {
  it(
    "1.7c A leader does not flood its followers",
    { points: 2, servers: [3, 5], scripted: true },
    async (world, peers) => {
      await peers.elect();
      const already = peers.heard.length;
      await world.runFor(2_000);

      const sent = peers.heard.slice(already);
      const most = (2_000 / TIMING.heartbeatIntervalMin + 4) * peers.ids.length;
      world.check(sent.length <= most, () => ({
        sentence: `An idle leader of ${world.ids.length} servers sent ${sent.length} messages in 2 s; expected at most ${most}: one to each peer every ${TIMING.heartbeatIntervalMin} ms.`,
        rule: "The handout, timing.",
        next: "How often does the heartbeat timer run out, and does any handler send heartbeats besides?",
      }));
    },
  );

  it(
    "1.7d A leader steps down for a higher term in a reply, and waits for a leader again",
    { points: 2, servers: [3, 5], scripted: true },
    async (world, peers) => {
      const term = await peers.elect();
      peers.tell("S3", heartbeatReply(term + 2, false));
      await world.runFor(TIMING.answerWithin);

      const { role, currentTerm } = peers.status;
      world.check(role === "follower" && currentTerm === term + 2, () => ({
        sentence: `S1 led term ${term}, a heartbeat was refused with term ${term + 2}, and it is now a ${role} of term ${currentTerm}.`,
        rule: ADOPT,
        next: "What does a leader do with the term of an AppendEntriesReply?",
      }));
      const stoppedAt = world.now;
      await world.runFor(TIMING.electionTimeoutMin - 2 * TIMING.answerWithin);
      const late = peers.all("AppendEntries").filter(({ sentAt }) => sentAt > stoppedAt);
      world.check(late.length === 0, () => ({
        sentence: `S1 stepped down and goes on sending AppendEntries (term ${late[0].message.term}).`,
        rule: "§5.1: a leader that discovers that its term is out of date immediately reverts to follower state.",
        next: "Who stops the heartbeat timer?",
        wrong: late[0].record,
      }));
      await peers.awaitCampaign();
    },
  );

  it(
    "1.7e A leader that hears from nobody steps down for a higher term in a request",
    { points: 2, servers: [3, 5], scripted: true },
    async (world, peers) => {
      await peers.elect();
      peers.answersHeartbeats = false;
      await world.runFor(3 * TIMING.electionTimeoutMax);
      const term = peers.status.currentTerm + 10;
      const reply = await peers.ask("S2", requestVote("S2", term));

      world.check(
        reply.term === term && reply.voteGranted === true && peers.status.currentTerm === term,
        () => ({
          sentence: `S1 gets a RequestVote of term ${term}, answers with term ${reply.term}, ${reply.voteGranted ? "granted" : "refused"}, and is in term ${peers.status.currentTerm}; expected term ${term}, granted.`,
          rule: ADOPT,
          next: "Does a leader or candidate look at the term of a RequestVote before it refuses?",
        }),
      );
    },
  );
});
