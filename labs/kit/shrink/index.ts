export { isSameFailure } from "./same-failure";
export { type ShrinkOptions, type Shrunk, shrink } from "./shrink";
export { wholePlay } from "./whole-play";
export { toldWhole } from "./whole-story";
