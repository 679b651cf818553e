export { isSameFailure } from "./same-failure";
export { type ShrinkOptions, type Shrunk, shrink } from "./shrink";
export { toldWhole } from "./whole-story";
