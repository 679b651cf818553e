export { type Outcome, replay } from "./replay";
export { runFileOf } from "./run-file-of";
export { outcomeText } from "./words";
