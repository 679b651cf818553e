export type { WalkBudget } from "./budget";
export type { WalkOptions } from "./options";
export type { Strategy, StrategyMaker } from "./strategy";
export { uniform } from "./uniform";
export { walkRandomly } from "./walk-randomly";
