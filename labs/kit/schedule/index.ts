export { type Happening, type Move, nodeOf } from "./move";
export { type RecordedMove, scheduleOf } from "./schedule-of";
export { type ScheduledOptions, ScheduledWorld } from "./scheduled-world";
