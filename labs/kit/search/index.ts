export type { Attempt, Branches, Outcome } from "./branches";
export type { SearchBudget } from "./budget";
export { Exploration, type Task } from "./explore";
export type { Root, SearchOptions, SearchResult } from "./search";
export type { StateView, StepView } from "./view";
