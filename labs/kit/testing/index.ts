/** Words for tests beyond those of {@link World}: scripted peers, and plans of faults. */
export { forEachSeed } from "./for-each-seed";
export { grant, heartbeat, heartbeatReply, refuse, requestVote } from "./messages";
export { type Heard, ScriptedPeers } from "./scripted-peers";
export { type FaultKind, type PlannedFault, planSwarm, playSwarm, type SwarmPlan } from "./swarm";
