import { ElectionSafety } from "./election-safety";
import { LeaderHasVotes } from "./leader-has-votes";
import { MessageShape } from "./message-shape";
import { OneVotePerTerm } from "./one-vote-per-term";
import type { OracleMaker } from "./oracle";
import { TermsNeverGoBack } from "./terms-never-go-back";

/** The oracles that watch every run from lab 1 on. */
export const ELECTION_ORACLES: readonly OracleMaker[] = [
  (scene) => new MessageShape(scene),
  (scene) => new TermsNeverGoBack(scene),
  (scene) => new OneVotePerTerm(scene),
  (scene) => new LeaderHasVotes(scene),
  (scene) => new ElectionSafety(scene),
];

export type { Finding, Oracle, OracleMaker, Passage, Scene } from "./oracle";
