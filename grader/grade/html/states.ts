import { MARKS } from "../../labgrader/reporters/pretty";
import { countStates, type TestState, type TestVerdict } from "../../labgrader/result";
import { NOT_HANDED_IN } from "../class-result";
import { type Html, html, nothing } from "./html";

/** What a state is called in a report. */
export const STATE_WORDS: Readonly<Record<TestState, string>> = {
  passed: "passed",
  failed: "failed",
  "not-written": "not written",
  "not-run": "not run",
  error: "grader error",
};

/** The states in the order in which counts name them: what needs a look comes first. */
export const STATES: readonly TestState[] = ["error", "failed", "not-written", "not-run", "passed"];

/** Tests with a story of their own; the others are told in a line. */
export function hasStory({ state, isWithheld }: TestVerdict): boolean {
  return isWithheld !== true && (state === "failed" || state === "error");
}

/** A state's mark on its colour. The words for it stand beside it, so it is not read out. */
export function mark(state: TestState): Html {
  return html`<span class="mark ${state}" aria-hidden="true">${MARKS[state]}</span>`;
}

/** The mark of a lab that a student has not handed in: no state of a test. */
export const NOT_HANDED_IN_MARK = html`<span class="mark not-handed-in" aria-hidden="true">${NOT_HANDED_IN}</span>`;

/** "3 failed, 47 passed" */
export function countWords(tests: readonly TestVerdict[]): string {
  const counts = countStates(tests);
  return STATES.filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${STATE_WORDS[state]}`)
    .join(", ");
}

/** A bar for a share of a whole. A picture, because the page's policy allows no style attributes. */
export function bar(part: number, whole: number, kind: "good" | "bad" = "good"): Html {
  const percent = whole > 0 ? Math.min(100, Math.max(0, (100 * part) / whole)) : 0;
  return html`<svg class="bar ${kind}" aria-hidden="true"><rect class="whole" width="100%" height="100%"/><rect class="part" width="${percent.toFixed(1)}%" height="100%"/></svg>`;
}

/** What a bar shows of each state; what was not run stays empty. */
const SHARES: readonly TestState[] = ["passed", "failed", "not-written", "error"];

/** A bar with the share of each state, by the points that the tests are worth. */
export function stateBar(tests: readonly TestVerdict[]): Html {
  const whole = tests.reduce((sum, { maxPoints }) => sum + maxPoints, 0);
  let start = 0;
  const parts = SHARES.map((state) => {
    const worth = tests.reduce((sum, test) => sum + (test.state === state ? test.maxPoints : 0), 0);
    const percent = whole > 0 ? (100 * worth) / whole : 0;
    const part = html`<rect class="${state}" x="${start.toFixed(1)}%" width="${percent.toFixed(1)}%" height="100%"/>`;
    start += percent;
    return percent > 0 ? part : nothing;
  });
  return html`<svg class="bar states" aria-hidden="true"><rect class="whole" width="100%" height="100%"/>${parts}</svg>`;
}
