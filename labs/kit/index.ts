/** The simulated world, for tests, graders and tools. A student's own file imports only `kit/contract`. */
export * from "./contract";
export { type ClientClass, LocalHost, type ServerClass } from "./host/local-host";
export type { AnyMessage, Effect, Host, Reaction, Stimulus, Trouble } from "./host/reaction";
export { type Finding, ORACLES, type Oracle, type OracleMaker, type Passage } from "./oracles";
export { Draws, keyOf } from "./random/keyed";
export * from "./replay";
export * from "./schedule";
export type { StateView, StepView } from "./search";
export * from "./shrink";
export {
  type DivergenceStory,
  divergenceStory,
  divergenceText,
  type ToldCourse,
} from "./story/divergence-words";
export type { StoryLine } from "./story/excerpt";
export { Failure, type FailureKind, prematureStory, type Story, storyText } from "./story/failure";
export { type Reason, reasonKey, reasonsOf, type ToldFailure } from "./story/groups";
export { runText } from "./story/run-text";
export type { Disappointment } from "./story/story-teller";
export type { Question } from "./story/why/question";
export * from "./testing";
export { type Course, type Difference, type Divergence, firstDivergence } from "./trace/divergence";
export type { Invocation, Proposal } from "./trace/requests";
export { KIND, Trace } from "./trace/trace";
export * from "./walks";
export { BUDGET, type Budget } from "./world/budget";
export { type Conditions, NETWORKS, type NetworkName } from "./world/conditions";
export { type Driver, driveAtOnce } from "./world/driver";
export { namesOfNodes, World, type WorldOptions } from "./world/world";
