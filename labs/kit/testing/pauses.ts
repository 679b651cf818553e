import type { Millis } from "../contract";
import type { Heard } from "./scripted-peers";

/** The time between two messages, and the one that ended it: undefined if that is the end of the run. */
export interface Pause {
  readonly wait: Millis;
  readonly end: Heard | undefined;
}

/** The longest time without one of some messages, until now. */
export function widest(heard: readonly Heard[], now: Millis): Pause {
  const last: Pause = { wait: now - (heard.at(-1)?.sentAt ?? now), end: undefined };
  return [...pauses(heard), last].reduce((widest, pause) => (pause.wait > widest.wait ? pause : widest));
}

/** The shortest time between two of some messages; of fewer than two, an endless one. */
export function narrowest(heard: readonly Heard[]): Pause {
  const none: Pause = { wait: Number.POSITIVE_INFINITY, end: undefined };
  return pauses(heard).reduce((narrowest, pause) => (pause.wait < narrowest.wait ? pause : narrowest), none);
}

/** The times between each of some messages and the one before. */
export function pauses(heard: readonly Heard[]): readonly Pause[] {
  return heard.slice(1).map((end, i) => ({ wait: end.sentAt - heard[i].sentAt, end }));
}
