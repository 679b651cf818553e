import {
  grant,
  heartbeat,
  KIND,
  type NodeId,
  refuse,
  requestVote,
  type ScriptedPeers,
  TIMING,
  type World,
} from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { ADOPT, NEXT_ELECTION_MAX } from "../rules";

/** Fails unless S1 stands for election although it keeps getting messages that must not hold it back. */
async function mustStandDespite(
  world: World,
  peers: ScriptedPeers,
  disturb: () => void,
  what: string,
  rule: string,
): Promise<void> {
  const since = world.now;
  const repeat = () => {
    disturb();
    world.after(50, repeat);
  };
  repeat();
  await world.runUntil(
    () => peers.all("RequestVote").length > 0,
    2 * NEXT_ELECTION_MAX,
    () => ({
      sentence: `${what} every 50 ms, and so S1 has not stood for election for ${Math.round(world.now - since)} ms.`,
      rule,
      next: "Which messages restart the election timer?",
    }),
  );
}

describe("Standing for election", () => {
  it(
    "1.5b A candidate describes its empty log by zeros",
    { points: 1, seeds: 10, servers: 3, scripted: true },
    async (world, peers) => {
      peers.tell("S2", requestVote("S2", 7));
      await peers.awaitCampaign();
      for (const { message, record } of peers.all("RequestVote")) {
        const { lastLogIndex, lastLogTerm } = message;
        world.check(lastLogIndex === 0 && lastLogTerm === 0, () => ({
          sentence: `S1's log is empty, but its RequestVote of term ${message.term} says lastLogIndex ${lastLogIndex}, lastLogTerm ${lastLogTerm}.`,
          rule: "Figure 2, RequestVote arguments: lastLogTerm is the term of the candidate's last log entry, not its currentTerm.",
          next: "Where does lastLogTerm come from?",
          wrong: record,
        }));
      }
    },
  );

  it(
    "1.5e Refused candidates do not put an election off",
    { points: 2, servers: 5, scripted: true },
    async (world, peers) => {
      await peers.ask("S2", requestVote("S2", 3));
      const disturb = () => {
        const rival: NodeId = world.draws.pick(["S3", "S4"]);
        peers.tell(rival, requestVote(rival, rival === "S3" ? 3 : 2));
      };
      await mustStandDespite(
        world,
        peers,
        disturb,
        "Candidates that S1 refuses ask for its vote",
        "Figure 2, Followers: only AppendEntries from the current leader and granting a vote put an election off.",
      );
    },
  );

  it(
    "1.5f A deposed leader's heartbeats do not put an election off",
    { points: 2, servers: 5, scripted: true },
    async (world, peers) => {
      await peers.ask("S2", requestVote("S2", 6));
      await mustStandDespite(
        world,
        peers,
        () => peers.tell("S3", heartbeat("S3", 4)),
        "The deposed leader of term 4 sends heartbeats to S1, in term 6,",
        "Figure 2, Followers: only AppendEntries from the current leader and granting a vote put an election off.",
      );
    },
  );

  it(
    "1.5g A candidate gives up when its term has a leader",
    { points: 2, servers: 5, scripted: true },
    async (world, peers) => {
      const term = await peers.awaitCampaign();
      const reply = await peers.ask("S4", heartbeat("S4", term));
      for (const voter of ["S2", "S3", "S5"]) peers.tell(voter, grant(term));
      await world.runFor(TIMING.answerWithin);

      const { role, currentTerm } = peers.status;
      world.check(reply.success === true && role === "follower" && currentTerm === term, () => ({
        sentence: `S1 stood in term ${term}, S4 leads it and sends a heartbeat: S1 answers ${reply.success ? "ok" : "refused"} and is a ${role} of term ${currentTerm}.`,
        rule: "Figure 2, Candidates: if AppendEntries received from new leader: convert to follower.",
        next: "What does a candidate do with an AppendEntries of its own term?",
      }));
    },
  );

  it(
    "1.5h A vote stays given when the election timer runs out",
    { points: 2, servers: 5, scripted: true },
    async (world, peers) => {
      peers.answersPreVotes = false;
      await peers.ask("S2", requestVote("S2", 5));
      const already = peers.heard.length;
      await world.runUntil(
        () => peers.heard.length > already,
        NEXT_ELECTION_MAX,
        () => ({ sentence: "S1 did not stand for election.", next: "Is the election timer running?" }),
      );
      const reply = await peers.ask("S3", requestVote("S3", 5));

      world.check(reply.voteGranted === false, () => ({
        sentence:
          "S1 gave its vote of term 5 to S2, its election timer ran out, and then it gave its vote of term 5 to S3 as well.",
        rule: "§5.2: each server will vote for at most one candidate in a given term.",
        next: "What is done to votedFor before currentTerm has grown?",
      }));
    },
  );

  it(
    "1.5i For designs with pre-votes: granting one puts no election off",
    { points: 1, servers: 5, scripted: true },
    async (world, peers) => {
      await peers.awaitCampaign();
      if (peers.all("PreVote").length === 0) return; // this design has none
      const already = peers.all("RequestVote").length;
      const term = peers.status.currentTerm;
      peers.tell("S2", requestVote("S2", term + 1));
      const preVote = () =>
        peers.tell("S2", { ...requestVote("S2", peers.status.currentTerm + 1), type: "PreVote" });
      const repeat = () => {
        preVote();
        world.after(50, repeat);
      };
      repeat();
      await world.runUntil(
        () =>
          peers
            .all("RequestVote")
            .slice(already)
            .some(({ message }) => (message.term ?? 0) > term + 1),
        2 * NEXT_ELECTION_MAX,
        () => ({
          sentence: "S2 asks S1 for pre-votes every 50 ms, and so S1 never stands for election.",
          rule: "Ongaro's dissertation §9.6: a pre-vote changes nothing at the server that grants it.",
          next: "Does granting a PreVote restart the election timer?",
        }),
      );
    },
  );

  it(
    "1.5j A candidate steps down for a higher term in a reply",
    { points: 2, servers: 5, scripted: true },
    async (world, peers) => {
      const term = await peers.awaitCampaign();
      peers.tell("S2", refuse(term + 3));
      await world.runFor(TIMING.answerWithin);

      const { role, currentTerm } = peers.status;
      world.check(role === "follower" && currentTerm === term + 3, () => ({
        sentence: `S1 stood in term ${term}, was refused with term ${term + 3}, and is now a ${role} of term ${currentTerm}.`,
        rule: ADOPT,
        next: "Is the term of replies looked at too?",
      }));
    },
  );

  it("1.5k Servers that start together do not all time out together", {
    points: 1,
    seeds: 10,
    servers: 5,
  }, async (world) => {
    world.faults.isolate(...world.ids);
    await world.runFor(TIMING.electionTimeoutMax + TIMING.answerWithin);

    const { trace } = world;
    const firstSends = world.ids.map((_, node) => {
      for (let i = 0; i < trace.length; i++)
        if (trace.kindOf(i) === KIND.send && trace.nodeOf(i) === node) return trace.timeOf(i);
      return Number.NaN;
    });
    world.check(new Set(firstSends).size > 1, () => ({
      sentence: `${Number.isNaN(firstSends[0]) ? `None of five servers that hear nobody acts within ${TIMING.electionTimeoutMax} ms.` : `All five servers act for the first time at ${firstSends[0]} ms: each would vote for itself, again and again.`}`,
      rule: "§5.2: election timeouts are chosen randomly from a fixed interval, so that split votes are rare.",
      next: "Is the timeout drawn with env.random()?",
    }));
  });
});
