import { AppliesInOrder } from "./applies-in-order";
import { CommitIndexNeverGoesBack } from "./commit-index-never-goes-back";
import { DurableLog } from "./durable-log";
import { DurableTerm } from "./durable-term";
import { ElectionSafety } from "./election-safety";
import { FollowerVouches } from "./follower-vouches";
import { LeaderAppendOnly } from "./leader-append-only";
import { LeaderCompleteness } from "./leader-completeness";
import { LeaderHasVotes } from "./leader-has-votes";
import { LogMatching } from "./log-matching";
import { MessageShape } from "./message-shape";
import { NothingFromNowhere } from "./nothing-from-nowhere";
import { OneVotePerTerm } from "./one-vote-per-term";
import { OnlyCommitted } from "./only-committed";
import type { OracleMaker } from "./oracle";
import { StateMachineSafety } from "./state-machine-safety";
import { TermsNeverGoBack } from "./terms-never-go-back";
import { WithoutRepeats } from "./without-repeats";

/** What a leader says again and again tells these nothing. */
const LOG_ORACLES: readonly OracleMaker[] = [
  (scene) => new DurableTerm(scene),
  (scene) => new FollowerVouches(scene),
  (scene) => new DurableLog(scene),
  (scene) => new LeaderAppendOnly(scene),
  (scene) => new NothingFromNowhere(scene),
  (scene) => new LogMatching(scene),
  (scene) => new AppliesInOrder(scene),
  (scene) => new OnlyCommitted(scene),
  (scene) => new LeaderCompleteness(scene),
  (scene) => new StateMachineSafety(scene),
  (scene) => new CommitIndexNeverGoesBack(scene),
];

/**
 * The oracles that watch every run, in the order in which they are asked: the first of them that finds something tells
 * the story. Who is nearer to the cause comes first.
 */
export const ORACLES: readonly OracleMaker[] = [
  (scene) => new MessageShape(scene),
  (scene) => new TermsNeverGoBack(scene),
  (scene) => new OneVotePerTerm(scene),
  (scene) => new LeaderHasVotes(scene),
  (scene) => new ElectionSafety(scene),
  (scene) => new WithoutRepeats(scene, LOG_ORACLES),
];

export type { Finding, Oracle, OracleMaker, Passage, Scene } from "./oracle";
