/** Checks whether what clients saw can be explained by one order of their operations, and tells why not. */
export { type Bounds, DEFAULT_BOUNDS } from "./bounds";
export { check, type Illegal, type Verdict } from "./check";
export { type Completion, type History, type HistoryItem, HistoryRecorder, type Moment } from "./history";
export { checkKv, KV_MODEL, type KvHistory, type KvIllegal, type KvItem, type KvVerdict } from "./kv";
export { IMPOSSIBLE, type Interval, type Machine, type Model, NEVER, type Outlook } from "./model";
export { type KvStory, kvStory, kvStoryText } from "./story/kv-story";
export type { Mark } from "./story/timeline-axis";
export { type FigureOptions, timelineFigure } from "./story/timeline-figure";
