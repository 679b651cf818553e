import { type Term, TIMING } from "../../../labs/kit";

/** A handler is stopped after 0, 1, 2, … effects, up to so many. */
export const EFFECTS_MAX = 7;

/** Time in which S1 answers, and the answer arrives. */
export const ANSWERED = TIMING.answerWithin + 3;

/** Terms of one round of a test lie above those of the round before by so much. */
export const ROUND: Term = 10;

export function laterWords(effects: number): string {
  return `${effects} ${effects === 1 ? "effect" : "effects"} later`;
}
