import type { FailureKind } from "../../labs/kit";
import { DIFFERENCE } from "../labgrader/reporters/determinism-words";
import type { TestFailure } from "../labgrader/result";

/** The properties that the kit watches over, by the names that begin their stories. */
export const PROPERTIES = [
  "Election Safety",
  "One vote per term",
  "A leader has a majority's votes",
  "Terms never go back",
  "Messages as in Figure 2",
  "Messages as in the contract",
  "Leader Append-Only",
  "Log Matching",
  "Leader Completeness",
  "State Machine Safety",
  "Entries are applied in order, each once",
  "Only what is committed is applied",
  "commitIndex never goes back",
  "Nothing comes from nowhere",
  "A follower vouches only for what it has seen",
  "What is acknowledged stays until a later leader overwrites it",
  "Promises outlive a restart",
  "Linearizability",
] as const;

const KIND_WORDS: Readonly<Record<FailureKind, string>> = {
  "not-written": "a stub of the skeleton was reached",
  violation: "a property of Raft was broken",
  expectation: "what the test expects did not come about",
  contract: "the contract between server and world was broken",
  threw: "the program threw an error",
  budget: "the program used up what a run may use: events, calls, bytes or steps",
};

/** How the contract words a handler without an end: worth a phrase of its own. */
const NO_END = "expected a handler that comes to its end";
const NOT_RETURNED = "a handler did not return";

/** What stands in the text of a test without a story, and what that comes to. */
const STOPPED_WORDS: readonly (readonly [RegExp, string])[] = [
  [/ does not return\./, NOT_RETURNED],
  [/^The program ended /, "the program ended in the middle of the test"],
  [/^This test computed /, "the program computed for too long"],
  [/^Not run: /, "not run, because earlier tests had to be stopped"],
  [DIFFERENCE, "the same seed gave two different runs"],
];

/**
 * What sort of failure it is, as one of a fixed list of phrases. A submission can choose among them by how it fails,
 * but no word of its own gets into them.
 */
export function failureWords({ story, text }: TestFailure): string {
  if (story === undefined) {
    const known = STOPPED_WORDS.find(([pattern]) => pattern.test(text));
    return known?.[1] ?? "no result";
  }
  const { kind, headline } = story;
  const broken = kind === "violation" && PROPERTIES.find((property) => headline.startsWith(property));
  if (broken) return `this property was broken: ${broken}`;
  if (kind === "contract" && headline.includes(NO_END)) return NOT_RETURNED;
  return Object.hasOwn(KIND_WORDS, kind) ? KIND_WORDS[kind] : "failed";
}
