export type { WalkBudget } from "./budget";
export type { WalkOptions } from "./options";
export type { Chooser, Plan, Possible, Strategy, StrategyMaker } from "./strategy";
export { UniformChooser, uniform } from "./uniform";
export { walkRandomly } from "./walk-randomly";
