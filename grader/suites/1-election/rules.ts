import { TIMING } from "../../../labs/kit";

/** The rule for all servers, which several groups of tests are about. */
export const ADOPT =
  "Figure 2, All Servers: if a request or response contains a term greater than currentTerm, adopt it and become a follower.";

/** The rule by which a vote is given. */
export const GRANT =
  "Figure 2, RequestVote receiver, step 2: if votedFor is null or candidateId, grant vote.";

/** From one election to the next of a server that nobody answers. A pre-vote may come in between. */
export const NEXT_ELECTION_MAX = TIMING.electionTimeoutMax + 5 * TIMING.answerWithin;

/** The tests that a cluster cannot do without. */
export const LEADING = ["1.7a"];
