export { RunFileProblem } from "./data-reader";
export { type Happening, type Move, nodeOf } from "./move";
export {
  type Play,
  RUN_FILE_BYTES_MAX,
  RUN_FILE_FORMAT,
  RUN_FILE_VERSION,
  type RunEvent,
  type RunFile,
  type RunResult,
  readRunFile,
} from "./run-file";
export { type RecordedMove, scheduleOf } from "./schedule-of";
export { type ScheduledOptions, ScheduledWorld } from "./scheduled-world";
