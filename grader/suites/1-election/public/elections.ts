import { requestVote, type Term, TIMING } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { NEXT_ELECTION_MAX } from "../rules";

describe("Standing for election", () => {
  it(
    "1.5a A server that hears from nobody asks everyone for votes",
    { points: 2, servers: [2, 3, 5, 7], scripted: true },
    async (world, peers) => {
      const term = await peers.awaitCampaign();

      const [first] = peers.heard;
      world.check(
        first.sentAt >= TIMING.electionTimeoutMin &&
          first.sentAt <= TIMING.electionTimeoutMax + TIMING.answerWithin,
        () => ({
          sentence: `S1 acts for the first time after ${first.sentAt} ms; expected ${TIMING.electionTimeoutMin} to ${TIMING.electionTimeoutMax} ms.`,
          rule: "The handout, timing.",
          next: "From which range is the election timeout drawn?",
          wrong: first.record,
        }),
      );
      const { role, currentTerm } = peers.status;
      world.check(role === "candidate" && term === 1 && currentTerm === 1, () => ({
        sentence: `S1 stood for election for the first time, in term ${term}, and is a ${role} of term ${currentTerm}; expected a candidate of term 1.`,
        rule: "Figure 2, Candidates: on conversion to candidate, increment currentTerm.",
        next: "By how much does currentTerm grow, and when?",
      }));
    },
  );

  it(
    "1.5c Every election has a new term and a newly drawn timeout",
    { points: 2, servers: 3, scripted: true },
    async (world, peers) => {
      const starts: { readonly term: Term; readonly at: number; readonly record: number }[] = [];
      for (let round = 0; round < 8; round++) {
        const term = await peers.awaitCampaign(NEXT_ELECTION_MAX);
        const [first] = peers
          .all("RequestVote")
          .filter(({ message }) => message.term === term)
          .sort((a, b) => a.sentAt - b.sentAt);
        starts.push({ term, at: first.sentAt, record: first.record });
      }
      const waits = starts.slice(1).map(({ at }, i) => at - starts[i].at);
      const tooShort = waits.find((wait) => wait < TIMING.electionTimeoutMin - TIMING.answerWithin);
      world.check(tooShort === undefined, () => ({
        sentence: `S1 waited only ${tooShort} ms from one election to the next; expected at least ${TIMING.electionTimeoutMin} ms.`,
        rule: "The handout, timing; Figure 2, Candidates: on starting an election, reset election timer.",
        next: "What does startElection do to the election timer?",
        wrong: tooShort === undefined ? undefined : starts[waits.indexOf(tooShort) + 1].record,
      }));
      world.check(new Set(waits.map((wait) => Math.round(wait))).size > 1, () => ({
        sentence: `S1 waits ${Math.round(waits[0])} ms before each of its elections: servers that collide once collide for ever.`,
        rule: "§5.2: each candidate restarts its randomized election timeout at the start of an election.",
        next: "Is each timeout drawn anew?",
      }));
    },
  );

  it(
    "1.5d A candidate keeps its own vote",
    { points: 2, servers: 5, scripted: true },
    async (world, peers) => {
      const term = await peers.awaitCampaign();
      for (const rival of peers.ids) {
        const reply = await peers.ask(rival, requestVote(rival, term));
        world.check(reply.voteGranted === false, () => ({
          sentence: `S1 stands in term ${term}, which is a vote for itself, and votes for ${rival} too.`,
          rule: "Figure 2, Candidates: on conversion to candidate, vote for self.",
          next: "What is votedFor after startElection?",
        }));
      }
    },
  );
});
