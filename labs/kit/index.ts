/** The simulated world, for tests, graders and tools. A student's own file imports only `kit/contract`. */
export * from "./contract";
export { type ClientClass, LocalHost, type ServerClass } from "./host/local-host";
export type { AnyMessage, Effect, Host, Reaction, Stimulus, Trouble } from "./host/reaction";
export { type Finding, ORACLES, type Oracle, type OracleMaker, type Passage } from "./oracles";
export { Draws, keyOf } from "./random/keyed";
export * from "./schedule";
export type { StoryLine } from "./story/excerpt";
export { Failure, type FailureKind, prematureStory, type Story, storyText } from "./story/failure";
export { runText } from "./story/run-text";
export * from "./testing";
export type { Invocation, Proposal } from "./trace/requests";
export { KIND, Trace } from "./trace/trace";
export { BUDGET, type Budget } from "./world/budget";
export { type Conditions, NETWORKS, type NetworkName } from "./world/conditions";
export { type Driver, driveAtOnce } from "./world/driver";
export { namesOfNodes, World, type WorldOptions } from "./world/world";
