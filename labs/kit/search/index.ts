export type { Attempt, Branches, Outcome } from "./branches";
export type { SearchBudget } from "./budget";
export { Exploration, type Task } from "./explore";
export type { Root, SearchOptions, SearchResult } from "./options";
export { HiddenState } from "./space";
export type { StateView, StepView } from "./view";
