/** Words for tests beyond those of {@link World}: scripted peers, and plans of faults. */
export { agree, mustApply } from "./agreement";
export { mustSurvive, type Stage } from "./explore";
export { forEachSeed } from "./for-each-seed";
export { HistoryTooHard, historyOf, mustBeLinearizable } from "./linearizable";
export {
  appendEntries,
  appendReply,
  entriesOfTerms,
  grant,
  heartbeat,
  heartbeatReply,
  lastOf,
  type Position,
  refuse,
  requestVote,
  START,
} from "./messages";
export { narrowest, type Pause, pauses, widest } from "./pauses";
export { Proposer } from "./proposer";
export { restart, sending, stopAfterSending, wroteBefore } from "./restarts";
export { ScriptedLog } from "./scripted-log";
export { type Heard, ScriptedPeers } from "./scripted-peers";
export {
  FAULTS_WITH_DISK,
  FAULTS_WITHOUT_DISK,
  type FaultKind,
  type PlannedFault,
  planSwarm,
  playSwarm,
  type SwarmPlan,
} from "./swarm";
export { turnOf } from "./turns";
export { Workload, type WorkloadOptions } from "./workload";
